import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../time/time.ts'
import { ContactMarks, type Instants } from './contact-marks.ts'
import { engagementChange, type EngagementChange } from './engagement.ts'
import { anyEngagement, at, engaged, type Told } from './oracle.test-support.ts'

const instant = fc.integer({ min: 0, max: 30 }).map((atMs) => atMs as EpochMs)
const told: fc.Arbitrary<Told> = fc.record({
  contactId: fc.constantFrom('c-1', 'c-2', 'c-3'),
  isCall: fc.boolean(),
  spans: fc
    .uniqueArray(instant, { maxLength: 5 })
    .map((bounds) => bounds.sort((a, b) => a - b))
    .map((bounds) =>
      bounds.flatMap((startMs, place) =>
        place % 2 === 1 ? [] : [{ startMs, endMs: bounds[place + 1] ?? null }],
      ),
    ),
  mentionsMs: fc.array(instant, { maxLength: 4 }).map((all) => all.sort((a, b) => a - b)),
})

function allOf(instants: Instants): number[] {
  const all: number[] = []
  for (let place = 0; instants.at(place) !== undefined; place += 1) all.push(instants.at(place)!)
  return all
}

const seen = ({ mentions, engaged: spans, calls }: ContactMarks) => ({
  mentions: allOf(mentions),
  engaged: [allOf(spans.starts), allOf(spans.ends)],
  calls: [allOf(calls.starts), allOf(calls.ends)],
})

/** As a journal holds it. */
const stored = (change: EngagementChange): EngagementChange =>
  JSON.parse(JSON.stringify(change)) as EngagementChange

const isInside = ({ spans }: Told, atMs: number): boolean =>
  spans.some(({ startMs, endMs }) => startMs <= atMs && atMs < (endMs ?? Infinity))

/** What a contact says of an instant. */
const saysAt = (said: Told, atMs: EpochMs) => [
  isInside(said, atMs),
  isInside(said, atMs) && said.isCall === true,
  said.mentionsMs.includes(atMs),
]

describe('what the contacts of an agent say', () => {
  test('is that of the last word of each, whatever it said before, each instant as often as it is said', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (words) => {
        const marks = new ContactMarks()
        const last = new Map<string, Told>()
        for (const word of words) {
          const change = engagementChange(last.get(word.contactId) ?? null, word)
          if (change !== null) marks.apply(stored(change))
          last.set(word.contactId, word)
        }
        const ascending = (instants: readonly number[]): number[] =>
          [...instants].sort((a, b) => a - b)
        const spans = [...last.values()].flatMap((word) =>
          word.spans.map((span) => ({ ...span, isCall: word.isCall })),
        )
        const bounds = (of: typeof spans) => [
          ascending(of.map(({ startMs }) => startMs)),
          ascending(of.flatMap(({ endMs }) => (endMs === null ? [] : [endMs]))),
        ]
        expect(seen(marks)).toEqual({
          mentions: ascending([...last.values()].flatMap(({ mentionsMs }) => mentionsMs)),
          engaged: bounds(spans),
          calls: bounds(spans.filter(({ isCall }) => isCall)),
        })
        for (let atMs = 0; atMs <= 31; atMs += 1) {
          const inside = [...last.values()].filter((word) => isInside(word, atMs)).length
          expect(marks.engaged.countAt(atMs as EpochMs)).toBe(inside)
        }
        const again = new ContactMarks()
        again.apply(stored(marks.whole()))
        expect(seen(again)).toEqual(seen(marks))
        expect(marks.count).toBe(Object.values(seen(marks)).flat(2).length)
      }),
    )
  })

  test('changes from the first instant of which it says something else', () => {
    fc.assert(
      fc.property(anyEngagement('c'), anyEngagement('c'), fc.nat(12), (a, b, shared) => {
        const mentions = [...a.mentionsMs.slice(0, shared), ...b.mentionsMs]
        const now = { ...b, mentionsMs: [...new Set(mentions)].sort((x, y) => x - y) }
        const marks = new ContactMarks()
        marks.apply(engagementChange(null, a) ?? {})
        const change = engagementChange(a, now)
        const fromMs = change === null ? Infinity : marks.apply(change)
        for (let minute = 0; minute < 1440 && at(minute) < fromMs; minute += 1)
          expect(saysAt(a, at(minute))).toEqual(saysAt(now, at(minute)))
        if (change !== null)
          expect(saysAt(a, fromMs as EpochMs)).not.toEqual(saysAt(now, fromMs as EpochMs))
        expect(engagementChange(a, { ...a })).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    { rule: 'nothing was said', before: null, after: engaged('c', 5, 9), from: 5 },
    { rule: 'it ends', before: engaged('c', 5, null), after: engaged('c', 5, 9), from: 9 },
    { rule: 'it is taken back', before: engaged('c', 5, 9), after: null, from: 5 },
    {
      rule: 'it is a call after all',
      before: engaged('c', 5, 9),
      after: { ...engaged('c', 5, 9), isCall: true },
      from: 5,
    },
  ])('changes where $rule', ({ before, after, from }) => {
    const marks = new ContactMarks()
    marks.apply(engagementChange(null, before) ?? {})
    expect(marks.apply(engagementChange(before, after)!)).toBe(at(from))
  })

  test('a span without length is none', () => {
    const empty = { contactId: 'c', spans: [{ startMs: at(3), endMs: at(3) }], mentionsMs: [] }
    expect(engagementChange(null, empty)).toBeNull()
  })

  test('a further message of a conversation takes as much to tell, however long it is', () => {
    const said = (messages: number) => ({
      contactId: 'c',
      spans: [{ startMs: 0 as EpochMs, endMs: (10 * messages + 900) as EpochMs }],
      mentionsMs: Array.from({ length: messages }, (_, index) => (10 * index + 100) as EpochMs),
    })
    const bytes = (messages: number): number =>
      JSON.stringify(engagementChange(said(messages - 1), said(messages))).length
    expect(bytes(900) - bytes(20)).toBeLessThan(10) // Larger numbers have more digits.
  })

  test('an instant is found by its place, also before the first and behind the last', () => {
    const { mentions } = new ContactMarks()
    for (const atMs of [3, 1, 3, 7]) mentions.put(atMs as EpochMs)
    expect([0, 1, 2, 3, 4, 7, 8].map((atMs) => mentions.firstFrom(atMs))).toEqual([
      0, 0, 1, 1, 3, 3, 4,
    ])
    mentions.remove(3 as EpochMs)
    expect(allOf(mentions)).toEqual([1, 3, 7])
  })
})
