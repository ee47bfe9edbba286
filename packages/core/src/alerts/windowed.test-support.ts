import type { WindowedRule } from './rule.ts'

/** Average response time above 30 s, recovered at 20 s, at once. */
export const windowedRule = (changed: Partial<WindowedRule> = {}): WindowedRule => ({
  name: 'response-time',
  enabled: true,
  severity: 'warning',
  escalation: null,
  labels: {},
  text: { en: '', zh: '' },
  hours: null,
  repeatMs: null,
  endpoints: null,
  kind: 'windowed',
  kpi: 'response_time',
  statistic: 'value',
  slice: 'all',
  window: '5m',
  comparison: 'above',
  threshold: 30_000,
  recovery: 20_000,
  minimumSample: 0,
  forMs: 0,
  keepFiringForMs: 0,
  noData: 'ok',
  ...changed,
})
