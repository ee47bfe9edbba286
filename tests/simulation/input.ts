import fc from 'fast-check'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
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
  readonly config: TenantConfig
  /** Each accepted event once: what the oracle is given. */
  readonly events: readonly CanonicalEvent[]
  /** Refused: each is to be published as a dead letter. */
  readonly futureEvents: readonly CanonicalEvent[]
  readonly records: readonly LogRecord[]
}

const startMs = Date.parse('2026-03-28T20:00:00Z')
const oddContacts = 3 // Times the three contacts and agents of one odd sequence.

export function inputOf(tenant: string, seed: number, random: Random): Input {
  const config: TenantConfig = {
    ...defaultTenantConfig,
    timeZone: random.pick(['Europe/Rome', 'Asia/Kathmandu', 'UTC']),
    fcrWindowMs: 2 * hourMs,
    calendars: { office, night },
    calendar: random.pick([null, 'office']),
    queueCalendars: { tech: 'night' },
    outsideHours: { live: 'count', deferred: random.pick(['count', 'exclude', 'separate']) },
    pendedPauses: { voice: true, live: true, deferred: true },
  }
  const odd = fc
    .sample(oddEvents(startMs), { seed, numRuns: oddContacts })
    .flatMap((events, number) => events.map((event) => renamed(event, `${number}`)))
  const usual = simulatedEvents({ seed, startMs, endMs: startMs + 5 * minuteMs, agents: 2 })
  const events = [...odd, ...usual].map((event) => ({ ...event, tenant }))
  const futureEvents = events
    .filter(() => random.chance(0.03))
    .map((event) => ({
      ...event,
      id: `future-${event.id}`,
      timeMs: (event.timeMs + 60 * hourMs) as EpochMs,
    }))

  const late = (event: CanonicalEvent): number =>
    event.timeMs + (random.chance(0.1) ? random.between(0, 2 * hourMs) : random.exponential(1_500))
  const arrivals = events.map((event) => ({ event, atMs: late(event) }))
  const again = events
    .filter(() => random.chance(0.2))
    .map((event) => ({ event, atMs: late(event) + random.between(0, 20 * hourMs) }))
  const early = futureEvents.map((event) => ({ event, atMs: event.timeMs - 60 * hourMs }))
  const ordered = [...arrivals, ...again, ...early].sort((a, b) => a.atMs - b.atMs)
  const records = [
    configRecord(config, startMs, tenant),
    ...withRules(cut(ordered, random), tenant, random),
  ]
  return {
    tenant,
    config,
    events,
    futureEvents,
    records: records.map((record, offset) => ({ ...record, offset: offset as Offset })),
  }
}

function renamed(event: CanonicalEvent, prefix: string): CanonicalEvent {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([name, value]) => [
      name,
      /^(contactId|customerId|.*[aA]gentId)$/.test(name) ? `${prefix}-${String(value)}` : value,
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
function cut(
  arrivals: readonly { readonly event: CanonicalEvent; readonly atMs: number }[],
  random: Random,
): LogRecord[] {
  const records: LogRecord[] = []
  const clocks = wrongClocks(random)
  for (let rest = arrivals; rest.length > 0;) {
    const taken = rest.slice(0, 1 + Math.floor(random.exponential(4)))
    rest = rest.slice(taken.length)
    const appendedAtMs = Math.ceil(taken.at(-1)!.atMs) as EpochMs
    const entries = taken.map(({ event }) => eventEntry(event))
    records.push(clocks.record(records.length + 1, appendedAtMs, entries))
    if (random.chance(0.2)) records.push(clocks.record(records.length + 1, appendedAtMs, []))
  }
  return records
}

export function heartbeat(offset: number, appendedAtMs: number): LogRecord {
  return { ...recordOf(offset, appendedAtMs as EpochMs, []), offset: offset as Offset }
}
