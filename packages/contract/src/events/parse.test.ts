import { describe, expect, test } from 'vitest'
import { parseEvent, parseEventBytes } from './parse.ts'

function message(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: '01J',
    source: '/chat/acme',
    type: 'deskpulse.message.sent.v1',
    time: '2026-03-02T02:00:27.017+01:00',
    tenant: 'acme',
    data: { contactId: 'c-17', from: 'customer' },
    ...change,
  }
}
const survey = (data: object) =>
  message({
    type: 'deskpulse.survey.answered.v1',
    data: { kind: 'csat', scaleMin: 1, scaleMax: 5, score: 4, ...data },
  })
const shift = (data: object) =>
  message({
    type: 'deskpulse.agent.scheduled.v1',
    data: {
      agentId: 'a',
      shiftId: 's',
      start: '2026-03-02T08:00:00Z',
      end: '2026-03-02T16:00:00Z',
      ...data,
    },
  })
const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']))

test('an event is taken in with its time in milliseconds and its sequence without leading zeros', () => {
  expect(parseEvent(message({ sequence: '000', extension: { ignored: true } }))).toEqual({
    ok: true,
    event: {
      type: 'message.sent',
      id: '01J',
      source: '/chat/acme',
      timeMs: Date.parse('2026-03-02T01:00:27.017Z'),
      sequence: '0',
      tenant: 'acme',
      data: { contactId: 'c-17', from: 'customer' },
    },
  })
})

test.each([
  { rule: 'the score lies on its scale', input: survey({ score: 6 }), path: '/data/score' },
  { rule: 'a scale has a length', input: survey({ scaleMax: 1 }), path: '/data/scaleMax' },
  {
    rule: 'what satisfies lies on the scale',
    input: survey({ satisfiedFrom: 7 }),
    path: '/data/satisfiedFrom',
  },
  {
    rule: 'a shift ends after its start',
    input: shift({ end: '2026-03-02T08:00:00Z' }),
    path: '/data/end',
  },
  {
    rule: 'an activity ends after its start',
    input: shift({
      activities: [
        { state: 'meal', start: '2026-03-02T12:00:00Z', end: '2026-03-02T13:00:00+02:00' },
      ],
    }),
    path: '/data/activities/0/end',
  },
  {
    rule: 'a period does not end before it starts',
    input: message({
      type: 'deskpulse.cost.recorded.v1',
      data: {
        costId: 'c',
        period: { start: '2026-03-02', end: '2026-03-01' },
        money: { amountMinor: 1, currency: 'EUR' },
      },
    }),
    path: '/data/period/end',
  },
  {
    rule: 'a contact has at most 8 labels',
    input: message({
      type: 'deskpulse.contact.updated.v1',
      data: { contactId: 'c', labels: labels(9) },
    }),
    path: '/data/labels',
  },
  {
    rule: 'a label is text',
    input: message({
      type: 'deskpulse.contact.updated.v1',
      data: { contactId: 'c', labels: { name: 1 } },
    }),
    path: '/data/labels',
  },
  {
    rule: 'an id has at most 256 characters',
    input: message({ id: 'x'.repeat(257) }),
    path: '/id',
  },
  {
    rule: 'an id has no control characters',
    input: message({ data: { contactId: 'a\tb', from: 'bot' } }),
    path: '/data/contactId',
  },
  { rule: 'a sequence is digits', input: message({ sequence: '-1' }), path: '/sequence' },
  {
    rule: 'money has whole minor units',
    input: message({
      type: 'deskpulse.order.paid.v1',
      data: { orderId: 'o', customerId: 'u', money: { amountMinor: 1.5, currency: 'EUR' } },
    }),
    path: '/data/money/amountMinor',
  },
  {
    rule: 'the version of CloudEvents is 1.0',
    input: message({ specversion: '0.3' }),
    path: '/specversion',
  },
  { rule: 'a tenant is lower case', input: message({ tenant: 'Acme' }), path: '/tenant' },
])('$rule', ({ input, path }) => {
  expect(parseEvent(input)).toMatchObject({ ok: false, code: 'bad-schema', path })
})

test('an id of 256 characters counts characters, not UTF-16 units', () => {
  expect(parseEvent(message({ id: '😀'.repeat(256) }))).toMatchObject({ ok: true })
})

test('a refusal names what was expected, what came and the nearest known word, and the event by its own names', () => {
  expect(parseEvent(message({ data: { contactId: 'c', from: 'Custommer' } }))).toEqual({
    ok: false,
    id: '01J',
    source: '/chat/acme',
    tenant: 'acme',
    code: 'bad-schema',
    path: '/data/from',
    expected: 'customer | agent | bot | system',
    got: 'Custommer',
    nearest: 'customer',
  })
})

describe('the refused word of an enumerated field is shown', () => {
  test.each([
    {
      type: 'deskpulse.contact.opend.v1',
      nearest: 'deskpulse.contact.opened.v1',
      rule: 'misspelt',
    },
    {
      type: 'deskpulse.contact.opened.v2',
      nearest: 'deskpulse.contact.opened.v1',
      rule: 'of another version',
    },
    {
      type: 'contact.opened',
      nearest: 'deskpulse.contact.opened.v1',
      rule: 'without what stands around it',
    },
    { type: 'com.example.invoice.paid', nearest: undefined, rule: 'of another vocabulary' },
  ])('a type that is $rule', ({ type, nearest }) => {
    const refused = parseEvent(message({ type }))
    expect(refused).toMatchObject({
      ok: false,
      code: 'unknown-type',
      path: '/type',
      expected: 'a type of docs/events.md',
      got: type,
    })
    expect('nearest' in refused ? refused.nearest : undefined).toBe(nearest)
  })

  test('from: robot is told the four, and bot as the nearest', () => {
    expect(parseEvent(message({ data: { contactId: 'c', from: 'robot' } }))).toMatchObject({
      got: 'robot',
      nearest: 'bot',
    })
  })

  test('cut to 64 characters', () => {
    const refused = parseEvent(message({ type: `deskpulse.${'x'.repeat(1_000)}` }))
    expect(refused).toMatchObject({ got: `deskpulse.${'x'.repeat(54)}…` })
  })

  test.each(['Zoë Müller', 'zoe@example.com', '+86 138 0013 8000', '13800138000', 'two words', ''])(
    'never when it is no word, such as "%s"',
    (from) => {
      const refused = parseEvent(message({ data: { contactId: 'c', from } }))
      expect(refused).toMatchObject({ got: `text of ${from.length} characters` })
      expect(refused).not.toHaveProperty('nearest')
    },
  )
})

test('the value of a field that is free text is never shown, nor a near word', () => {
  const refused = parseEvent(
    message({ data: { contactId: `secret${'x'.repeat(200)}\t`, from: 'agent' } }),
  )
  expect(refused).toMatchObject({ path: '/data/contactId', got: 'text of 207 characters' })
  expect(JSON.stringify(refused)).not.toContain('secret')
  expect(refused).not.toHaveProperty('nearest')
})

test.each([
  { source: '/a\tb' },
  { source: 7 },
  { source: 'x'.repeat(257) },
  { tenant: 'No Tenant' },
  { id: 'Zoë Müller' },
])('a name that is not well formed is not repeated: %o', (change) => {
  const refused = parseEvent(message({ ...change, type: 'no.type' }))
  for (const name of Object.keys(change)) expect(refused).not.toHaveProperty(name)
})

test('five minutes ahead of the clock is the most', () => {
  const nowMs = Date.parse('2026-03-02T00:55:27.017Z')
  expect(parseEvent(message(), { nowMs })).toMatchObject({ ok: true })
  expect(parseEvent(message(), { nowMs: nowMs - 1 })).toMatchObject({
    ok: false,
    code: 'future-time',
    path: '/time',
  })
  expect(parseEvent(message(), { nowMs: nowMs - 20_499 })).toMatchObject({ got: '320 s ahead' })
})

test('the tenant is the one that was asked for', () => {
  expect(parseEvent(message(), { tenant: 'acme' })).toMatchObject({ ok: true })
  expect(parseEvent(message(), { tenant: 'other' })).toMatchObject({
    ok: false,
    code: 'wrong-tenant',
    expected: 'other',
    got: 'acme',
  })
})

test('64 KiB is the most that an event has', () => {
  const bytes = Buffer.from(JSON.stringify(message()))
  const padded = (length: number) =>
    Buffer.concat([bytes, Buffer.alloc(length - bytes.length, ' ')])
  expect(parseEventBytes(padded(65_536))).toMatchObject({ ok: true })
  expect(parseEventBytes(padded(65_537))).toMatchObject({
    ok: false,
    code: 'too-large',
    got: '65537 bytes',
  })
})

test('16 levels are the most that an event has', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
  expect(parseEvent(message({ extension: nested(15) }))).toMatchObject({ ok: true })
  expect(parseEvent(message({ extension: nested(16) }))).toMatchObject({
    ok: false,
    code: 'too-deep',
  })
})
