import { encodeClosedMessage } from '@deskpulse/contract'
import {
  type ClosedRecord,
  decodeClosed,
  encodeClosed,
  type IssuedPeriod,
} from '@deskpulse/core/closed'
import { partsOf, periodCells, storedParts } from '@deskpulse/core/kpis'
import { emptyMerged, encodeTotal, mergeRecord } from '@deskpulse/core/measures'
import { closedKey, foldVersion } from '@deskpulse/core/state'
import { type EpochMs, periodAt } from '@deskpulse/core/time'
import type { Load, PartitionId } from '@deskpulse/stream'
import type { ChangeSet } from '../partition/change-set.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { ClosingPeriod } from './closing-period.ts'
import type { TenantClosing } from './tenant-closing.ts'

/** A tick issues about so much at most, so that the end of a year is no single huge commit: the rest follows at the next ones. */
const issuesPerTick = 500
/** Buckets that the records issued at a tick are made of. */
const bucketsPerTick = 4_000
/** Records of one load. */
const keysPerLoad = 2_000

/** The place in the log at which something is issued. */
export type Tick = {
  readonly partition: PartitionId
  readonly closedTopic: string
  readonly alertsTopic: string
  readonly tickMs: EpochMs
  /** Of the first record behind it. */
  readonly offset: number
  readonly changes: ChangeSet
  readonly load: Load
}

/** What a tick may still issue. Only what is issued counts, not what is found as it was. */
export class Allowance {
  #issues = issuesPerTick
  #buckets = bucketsPerTick

  get isSpent(): boolean {
    return this.#issues <= 0 || this.#buckets <= 0
  }

  spend(buckets: number): void {
    this.#issues -= 1
    this.#buckets -= buckets
  }
}

/** A period of a tenant of which something is to be issued. */
export type Due = {
  readonly tenant: Tenant
  readonly closing: TenantClosing
  readonly period: ClosingPeriod
}

/** Issues slices of a period, in order of their texts, as far as the allowance goes. @returns `null`: none of them. */
export async function issuePeriod(
  due: Due,
  tick: Tick,
  allowance: Allowance,
): Promise<IssuedPeriod | null> {
  const { tenant, period, closing } = due
  const { frame, issuing } = period
  const named = periodAt(frame.kind, frame.startMs, tenant.localTime)
  const cells = periodCells(named, tenant.localTime, tick.tickMs)
  if (cells === null) {
    period.drop() // An hour whose quarters are no longer kept.
    return null
  }
  await closing.issued.load(tick.load)
  const slices = [...issuing].map((slice) => ({ slice, text: tenant.slices.textOf(slice)! }))
  slices.sort((a, b) => (a.text < b.text ? -1 : 1))
  const perLoad = Math.max(1, Math.floor(keysPerLoad / (cells.length + 1)))
  let [rows, revision] = [0, 0]
  for (let at = 0; at < slices.length && !allowance.isSpent; at += perLoad) {
    const some = slices.slice(at, at + perLoad)
    const read = await readSlices(due, cells, some, tick.load)
    for (const [place, { slice, text }] of some.entries()) {
      if (allowance.isSpent) break
      const { before, measures } = read[place]!
      if (!isSame(before, measures)) {
        allowance.spend(cells.length)
        const of = { slice, text, label: named.label, before, measures }
        revision = Math.max(revision, issue(due, of, tick))
        rows += 1
      }
      period.issued(slice)
    }
  }
  const { label } = named
  return rows === 0 ? null : { ...frame, label, cause: period.cause, rows, revision }
}

type Held = { readonly before: ClosedRecord | null; readonly measures: readonly Uint8Array[] }

/** What each slice holds now, and what was issued of it last. */
async function readSlices(
  { tenant, period: { frame } }: Due,
  cells: NonNullable<ReturnType<typeof periodCells>>,
  slices: readonly { readonly slice: number }[],
  load: Load,
): Promise<Held[]> {
  const { kind, startMs } = frame
  const plans = slices.map(({ slice }) => ({
    parts: partsOf(tenant.name, slice, cells, tenant.minutes.list),
    closed: closedKey(tenant.name, slice, kind, startMs),
  }))
  const { values } = await load(
    plans.flatMap(({ parts, closed }) => [closed, ...parts.keys]),
    null,
  )
  let next = 0
  return plans.map(({ parts }) => {
    const before = values[next++] ?? null
    const merged = emptyMerged()
    for (const { bytes } of storedParts(parts, values.slice(next, next + parts.keys.length)))
      mergeRecord(merged, bytes)
    next += parts.keys.length
    return { before: before === null ? null : decodeClosed(before), measures: encodeTotal(merged) }
  })
}

/** A slice that never held anything is as one of which nothing was issued. */
function isSame(before: ClosedRecord | null, measures: readonly Uint8Array[]): boolean {
  const held = before?.measures ?? []
  return (
    held.length === measures.length &&
    held.every((bytes, place) => Buffer.compare(bytes, measures[place]!) === 0)
  )
}

type OfSlice = Held & { readonly slice: number; readonly text: string; readonly label: string }

/** @returns the revision. */
function issue({ tenant, closing, period }: Due, of: OfSlice, tick: Tick): number {
  const { frame, cause } = period
  const { slice, text, label, before, measures } = of
  const { tickMs, offset, changes } = tick
  // One that held nothing when its period was closed has its first record afterwards.
  const first = cause === 'closed' || closing.isBefore(frame) ? 1 : 2
  const record: ClosedRecord = {
    ...{ revision: before === null ? first : before.revision + 1, cause, closedAtMs: tickMs },
    ...{ offset, foldVersion, configurations: tenant.configurationsIn(frame), measures },
  }
  const { kind, startMs } = frame
  const { revision } = record
  changes.put(closedKey(tenant.name, slice, kind, startMs), encodeClosed(record))
  if (before !== null)
    changes.put(closedKey(tenant.name, slice, kind, startMs, before.revision), encodeClosed(before))
  closing.issued.add({ closedAtMs: tickMs, kind, startMs, slice, revision })
  const { timeZone } = tenant.configAt(startMs)
  changes.out({
    id: `${tick.partition}-${offset}-${tenant.name}-${kind}-${startMs}-${text}-${revision}`,
    topic: tick.closedTopic,
    ...encodeClosedMessage(record, { ...frame, tenant: tenant.name, timeZone, label, slice: text }),
  })
  return revision
}
