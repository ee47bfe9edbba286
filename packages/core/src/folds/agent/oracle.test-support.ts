import fc from 'fast-check'
import type { CanonicalEvent } from '../../events/event.ts'
import { agentStates } from '../../events/types.ts'
import type { AgentTimeRow } from '../../subjects/row.ts'
import { bucketStart, dayMs, minuteMs, slotMs, type EpochMs } from '../../time/time.ts'
import { compareEvents } from '../timeline/order.ts'
import type { AgentDay } from './agent-day.ts'
import { engagementChange, type Engagement } from './engagement.ts'
import type { AgentTimeouts } from './sign-out.ts'
import { foldAgentDay, type AgentDayInput } from './fold-agent-day.ts'

export const dayStartMs = Date.UTC(2026, 2, 2) as EpochMs

/** Minute of the test's day. */
export const at = (minute: number): EpochMs => (dayStartMs + minute * minuteMs) as EpochMs

let serial = 0
export function agentEvent(
  type: CanonicalEvent['type'],
  timeMs: EpochMs,
  data: CanonicalEvent['data'],
  id = `e${(serial += 1)}`,
): CanonicalEvent {
  return {
    type,
    id,
    source: '/acd',
    timeMs,
    sequence: '0',
    tenant: 'acme',
    data: { agentId: 'a-1', ...data },
  }
}
export const state = (
  minute: number,
  name: string,
  more: CanonicalEvent['data'] = {},
): CanonicalEvent => agentEvent('agent.state_changed', at(minute), { state: name, ...more })
/** The state of one channel. */
export const on = (
  channel: string,
  minute: number,
  name: string,
  more: CanonicalEvent['data'] = {},
): CanonicalEvent => state(minute, name, { channel, ...more })
export const join = (minute: number, queue: string): CanonicalEvent =>
  agentEvent('agent.queue_joined', at(minute), { queue })
export const leave = (minute: number, queue: string): CanonicalEvent =>
  agentEvent('agent.queue_left', at(minute), { queue })
/** What one of several contacts says. */
export type Told = Engagement & { readonly contactId: string }

/** Tells a day what contacts say, each in place of what it said before. */
export function teller(day: AgentDay): (told: Told) => void {
  const last = new Map<string, Told>()
  return (told) => {
    const change = engagementChange(last.get(told.contactId) ?? null, told)
    last.set(told.contactId, told)
    if (change !== null) day.changeEngagement(change)
  }
}

export const engaged = (contactId: string, fromMinute: number, toMinute: number | null): Told => ({
  contactId,
  spans: [{ startMs: at(fromMinute), endMs: toMinute === null ? null : at(toMinute) }],
  mentionsMs: [at(fromMinute)],
})
export const call = (contactId: string, fromMinute: number, toMinute: number | null): Told => ({
  ...engaged(contactId, fromMinute, toMinute),
  isCall: true,
})

const hours = 60 * minuteMs
/** As they are without any configuration. */
export const timeouts: AgentTimeouts = {
  agentHeartbeatTimeoutMs: 2 * minuteMs,
  agentSilenceMs: null,
  agentShiftMaxMs: 16 * hours,
}
/** Of a source that never sends sign-outs. */
export const impatient: AgentTimeouts = { ...timeouts, agentSilenceMs: hours }

export function input(parts: Partial<AgentDayInput>): AgentDayInput {
  return {
    agentId: 'a-1',
    dayStartMs,
    carryIn: null,
    events: [],
    largestHeartbeatMs: null,
    engagements: [],
    config: timeouts,
    untilMs: at(1440),
    ...parts,
  }
}

/** Milliseconds by slot, class and queues. */
export type Totals = Record<string, number>

function add(
  totals: Totals,
  atMs: EpochMs,
  agentClass: string,
  queues: readonly string[],
  durationMs: number,
): void {
  const key = `${bucketStart(atMs, slotMs)} ${agentClass} ${queues.join()}`
  if (durationMs > 0) totals[key] = (totals[key] ?? 0) + durationMs
}

/** Busiest first, by class; within a class as documented. */
const shownOrder = [
  'on_contact',
  'wrap_up',
  'available',
  'not_ready',
  'break',
  'meal',
  'meeting',
  'training',
  'other',
  'offline',
]

const isInside = (contact: Engagement, nowMs: EpochMs): boolean =>
  contact.spans.some(({ startMs, endMs }) => startMs <= nowMs && nowMs < (endMs ?? Infinity))

/** When a timeout ends a sign-in, and whether a contact may begin it again. */
function timeoutOf(
  signedInAtMs: number,
  beatMs: number,
  lastHeardMs: number,
  config: AgentTimeouts,
): { atMs: number; final: boolean } {
  if (beatMs >= signedInAtMs) return { atMs: beatMs + config.agentHeartbeatTimeoutMs, final: true }
  return {
    atMs: lastHeardMs + Math.min(config.agentSilenceMs ?? Infinity, config.agentShiftMaxMs),
    final: false,
  }
}

/** Slow and obvious: each minute of [day start, `toMs`) on its own. Everything given lies on whole minutes. */
export function naiveTotals(
  given: AgentDayInput,
  toMs: EpochMs,
): { readonly totals: Totals; readonly signedInMs: number } {
  const totals: Totals = {}
  let signedInMs = 0
  let { signedInAtMs, lastHeardMs } = given.carryIn ?? { signedInAtMs: null, lastHeardMs: null }
  const told = new Map<string | null, string>(
    given.carryIn?.states.map(([channel, state]) => [channel, state]),
  )
  const before = given.carryIn?.signedOutBy ?? null
  let goneBy = before === 'shift-max' ? 'silence' : before // Both are guesses.
  const shown = (): string | undefined =>
    shownOrder.find((name) => [...told.values()].includes(name))
  const queues = new Set(given.carryIn?.queues)
  const beatMs = Math.max(given.largestHeartbeatMs ?? 0, given.carryIn?.lastHeartbeatMs ?? 0)
  const events = [...given.events].sort(compareEvents)
  const contacts = [...given.engagements]
  for (let nowMs = given.dayStartMs; nowMs < toMs; nowMs = (nowMs + minuteMs) as EpochMs) {
    for (const { type, data } of events.filter((event) => event.timeMs === nowMs)) {
      if (type === 'agent.state_changed') {
        if (goneBy !== null || data.channel === undefined) told.clear()
        told.set(data.channel ?? null, data.state!)
        if (shown() === 'offline') signedInAtMs = null
        else [signedInAtMs, goneBy] = [signedInAtMs ?? nowMs, null]
      }
      if (type === 'agent.queue_joined') queues.add(data.queue!)
      if (type === 'agent.queue_left') queues.delete(data.queue!)
      lastHeardMs = nowMs
    }
    const busy = contacts.some((contact) => isInside(contact, nowMs))
    if (contacts.some((contact) => contact.mentionsMs.includes(nowMs))) {
      lastHeardMs = nowMs
      if (busy && goneBy === 'silence' && shown() !== 'offline')
        [signedInAtMs, goneBy] = [nowMs, null]
    }
    const onCall = contacts.some((contact) => contact.isCall === true && isInside(contact, nowMs))
    if (signedInAtMs !== null && !onCall) {
      const due = timeoutOf(signedInAtMs, beatMs, lastHeardMs ?? signedInAtMs, given.config)
      if (nowMs >= due.atMs) [signedInAtMs, goneBy] = [null, due.final ? 'heartbeat' : 'silence']
    }
    if (signedInAtMs === null) continue
    signedInMs += minuteMs
    const handling = busy || shown() === 'on_contact' || shown() === 'wrap_up'
    add(
      totals,
      nowMs,
      handling ? 'handling' : shown() === 'available' ? 'available' : 'not_ready',
      [...queues].sort(),
      minuteMs,
    )
  }
  return { totals, signedInMs }
}

/** What a reader at `asOfMs` sees: the rows, and the open class from max(since, the last quarter-hour). */
export function readerTotals(fold: ReturnType<typeof foldAgentDay>, asOfMs: EpochMs): Totals {
  const totals = rowTotals(fold.rows)
  for (const { kind, sinceMs } of fold.open) {
    if (!kind.startsWith('agent-class.')) continue
    const fromMs = Math.max(sinceMs, bucketStart(asOfMs, slotMs)) as EpochMs
    add(totals, fromMs, kind.slice('agent-class.'.length), fold.carryOut.queues, asOfMs - fromMs)
  }
  return totals
}

export function rowTotals(rows: readonly AgentTimeRow[]): Totals {
  const totals: Totals = {}
  for (const { class: agentClass, fromMs, toMs, credit } of rows)
    add(
      totals,
      fromMs,
      agentClass,
      (credit.queue as readonly string[] | undefined) ?? [],
      toMs - fromMs,
    )
  return totals
}

/** Minutes by class over the whole day. */
export function minutesByClass(totals: Totals): Record<string, number> {
  const minutes: Record<string, number> = {}
  for (const [key, durationMs] of Object.entries(totals)) {
    const agentClass = key.split(' ')[1]!
    minutes[agentClass] = (minutes[agentClass] ?? 0) + durationMs / minuteMs
  }
  return minutes
}

export const minutesOf = (parts: Partial<AgentDayInput>): Record<string, number> =>
  minutesByClass(rowTotals(foldAgentDay(input(parts)).rows))

export type MinuteRange = { readonly fromMinute: number; readonly toMinute: number }
const wholeDay: MinuteRange = { fromMinute: 0, toMinute: 1439 }

const minuteIn = ({ fromMinute, toMinute }: MinuteRange): fc.Arbitrary<number> =>
  fc.integer({ min: fromMinute, max: toMinute })

/** Few states and queues, so that they repeat. */
export function anyEvents(range = wholeDay): fc.Arbitrary<CanonicalEvent[]> {
  const states = fc.constantFrom(...agentStates, 'available', 'available')
  const told = fc.record(
    {
      channel: fc.constantFrom('chat', 'voice'),
      capacity: fc.constantFrom<Record<string, number>[]>({ chat: 3 }, { voice: 1 }),
    },
    { requiredKeys: [] },
  )
  const event = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(minuteIn(range), states, told)
        .map(([minute, name, more]) => state(minute, name, more)),
    },
    fc
      .tuple(minuteIn(range), fc.constantFrom('b', 'a'))
      .map(([minute, queue]) => join(minute, queue)),
    fc
      .tuple(minuteIn(range), fc.constantFrom('b', 'a'))
      .map(([minute, queue]) => leave(minute, queue)),
  )
  return fc.array(event, { maxLength: 25 })
}

export function anyEngagement(contactId: string, range = wholeDay): fc.Arbitrary<Told> {
  return fc
    .record({
      bounds: fc.uniqueArray(minuteIn(range), { maxLength: 7 }),
      mentions: fc.uniqueArray(minuteIn(range), { maxLength: 12 }),
      isCall: fc.boolean(),
    })
    .map(({ bounds, mentions, isCall }) => {
      const ascending = bounds.sort((a, b) => a - b)
      const queue = queues[bounds.length % queues.length]
      const spans = ascending.flatMap((minute, index) =>
        index % 2 === 1
          ? []
          : [{ startMs: at(minute), endMs: ends(ascending[index + 1]), ...(queue && { queue }) }],
      )
      const told = { contactId, isCall, spans, mentionsMs: mentions.sort((a, b) => a - b).map(at) }
      if (ascending.length === 0 || ascending.length % 2 === 1) return told
      if (mentions.length % 4 === 0) return { ...told, continues: true as const }
      return { ...told, ended: { atMs: at(ascending.at(-1)!), credit: { agent: 'a-1' } } }
    })
}

const queues = [undefined, 'a', 'b']

const ends = (minute: number | undefined): EpochMs | null =>
  minute === undefined ? null : at(minute)

export function anyEngagements(range = wholeDay): fc.Arbitrary<Engagement[]> {
  return fc
    .tuple(
      fc.integer({ min: 0, max: 3 }),
      anyEngagement('c-0', range),
      anyEngagement('c-1', range),
      anyEngagement('c-2', range),
    )
    .map(([count, ...engagements]) => engagements.slice(0, count))
}

export const anyTimeouts: fc.Arbitrary<AgentTimeouts> = fc.record({
  agentHeartbeatTimeoutMs: fc.constantFrom(2 * minuteMs, 30 * minuteMs),
  agentSilenceMs: fc.constantFrom(null, 20 * minuteMs, 60 * minuteMs, 240 * minuteMs),
  agentShiftMaxMs: fc.constantFrom(100 * minuteMs, 16 * 60 * minuteMs),
})

/** A day without what the day before hands over. */
export const anyFirstDay: fc.Arbitrary<AgentDayInput> = fc
  .record({
    events: anyEvents(),
    engagements: anyEngagements(),
    largestHeartbeatMs: fc.option(minuteIn(wholeDay).map(at)),
    config: anyTimeouts,
    untilMs: fc.integer({ min: 0, max: 1440 }).map(at),
  })
  .map(input)

/** A day into which another one carries what an agent may really hold at midnight. */
export const anyDay: fc.Arbitrary<AgentDayInput> = fc
  .tuple(anyFirstDay, fc.option(anyFirstDay))
  .map(([day, yesterday]) => ({
    ...day,
    carryIn: yesterday === null ? null : carriedFrom(yesterday),
  }))

export function carriedFrom(today: AgentDayInput): AgentDayInput['carryIn'] {
  const back = (atMs: EpochMs): EpochMs => (atMs - dayMs) as EpochMs
  return foldAgentDay(movedBy(today, back, back(dayStartMs))).carryOut
}

/** The same inputs at other instants, folded to the end of the day at `startMs`. */
export function movedBy(
  given: AgentDayInput,
  move: (atMs: EpochMs) => EpochMs,
  startMs: EpochMs,
): AgentDayInput {
  return {
    ...given,
    dayStartMs: startMs,
    untilMs: (startMs + dayMs) as EpochMs,
    largestHeartbeatMs: given.largestHeartbeatMs === null ? null : move(given.largestHeartbeatMs),
    events: [...given.events].map((event) => ({ ...event, timeMs: move(event.timeMs) })),
    engagements: [...given.engagements].map(({ spans, mentionsMs, ended, ...contact }) => ({
      ...contact,
      ...(ended !== undefined && { ended: { ...ended, atMs: move(ended.atMs) } }),
      spans: spans.map(({ startMs: from, endMs, ...span }) => ({
        ...span,
        startMs: move(from),
        endMs: endMs === null ? null : move(endMs),
      })),
      mentionsMs: mentionsMs.map(move),
    })),
  }
}
