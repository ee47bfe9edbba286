import { expect, test } from 'vitest'
import { promlint } from '../support/promlint.ts'

/** Texts and what promtool 2.42 says of them. */
test.each([
  { type: 'gauge', sample: 'rows', fault: null },
  { type: 'counter', sample: 'rows_total', fault: null },
  { type: 'counter', sample: 'rows', fault: 'counter metrics should have "_total" suffix' },
  {
    type: 'gauge',
    sample: 'handles_total',
    fault: 'non-counter metrics should not have "_total" suffix',
  },
  {
    type: 'gauge',
    sample: 'wait_milliseconds',
    fault: 'use base unit "seconds" instead of "milliseconds"',
  },
  { type: 'gauge', sample: 'wait_ms', fault: 'metric names should not contain abbreviated units' },
  {
    type: 'gauge',
    sample: 'rows_bucket',
    fault: 'non-histogram metrics should not have "_bucket" suffix',
  },
  {
    type: 'gauge',
    sample: 'rows_count',
    fault: 'non-histogram and non-summary metrics should not have "_count" suffix',
  },
  {
    type: 'gauge',
    sample: 'rows{le="1"}',
    fault: 'non-histogram metrics should not have "le" label',
  },
  {
    type: 'gauge',
    sample: 'rows{quantile="0.5"}',
    fault: 'non-summary metrics should not have "quantile" label',
  },
  { type: 'gauge', sample: 'rows_gauge', fault: "metric name should not include type 'gauge'" },
  { type: 'gauge', sample: 'rows:all', fault: "metric names should not contain ':'" },
  {
    type: 'gauge',
    sample: 'rowsAll',
    fault: "metric names should be written in 'snake_case' not 'camelCase'",
  },
  {
    type: 'gauge',
    sample: 'rows{queueName="a"}',
    fault: "label names should be written in 'snake_case' not 'camelCase'",
  },
])('a $type $sample: $fault', ({ type, sample, fault }) => {
  const name = sample.replace(/\{.*/, '')
  const text = `# HELP ${name} x\n# TYPE ${name} ${type}\n${sample} 1\n`
  expect(promlint(text)).toEqual(fault === null ? [] : [`${name} ${fault}`])
})

test('a histogram has buckets, a sum and a count', () => {
  const text =
    '# HELP wait_seconds x\n# TYPE wait_seconds histogram\nwait_seconds_bucket{le="1"} 1\nwait_seconds_sum 1\nwait_seconds_count 1\n'
  expect(promlint(text)).toEqual([])
})

test('a metric without help is named', () =>
  expect(promlint('# TYPE rows gauge\nrows 1\n')).toEqual(['rows no help text']))
