import { expect, test } from 'vitest'
import { maskSecrets, parseConfig } from './index.ts'

const [one, two, three] = [
  'key-one-of-the-tenant',
  'key-two-of-the-tenant',
  'key-three-of-a-tenant',
]
const [march, april] = ['2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z']

const parsed = (previous: readonly unknown[]) =>
  parseConfig({ tenants: { acme: { pseudonymise: { key: three, previous } } } })

function errorsOf(previous: readonly unknown[]) {
  const result = parsed(previous)
  return result.ok
    ? []
    : result.errors.map(
        ({ path, got }) => `${path.replace('tenants.acme.pseudonymise.', '')} ${got}`,
      )
}

test('a previous key holds until its instant, also when it was removed', () => {
  const result = parsed([{ key: one, until: march }, { until: april }])
  expect(result.ok && result.config.tenants['acme']?.pseudonymise).toEqual({
    key: three,
    previous: [
      { key: one, untilMs: Date.parse(march) },
      { key: null, untilMs: Date.parse(april) },
    ],
  })
})

test('the same key on both sides of an instant stays there', () => {
  expect(errorsOf([{ key: three, until: march }])).toEqual([])
  const stays = [
    { key: one, until: march },
    { key: one, until: april },
  ]
  expect(errorsOf(stays)).toEqual([])
})

test.each([
  '2026-02-30T00:00:00Z',
  '2026-03-01T24:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-03-01T00:00:00+08:00',
  '2026-03-01',
  'soon',
])('%s is no instant', (until) => {
  expect(errorsOf([{ key: one, until }])).toEqual([expect.stringMatching(/^previous\.0\.until /)])
})

test.each([
  {
    rule: 'later ones come first',
    previous: [
      { key: one, until: april },
      { key: two, until: march },
    ],
    at: ['previous.1.until'],
  },
  {
    rule: 'two end at one instant',
    previous: [
      { key: one, until: march },
      { key: two, until: march },
    ],
    at: ['previous.1.until'],
  },
  {
    rule: 'one is the present key again',
    previous: [
      { key: three, until: march },
      { key: one, until: april },
    ],
    at: ['previous.0.key'],
  },
  {
    rule: 'one stands twice',
    previous: [
      { key: one, until: march },
      { key: two, until: april },
      { key: one, until: '2026-05-01T00:00:00Z' },
    ],
    at: ['previous.2.key'],
  },
  {
    rule: 'more than five are still there',
    previous: Array.from({ length: 7 }, (_, at) => ({
      ...(at !== 2 && { key: `${one}-${at}` }),
      until: `2026-03-0${at + 1}T00:00:00Z`,
    })),
    at: ['previous.6.key'],
  },
  { rule: 'one is too short', previous: [{ key: 'short', until: march }], at: ['previous.0.key'] },
  { rule: 'nobody knows until when', previous: [{ key: one }], at: ['previous.0.until'] },
])('previous keys of which $rule are refused at their place, and not told', ({ previous, at }) => {
  const errors = errorsOf(previous)
  expect(errors.map((error) => error.split(' ')[0])).toEqual(at)
  for (const key of [one, two, three, 'short']) expect(errors.join()).not.toContain(key)
})

test('no key is printed, whichever', () => {
  const result = parsed([
    { key: one, until: march },
    { key: two, until: april },
  ])
  if (!result.ok) throw new Error(JSON.stringify(result.errors))
  const printed = JSON.stringify(maskSecrets(result.config))
  expect([one, two, three].filter((key) => printed.includes(key))).toEqual([])
  expect(printed).toContain('"pseudonymise":{"key":"***","previous":[{"key":"***","untilMs":')
})
