import { describe, expect, test } from 'vitest'
import { parseConfig } from './index.ts'

function errorsOf(target: object, slices: object = {}) {
  const parsed = parseConfig({ tenants: { acme: { targets: [target], slices } } })
  return parsed.ok ? [] : parsed.errors
}

function targetsOf(...targets: readonly object[]) {
  const parsed = parseConfig({ tenants: { acme: { targets } } })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config.tenants['acme']!.config.targets
}

const aShare = 'a share from 0 to 1'
const aDuration = 'a duration such as 30s, or milliseconds'

test.each([
  {
    target: { kpi: 'respons_time', max: 1 },
    error: {
      path: 'kpi',
      expected: 'a KPI',
      got: '"respons_time"',
      hint: 'did you mean response_time?',
      code: 'unknown-kpi',
    },
  },
  {
    target: { kpi: 'response_time', slice: 'queue', max: 1 },
    error: { path: 'slice', expected: 'queue=value', got: '"queue"' },
  },
  {
    target: { kpi: 'response_time', slice: 'queue=*', max: 1 },
    error: {
      path: 'slice',
      expected: 'queue=value: a star is every value (one in a value is %2A)',
      got: '"queue=*"',
    },
  },
  {
    target: { kpi: 'response_time', slice: 'topic=refund', max: 1 },
    error: {
      path: 'slice',
      expected: 'a slice of dimensions that are kept apart: see slices',
      got: '"topic=refund"',
    },
  },
  {
    target: { kpi: 'response_time', min: 2, max: 1 },
    error: { path: 'min', expected: 'at most max, 1', got: 'number 2' },
  },
  {
    target: { kpi: 'response_time', min: '2s', max: 1_000 },
    error: { path: 'min', expected: 'at most max, 1000', got: '"2s"' },
  },
  {
    target: { kpi: 'response_time' },
    error: { path: '', expected: 'a target with min or max', got: 'object' },
  },
  {
    target: { kpi: 'fcr_gross', min: 70 },
    error: { path: 'min', expected: aShare, got: 'number 70', hint: '70 % is 0.7' },
  },
  {
    target: { kpi: 'fcr_gross', min: '70%' },
    error: { path: 'min', expected: aShare, got: '"70%"', hint: '70 % is 0.7' },
  },
  {
    target: { kpi: 'occupancy', max: 101 },
    error: { path: 'max', expected: aShare, got: 'number 101' },
  },
  {
    target: { kpi: 'occupancy', min: -0.1 },
    error: { path: 'min', expected: aShare, got: 'number -0.1' },
  },
  {
    target: { kpi: 'fcr_gross', min: '30s' },
    error: { path: 'min', expected: aShare, got: '"30s"' },
  },
  {
    target: { kpi: 'backlog', max: '30s' },
    error: { path: 'max', expected: 'a number', got: '"30s"' },
  },
  {
    target: { kpi: 'response_time', max: 'soon' },
    error: { path: 'max', expected: aDuration, got: '"soon"' },
  },
  {
    target: { kpi: 'response_time', max: -1 },
    error: { path: 'max', expected: aDuration, got: 'number -1' },
  },
])('$error.path: $error.expected, not $error.got', ({ target, error }) => {
  const path = `tenants.acme.targets.0${error.path === '' ? '' : `.${error.path}`}`
  expect(errorsOf(target)).toEqual([{ ...error, path }])
})

test('a target may stand for a slice of dimensions that the tenant keeps, and for a KPI of its own thresholds', () => {
  expect(
    errorsOf({ kpi: 'response_time', slice: 'topic=refund', max: 1 }, { dimensions: ['topic'] }),
  ).toEqual([])
  const own = { thresholds: ['60s'], targets: [{ kpi: 'answered_within_60s_of_due', min: 0.8 }] }
  expect(parseConfig({ tenants: { acme: own } }).ok).toBe(true)
})

describe('a target of a KPI of durations', () => {
  test('is a duration or milliseconds', () => {
    expect(
      targetsOf(
        { kpi: 'response_time', max: '30s' },
        { kpi: 'longest_wait', min: '0s', max: 1_500 },
      ),
    ).toEqual([
      { kpi: 'response_time', max: 30_000 },
      { kpi: 'longest_wait', min: 0, max: 1_500 },
    ])
  })
})
