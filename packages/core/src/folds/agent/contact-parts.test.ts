import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOfRow, type Row } from '../../subjects/row.ts'
import { dayMs, minuteMs, type EpochMs } from '../../time/time.ts'
import { AgentDay } from './agent-day.ts'
import type { AgentCarry } from './agent-carry.ts'
import type { Engagement } from './engagement.ts'
import { foldAgentDay } from './fold-agent-day.ts'
import {
  at,
  dayStartMs,
  engaged,
  input,
  join,
  state,
  teller,
  timeouts,
  type Told,
} from './oracle.test-support.ts'

const credit = { agent: 'a-1', queue: 'sales', channel: 'chat', class: 'live' }
const ended = (told: Told, minute: number): Told => ({
  ...told,
  ended: { atMs: at(minute), credit },
})

/** Minutes that each part took, by contact. */
function minutesOf(rows: Iterable<Row>): Record<string, number> {
  return Object.fromEntries(
    [...rows].flatMap((row) =>
      row.grain === 'effective-part' ? [[row.contactId, row.effectiveMs / minuteMs]] : [],
    ),
  )
}
const partsOf = (...engagements: readonly Engagement[]): Record<string, number> =>
  minutesOf(foldAgentDay(input({ engagements })).others)

describe('what a part took of its agent’s time', () => {
  test.each([
    { rule: 'all of it, alone', told: [ended(engaged('c-1', 0, 10), 10)], took: { 'c-1': 10 } },
    {
      rule: 'half of what two had at once',
      told: [ended(engaged('c-1', 0, 10), 10), ended(engaged('c-2', 6, 20), 20)],
      took: { 'c-1': 8, 'c-2': 12 },
    },
    {
      rule: 'a contact that goes on has its part of the time, and no row',
      told: [ended(engaged('c-1', 0, 10), 10), engaged('c-2', 0, null)],
      took: { 'c-1': 5 },
    },
    {
      rule: 'what follows its end counts, as after-contact work',
      told: [ended(engaged('c-1', 0, 15), 10)],
      took: { 'c-1': 15 },
    },
    {
      rule: 'a stay that goes on counts in no part, and takes time of others',
      told: [
        ended(
          {
            ...engaged('c-1', 0, 10),
            spans: [
              { startMs: at(0), endMs: at(10) },
              { startMs: at(20), endMs: at(40), runs: true },
            ],
          },
          10,
        ),
        ended(engaged('c-2', 30, 40), 40),
      ],
      took: { 'c-1': 10, 'c-2': 5 },
    },
    {
      rule: 'nothing, where it ended as it began',
      told: [ended({ contactId: 'c-1', spans: [], mentionsMs: [at(3)] }, 3)],
      took: { 'c-1': 0 },
    },
    {
      rule: 'it is of a later day',
      told: [{ ...engaged('c-1', 0, 10), continues: true as const }],
      took: {},
    },
  ])('$rule', ({ told, took }) => {
    expect(partsOf(...told)).toEqual(took)
  })

  test('counts at its end, as the contact credits it, whether or not a state was ever told', () => {
    const [row] = foldAgentDay(input({ engagements: [ended(engaged('c-1', 0, 10), 10)] })).others
    expect(row).toMatchObject({ grain: 'effective-part', ended: { atMs: at(10), credit } })
  })

  test('is counted on the day of its end, with what it took on the days before', () => {
    const today: Told = { ...engaged('c-1', 1_430, 1_440), continues: true }
    const other = ended(engaged('c-2', 1_435, 1_438), 1_438)
    const { carryOut } = foldAgentDay(input({ engagements: [today, other] }))
    expect(carryOut.parts).toEqual([['c-1', 8.5 * minuteMs]])
    const next = (engagements: readonly Engagement[], carryIn: AgentCarry) =>
      foldAgentDay({
        ...input({ engagements, carryIn }),
        dayStartMs: (dayStartMs + dayMs) as EpochMs,
        untilMs: at(2_880),
      })
    const nothing = next([], carryOut)
    expect(nothing.carryOut.parts).toEqual(carryOut.parts) // A day between.
    const { others, carryOut: later } = next([ended(engaged('c-1', 1_440, 1_445), 1_445)], carryOut)
    expect(minutesOf(others)).toEqual({ 'c-1': 13.5 })
    expect(later.parts).toEqual([])
  })
})

test('what one took changes with another that lies in its time, also after one in the same quarter-hour that does not', () => {
  const day = new AgentDay('a-1', dayStartMs, timeouts)
  const tell = teller(day)
  const took = (told: Told): Record<string, number> => {
    tell(told)
    day.refold(at(60))
    return minutesOf(day.rows())
  }
  expect(took(ended(engaged('c-1', 0, 10), 10))).toEqual({ 'c-1': 10 })
  expect(took(engaged('c-2', 12, 14))).toEqual({ 'c-1': 10 })
  expect(took(engaged('c-3', 6, 10))).toEqual({ 'c-1': 8 })
})

const anyContact = (contactId: string): fc.Arbitrary<Told> =>
  fc.tuple(fc.uniqueArray(fc.nat(100), { maxLength: 6 }), fc.boolean()).map(([minutes, isOver]) => {
    const bounds = minutes.sort((a, b) => a - b).slice(0, minutes.length & ~1)
    const spans = bounds.flatMap((minute, place) =>
      place % 2 === 1
        ? []
        : [{ startMs: at(minute), endMs: at(bounds[place + 1]!), queue: 'sales' }],
    )
    const told = { contactId, spans, mentionsMs: [] }
    return isOver && spans.length > 0 ? ended(told, bounds.at(-1)!) : told
  })

const anyContacts = fc
  .array(fc.nat(3), { maxLength: 12 })
  .chain((ids) => fc.tuple(...ids.map((id) => anyContact(`c-${id}`))))

test('whatever is said in whatever order comes to what is folded at once, and all parts together to the time in which any went on', () => {
  fc.assert(
    fc.property(
      anyContacts,
      fc.array(fc.nat(1_440), { size: 'max', maxLength: 12 }),
      (told, folds) => {
        const day = new AgentDay('a-1', dayStartMs, timeouts)
        day.insertEvent(state(0, 'available'))
        day.insertEvent(join(0, 'billing'))
        const tell = teller(day)
        const counted = new Map<string, Row>()
        const fold = (minute: number): void => {
          for (const { row, sign } of day.refold(at(minute)).changedRows) {
            const key = keyOfRow(row)
            if (sign === 1) counted.set(key, row)
            else {
              expect(counted.get(key)).toEqual(row)
              counted.delete(key)
            }
          }
        }
        for (const [place, one] of told.entries()) {
          tell(one)
          const minute = folds[place]
          if (minute !== undefined) fold(minute)
        }
        fold(1_440)
        const last = new Map(told.map((one) => [one.contactId, one]))
        const events = [state(0, 'available'), join(0, 'billing')]
        const whole = foldAgentDay(input({ events, engagements: last.values() }))
        expect(new Map(whole.others.map((row) => [keyOfRow(row), row]))).toEqual(counted)

        const all = [...last.values()].map((one) =>
          one.spans.length > 0 ? { ...one, ended: { atMs: at(100), credit } } : one,
        )
        const took = Object.values(partsOf(...all)).reduce((sum, minutes) => sum + minutes, 0)
        const covered = Array.from({ length: 101 }, (_, minute) => at(minute)).filter((ms) =>
          all.some(({ spans }) => spans.some(({ startMs, endMs }) => startMs <= ms && ms < endMs!)),
        )
        expect(took).toBeCloseTo(covered.length, 9)
      },
    ),
    { numRuns: 200 },
  )
})

test('what is held of a day makes it again', () => {
  const tell = [
    ended(engaged('c-1', 0, 10), 10),
    engaged('c-2', 5, 20),
    ended(engaged('c-2', 5, 30), 30),
  ]
  const day = new AgentDay('a-1', dayStartMs, timeouts)
  const say = teller(day)
  for (const told of tell) say(told)
  day.changeEngagement({
    handled: [{ contactId: 'c-1', dayStartMs, handled: { atMs: at(10), credit } }],
  })
  day.refold(at(60))
  const again = new AgentDay('a-1', dayStartMs, timeouts)
  again.changeEngagement(JSON.parse(JSON.stringify(day.wholeEngagement())))
  again.refold(at(60))
  expect([...again.rows()]).toEqual([...day.rows()])
  expect([...day.rows()].map(({ grain }) => grain)).toEqual([
    'effective-part',
    'effective-part',
    'agent-day',
  ])
})
