import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import { at } from './alert.test-support.ts'
import {
  audibleFrom,
  isInForce,
  matchesSilence,
  type Silence,
  type SilenceableAlert,
  type SilenceMatcher,
  silencesOf,
} from './silence.ts'

const alert: SilenceableAlert = {
  tenant: 'acme',
  rule: 'customer-waiting',
  subject: 'contact/c-17',
  slice: 'queue=billing,channel=chat',
  severity: 'warning',
  kind: 'deadline',
  contactId: 'c-17',
  labels: { team: 'floor' },
}
const silence = (matchers: readonly SilenceMatcher[], fromSecond = 0, toSecond = 60): Silence => ({
  id: 's-1',
  tenant: 'acme',
  matchers,
  author: 'Li',
  comment: 'maintenance',
  startsMs: at(fromSecond),
  endsMs: at(toSecond),
})

describe('matching', () => {
  test.each<{ rule: string; matchers: SilenceMatcher[]; is: boolean }>([
    { rule: 'a rule', matchers: [{ on: 'rule', value: 'customer-waiting' }], is: true },
    { rule: 'another rule', matchers: [{ on: 'rule', value: 'customer' }], is: false },
    { rule: 'a subject', matchers: [{ on: 'subject', value: 'contact/c-17' }], is: true },
    { rule: 'a slice', matchers: [{ on: 'slice', value: 'queue=billing,channel=chat' }], is: true },
    {
      rule: 'a slice with its parts in another order',
      matchers: [{ on: 'slice', value: 'channel=chat,queue=billing' }],
      is: true,
    },
    {
      rule: 'a wider slice is another one',
      matchers: [{ on: 'slice', value: 'queue=billing' }],
      is: false,
    },
    { rule: 'a severity', matchers: [{ on: 'severity', value: 'warning' }], is: true },
    { rule: 'a kind', matchers: [{ on: 'kind', value: 'windowed' }], is: false },
    { rule: 'a contact', matchers: [{ on: 'contact', value: 'c-17' }], is: true },
    { rule: 'an agent, where there is none', matchers: [{ on: 'agent', value: '' }], is: false },
    { rule: 'a label', matchers: [{ on: 'label', label: 'team', value: 'floor' }], is: true },
    {
      rule: 'a label of another value',
      matchers: [{ on: 'label', label: 'team', value: 'night' }],
      is: false,
    },
    {
      rule: 'a label that it does not have',
      matchers: [{ on: 'label', label: 'constructor', value: '' }],
      is: false,
    },
    {
      rule: 'all of several',
      matchers: [
        { on: 'rule', value: 'customer-waiting' },
        { on: 'contact', value: 'c-17' },
      ],
      is: true,
    },
    {
      rule: 'not one of several',
      matchers: [
        { on: 'rule', value: 'customer-waiting' },
        { on: 'contact', value: 'c-18' },
      ],
      is: false,
    },
    { rule: 'no matcher: every alert of the tenant', matchers: [], is: true },
  ])('$rule: $is', ({ matchers, is }) => {
    expect(matchesSilence(silence(matchers), alert)).toBe(is)
  })

  test('another tenant’s silence matches nothing', () => {
    expect(matchesSilence({ ...silence([]), tenant: 'other' }, alert)).toBe(false)
  })
})

describe('in force', () => {
  test.each([
    { second: -1, is: false, rule: 'not before its start' },
    { second: 0, is: true, rule: 'from its start on' },
    { second: 59, is: true, rule: 'until its end' },
    { second: 60, is: false, rule: 'not at its end' },
  ])('$rule', ({ second, is }) => {
    expect(isInForce(silence([]), at(second))).toBe(is)
    expect(silencesOf(alert, [silence([])], at(second))).toHaveLength(is ? 1 : 0)
  })

  test('what silences an alert is listed, all of it', () => {
    const [two, one, not] = [
      silence([]),
      silence([{ on: 'contact', value: 'c-17' }]),
      silence([{ on: 'contact', value: 'c-18' }]),
    ]
    expect(silencesOf(alert, [two, one, not], at(1))).toEqual([two, one])
  })
})

describe('audibleFrom', () => {
  test.each<{ rule: string; silences: Silence[]; is: number }>([
    { rule: 'at once without any', silences: [], is: 10 },
    { rule: 'at its end', silences: [silence([], 0, 60)], is: 60 },
    {
      rule: 'one that follows prolongs it',
      silences: [silence([], 60, 90), silence([], 0, 60)],
      is: 90,
    },
    {
      rule: 'one that overlaps, too',
      silences: [silence([], 0, 60), silence([], 5, 70), silence([], 1, 20)],
      is: 70,
    },
    { rule: 'a gap ends it', silences: [silence([], 0, 60), silence([], 61, 90)], is: 60 },
    { rule: 'one to come does not count yet', silences: [silence([], 11, 60)], is: 10 },
    {
      rule: 'one of other alerts does not count',
      silences: [silence([{ on: 'rule', value: 'fcr' }], 0, 60)],
      is: 10,
    },
  ])('$rule', ({ silences, is }) => {
    expect(audibleFrom(alert, silences, at(10))).toBe(at(is))
  })

  test('is the first moment that no silence holds', () => {
    const span = fc
      .tuple(fc.nat(30), fc.nat(10))
      .map(([start, length]) => silence([], start, start + length))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.nat(30), (silences, second) => {
        let first: EpochMs = at(second)
        while (silencesOf(alert, silences, first).length > 0) first = (first + 1_000) as EpochMs
        expect(audibleFrom(alert, silences, at(second))).toBe(first)
      }),
    )
  })
})
