import fc from 'fast-check'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { dayMs, type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import type { LogRecord, Offset } from '@deskpulse/stream'
import { contactRule, proposals, sourceRule } from '../../packages/engine/src/testing/alert-log.ts'
import {
  eventEntry,
  recordOf,
  recordOfEntries,
} from '../../packages/engine/src/testing/fold-log.ts'
import type { Random } from '../../services/cli/src/simulate/random.ts'
import { night, office } from '../oracle/support/calendars.ts'
import { configRecord } from '../oracle/support/folded.ts'
import { oddEvents } from '../oracle/support/odd-events.ts'
import { simulatedEvents } from '../oracle/support/simulated-days.ts'
import { wrongClocks } from './wrong-clocks.ts'

/** What one partition is fed: a tenant's configuration, then its events and changes of its rules, late, repeated and out of order, some from a wrong clock, and appended by clocks that jump. */
export type Input = {
  readonly tenant: string
  readonly span: Span
  readonly config: TenantConfig
  /** Each event once. Of `afterthoughts` some are refused; of the others none. */
  readonly events: readonly CanonicalEvent[]
  readonly afterthoughts: readonly CanonicalEvent[]
  /** Refused: each is to be published as a dead letter. */
  readonly futureEvents: readonly CanonicalEvent[]
  readonly records: readonly LogRecord[]
}

/**
 * How long its log goes on. `hours`: a day or two. `weeks`: until periods of every kind but years are closed; and much of what happened on the first day is told
 * long after that, within the contact retention of 35 days and beyond it, where what was known has expired.
 */
export type Span = 'hours' | 'weeks'

const startMs = Date.parse('2026-03-28T20:00:00Z')
/** How many odd sequences of contacts and agents there are. Of weeks one is told in time, the other long after it happened. */
const sequences: Readonly<Record<Span, number>> = { hours: 3, weeks: 2 }
const lateMs = [
  [2 * dayMs, 30 * dayMs],
  [36 * dayMs, 44 * dayMs],
] as const
const weeksEndMs = startMs + 46 * dayMs
const beatMs = 36 * hourMs
/** What came longer ago is not held back for what comes next: it would be too late by days. */
const togetherMs = hourMs
/** Log time ends behind the last event, whose sender's clock may have been behind. */
const lastMs = 2_000

/** What comes, and when; `null`: nothing but time. */
type Arrival = { readonly event: CanonicalEvent | null; readonly atMs: number }

export function inputOf(tenant: string, seed: number, random: Random, span: Span = 'hours'): Input {
  const config: TenantConfig = {
    ...defaultTenantConfig,
    timeZone: random.pick(['Europe/Rome', 'Asia/Kathmandu', 'UTC']),
    fcrWindowMs: 2 * hourMs,
    calendars: { office, night },
    calendar: random.pick([null, 'office']),
    queueCalendars: { tech: 'night' },
    outsideHours: { live: 'count', deferred: random.pick(['count', 'exclude', 'separate']) },
    pendedPauses: { voice: true, live: true, deferred: true },
    threadSources: random.pick([[], ['/chat'], ['/chat', '/phone']]),
    idleGapMs: random.pick([30 * minuteMs, 24 * hourMs]),
  }
  const odd = fc
    .sample(oddEvents(startMs), { seed, numRuns: sequences[span] })
    .map((its, number) =>
      its
        .filter((event) => span === 'hours' || !isLongForecast(event))
        .map((event) => ({ ...renamed(event, number, span), tenant })),
    )
  const usual = span === 'hours' ? usualEvents(seed) : []
  const told = [...odd, usual.map((event) => ({ ...event, tenant }))]
  const afterthoughts = span === 'hours' ? [] : afterthoughtsOf(odd[0]!, random)
  const futureEvents = told
    .flat()
    .filter(() => random.chance(0.03))
    .map((event) => ({
      ...event,
      id: `future-${event.id}`,
      timeMs: (event.timeMs + 60 * hourMs) as EpochMs,
    }))

  const late = (event: CanonicalEvent): number =>
    event.timeMs + (random.chance(0.1) ? random.between(0, 2 * hourMs) : random.exponential(1_500))
  const arrivals = told.flatMap((events, number): Arrival[] => {
    const delayMs = span === 'weeks' && number === 1 ? random.between(...random.pick(lateMs)) : 0
    return events.map((event) => ({ event, atMs: late(event) + delayMs }))
  })
  const again = arrivals
    .filter(() => random.chance(0.2))
    .map(({ event, atMs }): Arrival => ({ event, atMs: atMs + random.between(0, 20 * hourMs) }))
  const early = futureEvents.map((event): Arrival => ({ event, atMs: event.timeMs - 60 * hourMs }))
  const rest = span === 'hours' ? [] : [...afterthoughts, ...beats(random)]
  const ordered = [...arrivals, ...again, ...early, ...rest].sort((a, b) => a.atMs - b.atMs)
  ordered.push({ event: null, atMs: ordered.at(-1)!.atMs + lastMs })
  const records = [
    configRecord(config, startMs, tenant),
    ...withRules(cut(ordered, random), tenant, random),
  ]
  return {
    tenant,
    span,
    config,
    events: told.flat(),
    afterthoughts: afterthoughts.map(({ event }) => event),
    futureEvents,
    records: records.map((record, offset) => ({ ...record, offset: offset as Offset })),
  }
}

/** Without the forecasts of two days, which would be most of it: odd sequences have some. */
const usualEvents = (seed: number): CanonicalEvent[] =>
  simulatedEvents({ seed, startMs, endMs: startMs + 5 * minuteMs, agents: 2 }).filter(
    ({ type }) => type !== 'workload.forecast',
  )

/** It wakes minute by minute: one of a week alone takes more steps than all the rest. */
const isLongForecast = ({ type, data: { start, end } }: CanonicalEvent): boolean =>
  type === 'workload.forecast' && Date.parse(end as string) - Date.parse(start as string) > dayMs

/** More of what is known, told long after: of what has expired since it is refused, as is what belongs before what can no longer be moved. */
function afterthoughtsOf(events: readonly CanonicalEvent[], random: Random) {
  return events
    .filter(() => random.chance(0.2))
    .map((event) => ({
      event: { ...event, id: `after-${event.id}` },
      atMs: event.timeMs + random.between(4 * dayMs, 45 * dayMs),
    }))
}

/** Time that passes while nothing comes: now and then twice within minutes, as ticks are minutes. */
function beats(random: Random): Arrival[] {
  const all: Arrival[] = []
  for (let atMs = startMs; atMs < weeksEndMs; atMs += random.exponential(beatMs)) {
    all.push({ event: null, atMs })
    if (random.chance(0.3)) all.push({ event: null, atMs: atMs + random.between(0, 3 * minuteMs) })
  }
  return all
}

/** What one sequence names is another's too in a log of hours alone: complaints, reviews, forecasts and the like. Of weeks these would expire between one and the next. */
const ownNames: Readonly<Record<Span, RegExp>> = {
  hours: /^(contactId|customerId|.*[aA]gentId)$/,
  weeks: /Id$/,
}

function renamed(event: CanonicalEvent, prefix: number, span: Span): CanonicalEvent {
  const isForecast = span === 'weeks' && event.type === 'workload.forecast'
  const isOwn = (name: string): boolean =>
    ownNames[span].test(name) || (isForecast && name === 'queue')
  const data = Object.fromEntries(
    Object.entries(event.data).map(([name, value]) => [
      name,
      isOwn(name) ? `${prefix}-${String(value)}` : value,
    ]),
  )
  return { ...event, id: `${prefix}-${event.id}`, data }
}

const ruleSets = [
  [contactRule('waiting', { limitMs: 20_000 }), sourceRule('silent', { limitMs: 5 * minuteMs })],
  [
    contactRule('waiting', { limitMs: 2 * minuteMs }),
    contactRule('calls', { classes: ['voice'], waits: ['queue'], limitMs: minuteMs }),
  ],
  [
    contactRule('deferred', { classes: ['deferred', 'live'], limitMs: 40 * minuteMs }),
    contactRule('waiting', { slice: 'queue=billing' }),
  ],
  [],
]

/** Rules change now and then; before the first change the shipped ones are in force. */
function withRules(records: readonly LogRecord[], tenant: string, random: Random): LogRecord[] {
  const propose = proposals(tenant)
  return records.flatMap((record) =>
    random.chance(0.03)
      ? [recordOfEntries(0, record.appendedAtMs, [propose(...random.pick(ruleSets))]), record]
      : [record],
  )
}

/** Into records of a few events, appended when the last of them came; between them, now and then, one that brings nothing but time. */
function cut(arrivals: readonly Arrival[], random: Random): LogRecord[] {
  const records: LogRecord[] = []
  const clocks = wrongClocks(random)
  for (let rest = arrivals; rest.length > 0;) {
    const most = rest.slice(0, 1 + Math.floor(random.exponential(4)))
    const end = most.findIndex(
      ({ event, atMs }) => event === null || atMs > most[0]!.atMs + togetherMs,
    )
    const taken = end < 0 ? most : most.slice(0, Math.max(1, end))
    rest = rest.slice(taken.length)
    const appendedAtMs = Math.ceil(taken.at(-1)!.atMs) as EpochMs
    const entries = taken.flatMap(({ event }) => (event === null ? [] : [eventEntry(event)]))
    records.push(clocks.record(records.length + 1, appendedAtMs, entries))
    if (random.chance(0.2)) records.push(clocks.record(records.length + 1, appendedAtMs, []))
  }
  return records
}

export function heartbeat(offset: number, appendedAtMs: number): LogRecord {
  return { ...recordOf(offset, appendedAtMs as EpochMs, []), offset: offset as Offset }
}
