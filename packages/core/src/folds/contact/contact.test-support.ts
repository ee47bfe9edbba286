import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import { contribute } from '../../families/contribute.ts'
import type { WaitingRow } from '../../open/entry.ts'
import { hourMs, secondMs, type EpochMs } from '../../time/time.ts'
import type { DimensionValues, CreditScope, Measure } from '../../measures/measure.ts'
import type { OpenKind } from '../../state/keys.ts'
import type { RowChange } from '../../subjects/row-set.ts'
import { Contact, type ContactChange } from './contact.ts'
import type { InBacklog } from '../open-subject.ts'
import type { ContactOutput } from './outputs.ts'

export const startMs = Date.UTC(2026, 2, 2, 9) as EpochMs
/** Second of the test's day. */
export const at = (second: number): EpochMs => (startMs + second * secondMs) as EpochMs

/** What happened: [second, type, data]. One source; events of one second come in this order. */
export type Happened = readonly [second: number, type: EventType, data?: EventData]

export const opened = (second: number, data: EventData = {}): Happened => [
  second,
  'contact.opened',
  { channel: 'chat', ...data },
]
export const assigned = (second: number, agentId: string, queue?: string): Happened => [
  second,
  'contact.assigned',
  { agentId, queue },
]
export const queued = (second: number, queue: string): Happened => [
  second,
  'contact.queued',
  { queue },
]
export const customer = (second: number): Happened => [second, 'message.sent', { from: 'customer' }]
export const bot = (second: number, data: EventData = {}): Happened => [
  second,
  'message.sent',
  { from: 'bot', ...data },
]
export const agent = (second: number, agentId?: string, data: EventData = {}): Happened => [
  second,
  'message.sent',
  { from: 'agent', agentId, ...data },
]
export const released = (second: number, agentId: string): Happened => [
  second,
  'contact.released',
  { agentId },
]
export const resolved = (second: number, agentId?: string): Happened => [
  second,
  'contact.resolved',
  { agentId },
]

/** What a row adds to one measure. */
export type Counted = {
  readonly measure: Measure
  readonly atMs: EpochMs
  readonly value: number
  readonly dimensions: DimensionValues
  readonly scope: CreditScope
}

/** What rows add; those that go are left out. */
export function countedIn(changes: readonly RowChange[]): Counted[] {
  const counted: Counted[] = []
  for (const { row, sign } of changes) {
    if (sign === 1) {
      contribute(row, (measure, { atMs, credit }, value, scope) =>
        counted.push({ measure, atMs, value, dimensions: credit, scope }),
      )
    }
  }
  return counted
}

/** A kind of what goes on, and the instant since which a slice counts it. */
export type Standing = {
  readonly kind: OpenKind
  readonly sinceMs: EpochMs
  readonly atMs: EpochMs
  readonly dimensions: DimensionValues
}

function standingsOf(open: ContactChange['open']): Standing[] {
  const { wait, backlog } = open?.now ?? { wait: null, backlog: null }
  const counted =
    backlog === null ? [] : [{ kind: 'backlog' as const, atMs: backlog.sinceMs, ...backlog }]
  const waits = (wait?.intervals ?? []).flatMap(({ kind, sinceMs }): Standing[] => {
    const standing = { kind, sinceMs, atMs: sinceMs, dimensions: wait!.dimensions }
    const isLimited = kind === 'reply.live' || kind === 'reply.deferred' || kind === 'queue.voice'
    const { dueAtMs } = wait!.row as WaitingRow
    return isLimited ? [standing, { ...standing, kind: `${kind}.due`, atMs: dueAtMs }] : [standing]
  })
  return [...counted, ...waits]
}

export type Told = {
  /** All that the contact contributes, by measure: durations in seconds, counts as they are. */
  readonly values: Readonly<Record<string, readonly number[]>>
  /** The seconds at which they count. */
  readonly seconds: Readonly<Record<string, readonly number[]>>
  /** `queue/agent` of each. */
  readonly credits: Readonly<Record<string, readonly string[]>>
  /** All that the contact contributes. */
  readonly counted: readonly Counted[]
  readonly open: readonly Standing[]
  readonly backlog: InBacklog | null
  readonly outputs: readonly ContactOutput[]
}

export function canonical(happened: readonly Happened[]): CanonicalEvent[] {
  return happened.map(([second, type, data = {}], index) => ({
    type,
    id: `e-${index}`,
    source: '/test',
    sequence: String(index + 1),
    tenant: 'acme',
    timeMs: at(second),
    data: JSON.parse(JSON.stringify({ contactId: 'c-1', ...data })) as EventData,
  }))
}

export type Telling = { readonly config?: Partial<TenantConfig>; readonly untilSecond?: number }

/** What the events of one contact amount to at `untilSecond`. */
export function told(
  happened: readonly Happened[],
  { config, untilSecond = 3 * 3_600 }: Telling = {},
): Told {
  const contact = new Contact('c-1', () => ({ ...defaultTenantConfig, ...config }), null, [])
  for (const [index, event] of canonical(happened).entries()) {
    contact.insert({
      event,
      receivedMs: Math.max(event.timeMs, startMs) as EpochMs,
      text: String.fromCharCode(index),
    })
  }
  contact.settle(at(untilSecond))
  const { rows, open, outputs } = contact.take(at(untilSecond))
  const counted = countedIn(rows)
  const byName = <Value>(pick: (one: Counted) => Value): Record<string, Value[]> => {
    const named: Record<string, Value[]> = {}
    for (const one of counted.toSorted((a, b) => a.atMs - b.atMs))
      (named[one.measure.name] ??= []).push(pick(one))
    return named
  }
  return {
    values: byName(({ measure, value }) =>
      measure.kind === 'duration' ? value / secondMs : value,
    ),
    seconds: byName(({ atMs }) => (atMs - startMs) / secondMs),
    credits: byName(
      ({ dimensions, scope }) =>
        `${String(dimensions.queue)}/${scope === 'wide' ? '*' : dimensions.agent}`,
    ),
    counted,
    open: standingsOf(open),
    backlog: open?.now.backlog ?? null,
    outputs: outputs.flatMap(({ output, how }) => (how === 'withdrawn' ? [] : [output])),
  }
}

/** Kinds of what stands open, with the second since when. */
export function standing({ open }: Told): Record<string, number> {
  return Object.fromEntries(open.map(({ kind, atMs }) => [kind, (atMs - startMs) / secondMs]))
}

/** Seconds in which an agent was engaged. */
export function engaged({ outputs }: Told, agentId: string): [from: number, to: number][] {
  return outputs.flatMap((output) =>
    output.kind === 'engagement' && output.agentId === agentId
      ? output.engagement.spans.map(({ startMs: from, endMs }): [number, number] => [
          (from - startMs) / secondMs,
          endMs === null ? Infinity : (endMs - startMs) / secondMs,
        ])
      : [],
  )
}

/** Seconds at which an event named an agent. */
export function mentioned({ outputs }: Told, agentId: string): number[] {
  return outputs.flatMap((output) =>
    output.kind === 'engagement' && output.agentId === agentId
      ? output.engagement.mentionsMs.map((atMs) => (atMs - startMs) / secondMs)
      : [],
  )
}

export const hourSeconds = hourMs / secondMs
