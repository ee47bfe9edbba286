import type { RuleVersion } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alertIdOf,
  alertRulesEntry,
  alertRulesIdOf,
  decodeAlertRecord,
  decodeAlertRulesEntry,
  decodeRuleVersions,
  encodeAlertRecord,
  encodeAlertRulesEntry,
  encodeRuleVersions,
  EntryUnreadable,
  type Notice,
  webhookBody,
  summaryOf,
  webhookBodySchema,
} from '../index.ts'
import { shapedValueOf } from '../testing/values.ts'
import { recordShape } from './record-shape.ts'
import { ruleShape } from './rule-shape.ts'

const records = shapedValueOf(recordShape)
const rules = fc.array(shapedValueOf(ruleShape), { maxLength: 4 })
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

test('every record comes back as it went', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(decodeAlertRecord(encodeAlertRecord(record))).toEqual(record)
    }),
  )
})

test('members that are not known are left out', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(
        decodeAlertRecord(encodeAlertRecord(Object.assign({}, record, { fromTomorrow: 1 }))),
      ).toEqual(record)
    }),
  )
})

test.each([
  { what: 'no JSON', bytes: Buffer.from('{') },
  { what: 'null', bytes: bytesOf(null) },
  { what: 'a kind that nobody knows', bytes: bytesOf({ kind: 'rumour' }) },
  {
    what: 'a command of an unknown kind',
    bytes: bytesOf({ kind: 'command', command: { id: 'c', author: 'a', atMs: 1, kind: 'shout' } }),
  },
  {
    what: 'a time that is a fraction',
    bytes: bytesOf({
      kind: 'command',
      command: { id: 'c', author: 'a', atMs: 1.5, kind: 'enable-endpoint', endpoint: 'e' },
    }),
  },
])('$what is unreadable', ({ bytes }) => {
  expect(() => decodeAlertRecord(bytes)).toThrow(EntryUnreadable)
})

test('an alert has one identity for good, and every part of its key counts', () => {
  const key = { tenant: 'acme', rule: 'customer-waiting', subject: 'contact/c-17', number: 1 }
  expect(alertIdOf(key)).toBe('a20e3cbd4e23b03959afa3a00b92d873')
  const others = [{ tenant: 'b' }, { rule: 'b' }, { subject: 'b' }, { number: 2 }].map((change) =>
    alertIdOf({ ...key, ...change }),
  )
  expect(new Set([alertIdOf(key), ...others]).size).toBe(5)
})

describe('the entry of alert rules', () => {
  test('comes back as it went', () => {
    fc.assert(
      fc.property(
        rules,
        rules,
        fc.option(fc.string()),
        fc.constantFrom('file' as const, 'api' as const),
        (base, own, predecessor, origin) => {
          const entry = alertRulesEntry({ predecessor, origin, author: null, base, own })
          expect(decodeAlertRulesEntry(encodeAlertRulesEntry(entry))).toEqual(entry)
        },
      ),
    )
  })

  test('has an id of its rules alone', () => {
    const one = alertRulesEntry({
      predecessor: null,
      origin: 'file',
      author: null,
      base: [],
      own: [],
    })
    const other = alertRulesEntry({
      predecessor: 'x',
      origin: 'api',
      author: 'Li',
      base: [],
      own: [],
    })
    expect(one.id).toBe(other.id)
    expect(one.id).toBe(alertRulesIdOf({ own: [], base: [] }))
  })

  const entry = alertRulesEntry({
    predecessor: null,
    origin: 'file',
    author: null,
    base: [],
    own: [],
  })
  test.each([
    { what: 'an id that is not that of the content', value: { ...entry, id: 'other' } },
    { what: 'no rules', value: { ...entry, base: undefined } },
    { what: 'a rule without a name', value: { ...entry, own: [{ kind: 'windowed' }] } },
    { what: 'an origin that nobody knows', value: { ...entry, origin: 'hearsay' } },
    { what: 'a predecessor that is a number', value: { ...entry, predecessor: 4 } },
  ])('with $what is unreadable', ({ value }) => {
    expect(() => decodeAlertRulesEntry(bytesOf(value))).toThrow(EntryUnreadable)
  })

  test('a rule of a later version, with members that this one does not know, is still the rule of that id', () => {
    const rule = Object.assign({}, fc.sample(shapedValueOf(ruleShape), 1)[0]!, {
      fromTomorrow: true,
    })
    const later = alertRulesEntry({
      predecessor: null,
      origin: 'api',
      author: 'Li',
      base: [],
      own: [rule],
    })
    const read = decodeAlertRulesEntry(encodeAlertRulesEntry(later))
    expect(read.id).toBe(later.id)
    expect(read.own[0]).not.toHaveProperty('fromTomorrow')
  })

  test('versions come back as they went', () => {
    fc.assert(
      fc.property(rules, rules, (base, own) => {
        const versions: RuleVersion[] = [
          { id: 'a', fromMs: 5, origin: 'file', author: null, base, own },
        ]
        expect(decodeRuleVersions(encodeRuleVersions(versions))).toEqual(versions)
      }),
    )
    expect(() => decodeRuleVersions(bytesOf({}))).toThrow(EntryUnreadable)
  })
})

const notice: Notice = {
  alertId: 'a-1',
  tenant: 'acme',
  rule: 'customer-waiting',
  kind: 'deadline',
  severity: 'warning',
  slice: 'queue=billing',
  subject: 'contact/c-17',
  contactId: 'c-17',
  channel: 'chat',
  status: 'firing',
  sinceMs: Date.parse('2026-03-02T01:00:27.017Z') as EpochMs,
  startedMs: Date.parse('2026-03-02T01:00:57.017Z') as EpochMs,
  endedMs: null,
  end: null,
  detectedMs: Date.parse('2026-03-02T01:00:57.018Z') as EpochMs,
  late: false,
  kpi: null,
  value: 30_000,
  limit: 30_000,
  unit: 'ms',
  labels: { team: 'night' },
  text: { en: 'a customer waits', zh: '客户等待' },
  url: 'http://desk.example/alerts',
  repeat: 0,
  acknowledgedBy: null,
  timeZone: 'UTC',
  test: false,
}
const endedMs = Date.parse('2026-03-02T01:00:57.020Z') as EpochMs

describe('the body of a webhook', () => {
  test('is the documented one', () => {
    expect(webhookBody([notice])).toEqual({
      type: 'alert.firing',
      timestamp: '2026-03-02T01:00:57.018Z',
      data: {
        alertId: 'a-1',
        tenant: 'acme',
        rule: 'customer-waiting',
        kind: 'deadline',
        severity: 'warning',
        slice: 'queue=billing',
        subject: 'contact/c-17',
        contactId: 'c-17',
        agentId: null,
        state: null,
        channel: 'chat',
        retracted: false,
        since: '2026-03-02T01:00:27.017Z',
        startedAt: '2026-03-02T01:00:57.017Z',
        endedAt: null,
        kpi: null,
        value: 30_000,
        limit: 30_000,
        unit: 'ms',
        labels: { team: 'night' },
        text: { en: 'a customer waits', zh: '客户等待' },
        url: 'http://desk.example/alerts',
        repeat: 0,
        acknowledgedBy: null,
        test: false,
      },
    })
  })

  test('says that it ended, when, and whether it ever was', () => {
    const body = webhookBody([{ ...notice, status: 'resolved', endedMs, end: 'retracted' }])
    expect(body).toMatchObject({
      type: 'alert.resolved',
      data: { endedAt: '2026-03-02T01:00:57.020Z', retracted: true },
    })
    expect(webhookBodySchema.parse(body)).toEqual(body)
  })

  test('of several that were found late says how many, where and since when', () => {
    const late: Notice = {
      ...notice,
      late: true,
      url: 'http://desk.example/alerts?tenant=acme&alert=a-1',
    }
    const earlier = {
      sinceMs: (late.sinceMs - 60_000) as EpochMs,
      startedMs: (late.startedMs - 60_000) as EpochMs,
    }
    const body = webhookBody([
      late,
      { ...late, ...earlier, alertId: 'a-2', severity: 'critical', detectedMs: endedMs },
    ])
    expect(body).toEqual({
      type: 'alert.summary',
      timestamp: '2026-03-02T01:00:57.020Z',
      data: {
        ...{
          tenant: 'acme',
          rule: 'customer-waiting',
          kind: 'deadline',
          severity: 'critical',
          slice: 'queue=billing',
        },
        ...{
          count: 2,
          alertIds: ['a-2', 'a-1'],
          since: '2026-03-02T00:59:27.017Z',
          startedAt: '2026-03-02T00:59:57.017Z',
        },
        ...{
          limit: 30_000,
          unit: 'ms',
          labels: { team: 'night' },
          url: 'http://desk.example/alerts?tenant=acme',
        },
        text: {
          en: '2 customers have been waiting in queue billing, the first since 2026-03-02 00:59:27 +00:00',
          zh: '队列 billing 有 2 位客户仍在等待，最早自 2026-03-02 00:59:27 +00:00 起',
        },
      },
    })
    expect(webhookBodySchema.parse(body)).toEqual(body)
  })

  test.each([
    { rule: 'one alone', notices: [{}] },
    { rule: 'one that was found in time', notices: [{}, { late: false }] },
    { rule: 'one that is over', notices: [{}, { status: 'resolved' }] },
    { rule: 'a repeat', notices: [{}, { repeat: 1 }] },
    { rule: 'another queue', notices: [{}, { slice: 'queue=other' }] },
    { rule: 'another tenant', notices: [{}, { tenant: 'other' }] },
  ] as const)('$rule makes no summary', ({ notices }) => {
    expect(summaryOf(notices.map((change) => ({ ...notice, late: true, ...change })))).toBeNull()
  })

  test('agents and sources are summarised by rule', () => {
    for (const kind of ['agent', 'source']) {
      const of = (id: string): Notice => ({
        ...notice,
        late: true,
        subject: `${kind}/${id}`,
        slice: `agent=${id}`,
        alertId: id,
      })
      expect(summaryOf([of('a'), of('b')])).toMatchObject({ slice: 'all', alertIds: ['a', 'b'] })
    }
  })
})
