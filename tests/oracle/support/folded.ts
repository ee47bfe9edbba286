import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import {
  catalogueOf,
  decodeSliceTable,
  emptySliceTable,
  evaluate,
  livePlan,
  parseSlice,
  periodPlan,
  slicesKey,
  type CanonicalEvent,
  type EpochMs,
  type KpiValue,
  type LiveWindow,
  type Period,
  type ReadingPlan,
  type Slice,
  type TenantConfig,
} from '@deskpulse/core'
import { encodeFrame, type LogRecord, type Offset } from '@deskpulse/stream'
import { recordOf } from '../../../services/aggregator/src/testing/fold-log.ts'

export const tenant = 'acme'

/** What a store holds, for reading. */
export type Stored = {
  readonly records: ReadonlyMap<string, Uint8Array>
  readonly open: ReadonlyMap<string, ReadonlyMap<string, EpochMs>>
  readonly logTimeMs: EpochMs
}

/** The record that brings the tenant's first configuration. */
export function configRecord(config: TenantConfig, appendedAtMs: number, named = tenant): LogRecord {
  const bytes = encodeConfigEntry(configEntry(config, null))
  const value = encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries: [{ tenant: named, kind: entryKinds.config, bytes }] })
  return { offset: 0 as Offset, appendedAtMs: appendedAtMs as EpochMs, key: null, value, headers: {} }
}

/** Events appended at their instants; then nothing but time, up to `asOfMs`. */
export function logOf(
  arrivals: readonly { readonly event: CanonicalEvent; readonly atMs: number }[],
  config: TenantConfig,
  asOfMs: number,
): LogRecord[] {
  const ordered = arrivals.toSorted((a, b) => a.atMs - b.atMs)
  const records = [configRecord(config, ordered[0]?.atMs ?? asOfMs)]
  for (const { event, atMs } of ordered) records.push(recordOf(records.length, atMs as EpochMs, [event]))
  return [...records, recordOf(records.length, asOfMs as EpochMs, [])]
}

export function sliceOf(text: string): Slice {
  const parsed = parseSlice(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.code}`)
  return parsed.slice
}

/** KPIs as a reader of the store sees them. */
export function readerOf(store: Stored, config: TenantConfig, named = tenant) {
  const table = store.records.get(slicesKey(named))
  const { texts } = table === undefined ? emptySliceTable : decodeSliceTable(table)
  const asOfMs = store.logTimeMs

  const question = (slice: string) => {
    const number = texts.indexOf(slice)
    return { tenant: named, slice: sliceOf(slice), sliceId: number < 0 ? undefined : number, config, kpis: catalogueOf(config).kpis }
  }

  const answer = (plan: ReadingPlan): Map<string, KpiValue> =>
    evaluate(plan, {
      values: plan.keys.map((key) => store.records.get(key) ?? null),
      open: plan.open.map(({ key, members }) => {
        const standing = [...(store.open.get(key) ?? [])].filter(([, sinceMs]) => sinceMs <= asOfMs).sort(([, a], [, b]) => a - b)
        return { count: standing.length, oldest: standing.slice(0, members).map(([member, sinceMs]) => ({ member, sinceMs })) }
      }),
      asOfMs,
    })

  return {
    slices: texts,
    period: (slice: string, period: Period): Map<string, KpiValue> => answer(periodPlan(question(slice), period, asOfMs)),
    live: (slice: string, window: LiveWindow): Map<string, KpiValue> => answer(livePlan(question(slice), window, asOfMs)),
  }
}
