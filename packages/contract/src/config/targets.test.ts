import { expect, test } from 'vitest'
import { parseConfig } from './index.ts'

function errorsOf(target: object, slices: object = {}) {
  const parsed = parseConfig({ tenants: { acme: { targets: [target], slices } } })
  return parsed.ok ? [] : parsed.errors
}

test.each([
  {
    target: { kpi: 'respons_time', max: 1 },
    error: { path: 'kpi', expected: 'a KPI: did you mean response_time?', got: '"respons_time"', code: 'unknown-kpi' },
  },
  { target: { kpi: 'response_time', slice: 'queue', max: 1 }, error: { path: 'slice', expected: 'queue=value', got: '"queue"' } },
  {
    target: { kpi: 'response_time', slice: 'topic=refund', max: 1 },
    error: { path: 'slice', expected: 'a slice of dimensions that are kept apart: see slices', got: '"topic=refund"' },
  },
  { target: { kpi: 'response_time', min: 2, max: 1 }, error: { path: 'min', expected: 'at most max, 1', got: 'number 2' } },
  { target: { kpi: 'response_time' }, error: { path: '', expected: 'a target with min or max', got: 'object' } },
])('$error.path: $error.expected', ({ target, error }) => {
  const path = `tenants.acme.targets.0${error.path === '' ? '' : `.${error.path}`}`
  expect(errorsOf(target)).toEqual([{ ...error, path }])
})

test('a target may stand for a slice of dimensions that the tenant keeps, and for a KPI of its own thresholds', () => {
  expect(errorsOf({ kpi: 'response_time', slice: 'topic=refund', max: 1 }, { dimensions: ['topic'] })).toEqual([])
  const own = { thresholds: ['60s'], targets: [{ kpi: 'answered_within_60s_of_due', min: 0.8 }] }
  expect(parseConfig({ tenants: { acme: own } }).ok).toBe(true)
})
