import { describe, expect, test } from 'vitest'
import { parseBody, parseParameters } from '../index.ts'
import {
  alertPath,
  alertsPath,
  alertsQuery,
  deleteRuleQuery,
  dryRunBody,
  putRuleBody,
  silenceBody,
  silenceOf,
  typedAuthorOf,
} from './requests.ts'

const nowMs = Date.parse('2026-03-02T01:00:00Z')
const of = { id: 's-1', tenant: 'acme', author: 'Li' }

function problemOfBody(body: unknown) {
  const parsed = parseBody(putRuleBody, body)
  return parsed.ok ? [] : parsed.problem.errors
}

test('lists have their page, and their filters are checked', () => {
  expect(parseParameters(alertsQuery, {})).toEqual({ ok: true, value: { limit: 100 } })
  expect(parseParameters(alertsQuery, { status: 'open', limit: '0' })).toMatchObject({
    problem: {
      errors: [{ path: 'status', expected: 'pending | firing | resolved' }, { path: 'limit' }],
    },
  })
})

test('alerts of the installation are found under its own name', () => {
  expect(parseParameters(alertsPath, { tenant: '_installation' }).ok).toBe(true)
  expect(parseParameters(alertPath, { tenant: 'Acme', alertId: '1' })).toMatchObject({
    problem: { errors: [{ path: 'tenant' }, { path: 'alertId' }] },
  })
})

describe('a body', () => {
  test('is refused with a pointer to each member at fault', () => {
    expect(
      problemOfBody({ author: '', rule: { name: 'x', limit: 'long', text: { fr: 'x' } } }),
    ).toMatchObject([
      { path: '/author' },
      { path: '/rule/text/fr', got: 'unknown' },
      { path: '/rule/limit' },
    ])
  })

  test('says what a mistyped member may have meant', () => {
    expect(problemOfBody({ author: 'Li', rule: { name: 'x', treshold: 1 } })).toEqual([
      { path: '/rule/treshold', expected: 'a known name: did you mean threshold?', got: 'unknown' },
    ])
  })

  test('may be none at all, and that is said', () => {
    expect(problemOfBody(undefined)).toMatchObject([
      { path: '', expected: 'object', got: 'missing' },
    ])
  })

  test('of a rule may name the version that it changes, or that there is none', () => {
    const rule = { name: 'x' }
    expect(parseBody(putRuleBody, { author: 'Li', rule, version: null })).toMatchObject({
      ok: true,
      value: { version: null },
    })
    expect(parseParameters(deleteRuleQuery, { author: 'Li', version: 'v' })).toMatchObject({
      ok: true,
    })
    expect(
      parseBody(dryRunBody, { rule, from: '2026-03-01', to: '2026-03-02T00:00:00Z' }),
    ).toMatchObject({ ok: true })
    expect(parseBody(dryRunBody, { rule, from: 'yesterday' })).toMatchObject({
      problem: { errors: [{ path: '/from' }] },
    })
  })
})

describe('a silence', () => {
  const asked = { author: 'Li', comment: 'maintenance', matchers: [{ on: 'rule', value: 'fcr' }] }
  function silence(body: object) {
    const parsed = parseBody(silenceBody, { ...asked, ...body })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
    return silenceOf(parsed.value, of, nowMs)
  }

  test('begins now and lasts as long as it says', () => {
    const value = { ...of, ...asked, startsMs: nowMs, endsMs: nowMs + 7_200_000 }
    expect(silence({ duration: '2h' })).toEqual({ ok: true, value })
    expect(silence({ endsAt: '2026-03-02T04:00:00+01:00' })).toEqual({ ok: true, value })
  })

  test('may begin later', () => {
    expect(silence({ startsAt: '2026-03-03T00:00:00Z', duration: '1h' })).toMatchObject({
      value: { startsMs: nowMs + 82_800_000, endsMs: nowMs + 86_400_000 },
    })
  })

  test.each([
    { body: {}, expected: 'endsAt or duration, one of them' },
    {
      body: { endsAt: '2026-03-03T00:00:00Z', duration: '1h' },
      expected: 'endsAt or duration, one of them',
    },
    { body: { endsAt: '2026-03-02T00:59:59Z' }, expected: 'a time after startsAt and after now' },
    {
      body: { startsAt: '2026-03-04T00:00:00Z', endsAt: '2026-03-03T00:00:00Z' },
      expected: 'a time after startsAt and after now',
    },
  ])('is refused: $expected', ({ body, expected }) => {
    expect(silence(body)).toMatchObject({
      ok: false,
      problem: { code: 'bad-request', errors: [{ path: '/endsAt', expected }] },
    })
  })

  test('does not end on a day that there is not', () => {
    const parsed = parseBody(silenceBody, { ...asked, endsAt: '2026-02-30T00:00:00Z' })
    expect(parsed).toMatchObject({
      problem: {
        errors: [{ path: '/endsAt', expected: 'an RFC 3339 time with seconds and offset' }],
      },
    })
  })

  test('matches by members that alerts have', () => {
    const matchers = [{ on: 'colour', value: 'red' }]
    expect(parseBody(silenceBody, { ...asked, matchers, duration: '1h' })).toMatchObject({
      problem: {
        errors: [
          {
            path: '/matchers/0/on',
            expected: 'rule | subject | slice | severity | kind | contact | agent | label',
            got: 'colour',
          },
        ],
      },
    })
  })
})

describe('the author of a change', () => {
  test('is taken as it was typed', () =>
    expect(typedAuthorOf('body', 'Li')).toEqual({ ok: true, value: { author: 'Li' } }))

  test.each([
    { of: 'body', path: '/author' },
    { of: 'query', path: 'author' },
  ] as const)('that nobody gives is missing in the $of', ({ of, path }) => {
    const detail = `not what it must be: ${path}`
    expect(typedAuthorOf(of, undefined)).toMatchObject({
      ...{ ok: false, problem: { code: 'bad-request', detail, errors: [{ path }] } },
    })
  })
})
