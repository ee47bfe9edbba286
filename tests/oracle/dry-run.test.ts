import type { AlertRule, AlertTransition } from '@deskpulse/core/alerts'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { LogRecord, Offset, Snapshot } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  agentRule,
  contactRule,
  proposals,
  sourceRule,
} from '../../packages/engine/src/testing/alert-log.ts'
import { arbitraryEvents, hour, startMs } from '../../packages/engine/src/testing/arbitrary-logs.ts'
import {
  eventEntry,
  foldLog,
  recordOfEntries,
  transitionsOf,
} from '../../packages/engine/src/testing/fold-log.ts'
import type { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import { dryRun } from '../../services/alerter/src/dry-run/dry-run.ts'
import type { DryRunAlert } from '../../services/alerter/src/dry-run/result.ts'

const tenant = 'acme'
const one = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values)

/** What rules look at, often enough that alerts begin and end. */
const kinds = one<Pick<CanonicalEvent, 'type' | 'data'>>(
  ...(['c-1', 'c-2', 'c-3'] as const).flatMap((contactId) => [
    { type: 'contact.opened' as const, data: { contactId, channel: 'chat', queue: 'billing' } },
    { type: 'contact.opened' as const, data: { contactId, channel: 'chat', queue: 'tech' } },
    { type: 'contact.queued' as const, data: { contactId, queue: 'billing' } },
    { type: 'contact.assigned' as const, data: { contactId, agentId: 'a-1' } },
    { type: 'message.sent' as const, data: { contactId, from: 'customer' } },
    { type: 'message.sent' as const, data: { contactId, from: 'customer' } },
    { type: 'message.sent' as const, data: { contactId, from: 'agent', agentId: 'a-1' } },
    { type: 'contact.ended' as const, data: { contactId } },
  ]),
  ...(['a-1', 'a-2'] as const).flatMap((agentId) => [
    ...['available', 'break', 'break', 'offline'].map((state) => ({
      ...{ type: 'agent.state_changed' as const, data: { agentId, state } },
    })),
    { type: 'agent.heartbeat' as const, data: { agentId } },
  ]),
)

const events: fc.Arbitrary<CanonicalEvent[]> = fc
  .array(fc.tuple(kinds, fc.nat(10 * 3_600)), { minLength: 1, maxLength: 40 })
  .map((all) =>
    all.map(([{ type, data }, second], n) => ({
      ...{ type, data, tenant, id: `e-${n}`, source: '/test', sequence: '0' },
      timeMs: (startMs + 9 * hour + second * 1_000) as EpochMs,
    })),
  )

/** Any events of all kinds as well: most of them say nothing to a rule. */
const anyEvents = fc.oneof(
  { weight: 3, arbitrary: events },
  { weight: 1, arbitrary: arbitraryEvents },
)
type Step = { readonly atMs: number; readonly events: readonly CanonicalEvent[] }
type World = {
  readonly events: readonly CanonicalEvent[]
  /** Each event is appended so long after it happened; used in turn. */
  readonly delaysMs: readonly number[]
  /** These events come once more, a minute after their time. */
  readonly repeated: readonly number[]
  /** From a moment on, so long after the start, all wall clocks are so far ahead of before, though no monotonic clock saw the time pass. */
  readonly leap: { readonly afterMs: number; readonly byMs: number }
}

/** The log of a tenant whose rule was in force from its first record on, with heartbeats in between, and of another one of whom the same is told. */
function logOf(rule: AlertRule, { events, delaysMs, repeated, leap }: World): LogRecord[] {
  const leapAtMs = startMs + 9 * hour + leap.afterMs
  const leapt = <Time extends number>(ms: Time): Time =>
    (ms < leapAtMs ? ms : ms + leap.byMs) as Time
  const sent = events.map((event) => ({ ...event, timeMs: leapt(event.timeMs) }))
  const steps: Step[] = [
    ...events.map(({ timeMs }, n) => ({
      atMs: timeMs + delaysMs[n % delaysMs.length]!,
      events: [sent[n]!],
    })),
    ...repeated.map((n) => ({
      atMs: events[n % events.length]!.timeMs + minuteMs,
      events: [sent[n % events.length]!],
    })),
    ...Array.from({ length: 24 }, (_, half) => ({
      atMs: startMs + 9 * hour + half * (hour / 2),
      events: [],
    })),
  ]
  const first = recordOfEntries(0, (startMs + 8 * hour) as EpochMs, [proposals(tenant)(rule)])
  const records = steps
    .flatMap((step) => [{ atMs: step.atMs - 250, events: [] }, step]) // As it is live: log time has come so far before.
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, events: arrived }, index) => {
      const wallMs = leapt(atMs) as EpochMs
      const foreign = arrived.map((event) => ({ ...event, tenant: 'other' }))
      return recordOfEntries(index + 1, wallMs, [...foreign, ...arrived].map(eventEntry), {
        name: 'boot',
        wallMs,
        monotonicMs: atMs,
      })
    })
  return [first, ...records]
}

/** What the fold told of each alert in the end. What began and was taken back in one step of the log nobody is told of. */
function toldBy(transitions: readonly AlertTransition[]): DryRunAlert[] {
  const alerts = new Map<string, { firing: AlertTransition; last: AlertTransition }>()
  for (const one of transitions) {
    const key = `${one.subject} ${one.number}`
    alerts.set(key, { firing: alerts.get(key)?.firing ?? one, last: one })
  }
  return [...alerts.values()].flatMap(({ firing, last }) =>
    last.end === 'retracted' && firing.detectedMs === last.detectedMs ? [] : alertOf(firing, last),
  )
}

const alertOf = ({ slice }: AlertTransition, last: AlertTransition): DryRunAlert => {
  const { subject, sinceMs, startedMs, endedMs, end, late, value } = last
  return valued({ subject, slice, sinceMs, startedMs, endedMs, end, late, value })
}

/** Of what still fires, the folds told the value of its beginning. */
const valued = (alert: DryRunAlert): DryRunAlert =>
  alert.endedMs === null ? { ...alert, value: null } : alert

async function foundBy(
  rule: AlertRule,
  records: readonly LogRecord[],
  { records: stored, logTimeMs }: MemoryStore,
) {
  const position = { logTimeMs, watermarkMs: logTimeMs, offset: records.length as Offset }
  const read = async (_: unknown, { keys }: { readonly keys: readonly string[] }) =>
    ({
      ...position,
      values: keys.map((key) => stored.get(key) ?? null),
      lists: [],
      hashes: [],
    }) as unknown as Snapshot
  const log = {
    read: async (_topic: string, _partition: unknown, from: number, limit: number) =>
      records.slice(from, from + limit),
  }
  const range = { fromMs: 0 as EpochMs, toMs: null }
  const outcome = await dryRun(
    { store: { read }, log, topic: 'deskpulse.log', partitions: 1 },
    tenant,
    rule,
    range,
  )
  if (outcome.kind !== 'done') throw new Error(`not kept: ${outcome.what}`)
  return outcome.result.alerts.map(valued)
}

const sorted = (alerts: readonly DryRunAlert[]): DryRunAlert[] =>
  alerts.toSorted((a, b) => a.startedMs - b.startedMs || (a.subject < b.subject ? -1 : 1))

/** A dry run leaves out contacts whose opening it did not read, where their source sends openings. */
function believed(events: readonly CanonicalEvent[]): (alert: DryRunAlert) => boolean {
  const opened = events
    .filter(({ type }) => type === 'contact.opened')
    .map(({ data }) => `contact/${data.contactId}`)
  return ({ subject }) =>
    !subject.startsWith('contact/') || opened.length === 0 || opened.includes(subject)
}

test.each([
  {
    of: 'contacts',
    rule: contactRule('tried', { limitMs: 600_000, classes: ['live', 'voice', 'deferred'] }),
  },
  {
    of: 'contacts in a queue',
    rule: contactRule('tried', { limitMs: 60_000, slice: 'queue=billing' }),
  },
  { of: 'agents', rule: agentRule('tried', { limitMs: 900_000, states: ['break', 'available'] }) },
  { of: 'sources', rule: sourceRule('tried', { limitMs: 600_000 }) },
])('a dry run of a rule of $of finds what the folds would have told', async ({ rule }) => {
  let found = 0
  const worlds: fc.Arbitrary<World> = fc.record({
    events: anyEvents,
    delaysMs: fc.array(fc.constantFrom(0, 1_000, 40_000, 1_200_000), {
      minLength: 1,
      maxLength: 4,
    }),
    repeated: fc.array(fc.nat(39), { maxLength: 10 }),
    leap: fc.record({ afterMs: fc.nat(10 * hour), byMs: fc.constantFrom(0, 0, hour) }),
  })
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const records = logOf(rule, world)
      const store = await foldLog(records, { batchSizes: [1] })
      const told = toldBy(transitionsOf(store).filter((one) => one.tenant === tenant)).filter(
        believed(world.events),
      )
      expect(sorted(await foundBy(rule, records, store))).toEqual(sorted(told))
      found += told.length
    }),
  )
  expect(found).toBeGreaterThan(0)
})
