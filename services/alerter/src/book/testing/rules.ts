import type { AlertRule, PipelineRule, WindowedRule } from '@deskpulse/core/alerts'
import { minuteMs, secondMs } from '@deskpulse/core/time'

const common = {
  enabled: true,
  severity: 'warning',
  escalation: null,
  labels: {},
  hours: null,
  endpoints: null,
  repeatMs: null,
  text: { en: '{rule}: {subject} {value}', zh: '{rule}：{subject} {value}' },
} as const

export const waitingRule: AlertRule = {
  ...common,
  ...{
    name: 'customer-waiting',
    kind: 'deadline',
    subject: 'contact',
    limitMs: 30 * secondMs,
    warnAt: null,
    repeatMs: 10 * minuteMs,
  },
  ...{ waits: ['reply'], classes: ['live'], slice: 'all' },
}

export const pipelineRule: PipelineRule = {
  ...common,
  ...{
    name: 'pipeline-stalled',
    kind: 'deadline',
    subject: 'pipeline',
    limitMs: 30 * secondMs,
    severity: 'critical',
  },
}

export const slowRule: WindowedRule = {
  ...common,
  ...{
    name: 'response-time',
    kind: 'windowed',
    kpi: 'response_time',
    statistic: 'value',
    slice: 'queue=*',
    window: '5m',
  },
  ...{
    comparison: 'above',
    threshold: 30 * secondMs,
    recovery: 25 * secondMs,
    minimumSample: 1,
    forMs: 0,
    keepFiringForMs: 0,
    noData: 'ok',
  },
}
