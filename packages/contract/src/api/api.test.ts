import { expect, test } from 'vitest'
import {
  acceptedSchema,
  liveQuery,
  liveSchema,
  parseParameters,
  periodsQuery,
  problemOf,
  problemSchema,
} from './index.ts'

test('parameters have their defaults, and slices may be given once or many times', () => {
  expect(parseParameters(liveQuery, {})).toEqual({
    ok: true,
    value: { slice: ['all'], window: '15m', lang: 'en' },
  })
  expect(
    parseParameters(liveQuery, { slice: ['all', 'queue=*'], kpis: 'response_time,backlog' }),
  ).toMatchObject({
    value: { slice: ['all', 'queue=*'], kpis: ['response_time', 'backlog'] },
  })
})

test('every parameter at fault is named in one 400', () => {
  const parsed = parseParameters(periodsQuery, {
    period: 'fortnight',
    from: '2026-02-30',
    to: '2026-03-01',
    limit: '1001',
    colour: 'red',
  })
  expect(parsed).toMatchObject({ ok: false, problem: { status: 400, code: 'bad-request' } })
  const paths = parsed.ok ? [] : parsed.problem.errors!.map((error) => error.path)
  expect(paths.sort()).toEqual(['colour', 'from', 'limit', 'period'])
})

test.each(['1m', '60m', 'today'])('a window may be %s', (window) =>
  expect(parseParameters(liveQuery, { window }).ok).toBe(true),
)
test.each(['0m', '61m', '15', '1h'])('a window may not be %s', (window) =>
  expect(parseParameters(liveQuery, { window }).ok).toBe(false),
)

test('the answers of docs are answers of the schemas', () => {
  const kpi = {
    value: 21_480,
    unit: 'ms',
    count: 42,
    sum: 902_160,
    p50: 15_100,
    target: { max: 30_000 },
    status: 'ok',
    definition: 'response_time@1',
  }
  const live = {
    tenant: 'acme',
    asOf: 't',
    stale: false,
    clock: null,
    window: { start: 't', end: 't' },
    rows: [{ slice: 'queue=billing', kpis: { response_time: kpi } }],
  }
  expect(liveSchema.parse(live)).toEqual(live)
  expect(acceptedSchema.safeParse({ accepted: 2, refused: 1, refusals: [] }).success).toBe(true)
})

test('a problem has its status and title from the catalogue', () => {
  const problem = problemOf('overloaded', 'wait')
  expect(problem).toEqual({
    type: 'urn:deskpulse:problem:overloaded',
    title: expect.any(String),
    status: 429,
    detail: 'wait',
    code: 'overloaded',
  })
  expect(problemSchema.safeParse(problem).success).toBe(true)
})
