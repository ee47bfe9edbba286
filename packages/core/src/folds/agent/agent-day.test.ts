import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CanonicalEvent } from '../../events/event.ts'
import { type AgentTimeRow, keyOfRow, type Row } from '../../subjects/row.ts'
import { minuteMs, type EpochMs } from '../../time/time.ts'
import { decodeAgentCarry, encodeAgentCarry, type AgentCarry } from './agent-carry.ts'
import { AgentDay } from './agent-day.ts'
import { foldAgentDay, rowsOf } from './fold-agent-day.ts'
import type { AgentTimeouts } from './sign-out.ts'
import {
  anyDay,
  anyEngagement,
  anyEvents,
  at,
  dayStartMs,
  engaged,
  input,
  state,
  teller,
  timeouts,
  type MinuteRange,
  type Told,
} from './oracle.test-support.ts'

type Step =
  | { readonly kind: 'event'; readonly event: CanonicalEvent }
  | { readonly kind: 'remove'; readonly pick: number }
  | { readonly kind: 'engagement'; readonly engagement: Told }
  | { readonly kind: 'heartbeat'; readonly atMs: EpochMs }
  | { readonly kind: 'carry'; readonly carry: AgentCarry | null }
  | { readonly kind: 'timeouts'; readonly timeouts: AgentTimeouts }
  | { readonly kind: 'refold'; readonly untilMs: EpochMs }

const impatient = {
  agentHeartbeatTimeoutMs: minuteMs,
  agentSilenceMs: 3 * minuteMs,
  agentShiftMaxMs: 8 * minuteMs,
}

/** Steps all over the day, or close together. `parts`: of a minute, at which folds stop and contacts say something. */
function anySteps(range: MinuteRange, parts = 1): fc.Arbitrary<Step[]> {
  const instantIn = (fromMinute: number, toMinute: number): fc.Arbitrary<EpochMs> =>
    fc.integer({ min: fromMinute * parts, max: toMinute * parts }).map((part) => at(part / parts))
  const minute = instantIn(range.fromMinute - 5, range.toMinute + 6)
  const beat = instantIn(range.fromMinute, range.toMinute)
  const event = anyEvents(range).filter((events) => events.length > 0)
  const mention = beat.map((atMs) => ({ contactId: 'c-3', spans: [], mentionsMs: [atMs] }))
  const span = fc
    .tuple(beat, beat)
    .map(([startMs, endMs]) => ({ contactId: 'c-4', spans: [{ startMs, endMs }], mentionsMs: [] }))
  const engagement = fc.oneof(
    fc.constantFrom('c-0', 'c-1', 'c-2').chain((contactId) => anyEngagement(contactId, range)),
    mention,
    span,
  )
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: event.map((events) => ({ kind: 'event' as const, event: events[0]! })),
    },
    fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
    {
      weight: 3,
      arbitrary: engagement.map((said) => ({ kind: 'engagement' as const, engagement: said })),
    },
    beat.map((atMs) => ({ kind: 'heartbeat' as const, atMs })),
    { weight: 6, arbitrary: minute.map((untilMs) => ({ kind: 'refold' as const, untilMs })) },
  )
  const carry = anyDay.map(({ carryIn }) => ({ kind: 'carry' as const, carry: carryIn }))
  const changed = fc
    .constantFrom(timeouts, impatient)
    .map((inForce) => ({ kind: 'timeouts' as const, timeouts: inForce }))
  const signIn = { kind: 'event' as const, event: state(range.fromMinute, 'available') }
  return fc
    .array(fc.oneof({ weight: 15, arbitrary: step }, carry, changed), { maxLength: 40 })
    .map((steps) => [signIn, ...steps])
}

const wholeDay = { fromMinute: 0, toMinute: 1439 }
const tenMinutes = { fromMinute: 606, toMinute: 616 }
const threeMinutes = { fromMinute: 613, toMinute: 616 }
const someSteps = [
  anySteps(wholeDay),
  anySteps(tenMinutes),
  anySteps(tenMinutes, 4),
  anySteps(threeMinutes, 12),
]
test('after any steps a refold equals a fold from scratch, and its changes tell every change of the rows', () => {
  fc.assert(
    fc.property(fc.oneof(...someSteps), fc.constantFrom(timeouts, impatient), (steps, config) => {
      const day = new AgentDay('a-1', dayStartMs, config)
      const told = new Map<string, Row>()
      let inForce: AgentTimeouts = config
      const events: CanonicalEvent[] = []
      const tell = teller(day)
      const engagements = new Map<string, Told>()
      const mirror = new Map<EpochMs, readonly AgentTimeRow[]>()
      let heartbeatMs: EpochMs | null = null
      let carryIn: AgentCarry | null = null
      for (const step of [...steps, { kind: 'refold' as const, untilMs: at(1440) }]) {
        if (step.kind === 'event') {
          events.push(step.event)
          day.insertEvent(step.event)
        } else if (step.kind === 'remove') {
          const [removed] = events.splice(step.pick % (events.length + 1), 1)
          if (removed !== undefined) day.removeEvent(removed)
        } else if (step.kind === 'engagement') {
          engagements.set(step.engagement.contactId, step.engagement)
          tell(step.engagement)
        } else if (step.kind === 'heartbeat') {
          heartbeatMs = Math.max(step.atMs, heartbeatMs ?? 0) as EpochMs
          day.putHeartbeat(step.atMs)
        } else if (step.kind === 'carry') {
          carryIn = step.carry
          day.setCarryIn(step.carry)
        } else if (step.kind === 'timeouts') {
          inForce = step.timeouts
          day.setTimeouts(step.timeouts)
        } else {
          const scratch = foldAgentDay(
            input({
              events,
              config: inForce,
              engagements: engagements.values(),
              largestHeartbeatMs: heartbeatMs,
              carryIn,
              untilMs: step.untilMs,
            }),
          )
          const { changedSlots, changedRows, ...view } = day.refold(step.untilMs)
          expect({ ...view, ...rowsOf(day) }).toEqual(scratch)
          for (const { row, sign } of changedRows) {
            if (sign === 1) told.set(keyOfRow(row), row)
            else {
              expect(told.get(keyOfRow(row))).toEqual(row)
              told.delete(keyOfRow(row))
            }
          }
          expect(told).toEqual(new Map(scratch.others.map((row) => [keyOfRow(row), row])))
          for (const { startMs, before, after } of changedSlots) {
            expect(before).toEqual(mirror.get(startMs) ?? [])
            expect(after).not.toEqual(before)
            mirror.set(startMs, after)
          }
          expect(
            [...mirror.entries()].sort(([a], [b]) => a - b).flatMap(([, rows]) => rows),
          ).toEqual(scratch.rows)
        }
      }
    }),
    { numRuns: 400 },
  )
})

test('the order in which things become known changes nothing', () => {
  fc.assert(
    fc.property(anyDay, fc.infiniteStream(fc.nat()), (given, picks) => {
      const day = new AgentDay('a-1', dayStartMs, given.config)
      const tell = teller(day)
      const contacts = [...given.engagements].map((said, at) => ({ ...said, contactId: `c-${at}` }))
      const inserts = [
        ...[...given.events].map((event) => () => day.insertEvent(event)),
        ...contacts.map((said) => () => tell(said)),
        () => day.putHeartbeat(given.largestHeartbeatMs ?? dayStartMs),
        () => day.setCarryIn(given.carryIn),
        () => day.refold(at(700)),
      ]
      while (inserts.length > 0) inserts.splice(picks.next().value % inserts.length, 1)[0]!()
      day.refold(given.untilMs)
      const { rows, others } = foldAgentDay({
        ...given,
        largestHeartbeatMs: given.largestHeartbeatMs ?? dayStartMs,
      })
      expect(rowsOf(day)).toEqual({ rows, others })
    }),
  )
})

test('a change reaches back to its own quarter-hour only', () => {
  const day = new AgentDay('a-1', dayStartMs, timeouts)
  day.insertEvent(state(0, 'available'))
  expect(day.refold(at(50)).changedSlots.map(({ startMs }) => startMs)).toEqual([
    at(0),
    at(15),
    at(30),
  ])
  teller(day)(engaged('c', 32, 40))
  expect(day.refold(at(51)).changedSlots.map(({ startMs }) => startMs)).toEqual([at(30)])
  expect(day.refold(at(52)).changedSlots).toEqual([])
})

test('an empty engagement takes back what the contact said', () => {
  const day = new AgentDay('a-1', dayStartMs, timeouts)
  day.insertEvent(state(0, 'available'))
  day.refold(at(50))
  const before = [...day.rows()]
  const tell = teller(day)
  tell(engaged('c', 3, 40))
  day.refold(at(50))
  expect([...day.rows()]).not.toEqual(before)
  tell({ contactId: 'c', spans: [], mentionsMs: [] })
  expect(day.refold(at(50)).contactsNow).toBe(0)
  expect([...day.rows()]).toEqual(before)
})

test('a carry is the same after encoding and decoding, and equal carries have equal text', () => {
  fc.assert(
    fc.property(anyDay, (given) => {
      const { carryOut } = foldAgentDay(given)
      const text = encodeAgentCarry(carryOut)
      expect(decodeAgentCarry(text)).toEqual(carryOut)
      expect(encodeAgentCarry(decodeAgentCarry(text))).toBe(text)
    }),
  )
})

test('a day folds the same from a carry that was stored', () => {
  fc.assert(
    fc.property(anyDay, (given) => {
      const stored =
        given.carryIn === null ? null : decodeAgentCarry(encodeAgentCarry(given.carryIn))
      expect(foldAgentDay({ ...given, carryIn: stored })).toEqual(foldAgentDay(given))
    }),
    { numRuns: 30 },
  )
})
