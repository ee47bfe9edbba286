import { defaultTenantConfig } from '@deskpulse/core/config'
import {
  bucketMs,
  type CreditScope,
  decodeRolledTo,
  decodeRunning,
  dimensionSet,
  type DimensionValues,
  encodeRecord,
  isEmpty,
  kept,
  type Measure,
} from '@deskpulse/core/measures'
import { measureKey, type Resolution, rolledToKey, runningKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { placeInHash, type FoldedChange } from '@deskpulse/stream'
import { ChangeSet } from '../partition/change-set.ts'
import { decodeJson } from '../partition/journal.ts'
import { MeasureDeltas } from '../partition/measure-deltas.ts'
import { writeMeasures } from '../partition/measure-writer.ts'
import { StoredRecords } from '../partition/stored-records.ts'
import { Tenant } from '../partition/tenant.ts'
import { bucketsOf, recordOf } from './measures.ts'
import { MemoryStore } from '../replay/memory-store.ts'

export const startMs = Date.UTC(2026, 2, 2, 8, 0, 0) as EpochMs
export const config = { ...defaultTenantConfig, timeZone: 'Asia/Kolkata' }

/** A tenant's measures in a store of maps. */
export function measured(maxBytes = 1e6) {
  let tenant = new Tenant('acme', [])
  tenant.propose({ id: 'a', predecessor: null, config }, startMs)
  const store = new MemoryStore()
  const first = new ChangeSet()
  tenant.write(first, startMs)
  store.apply(first.finish({ logTimeMs: startMs, watermarkMs: startMs }))
  let records = new StoredRecords(maxBytes)
  let loads = 0
  return {
    tenant: () => tenant,
    store,
    loads: () => loads,
    /** Another worker goes on with what is stored. */
    restart() {
      records = new StoredRecords(maxBytes)
      tenant = new Tenant(
        'acme',
        Tenant.keys('acme').map((key) => store.records.get(key) ?? null),
      )
    },
    async commit(additions: readonly Signed[], logTimeMs: EpochMs): Promise<FoldedChange> {
      records.trim()
      const deltas = new MeasureDeltas(logTimeMs)
      for (const { of, sign } of additions) {
        const credit = dimensionSet(of.dimensions, of.dimensions)
        deltas.sink(tenant, sign)(
          of.measure,
          { atMs: of.atMs, credit },
          of.endMs === undefined ? of.value : of.endMs - of.atMs,
          of.scope,
          of.endMs ?? of.atMs,
        )
      }
      const changes = new ChangeSet()
      const load: typeof store.load = (...asked) => {
        loads += 1
        return store.load(...asked)
      }
      await writeMeasures(deltas.total(), { records, tenants: [tenant], load }, changes, logTimeMs)
      tenant.write(changes, logTimeMs)
      const change = changes.finish({ logTimeMs, watermarkMs: logTimeMs })
      store.apply(change)
      return change
    },
  }
}

/** Midnight is at 18:30 UTC. */
export function dayStartInKolkata(atMs: number): EpochMs {
  const aheadMs = 5.5 * hourMs
  return (Math.floor((atMs + aheadMs) / dayMs) * dayMs - aheadMs) as EpochMs
}

/** What a row adds to one measure. */
export type Addition = {
  readonly measure: Measure
  readonly atMs: EpochMs
  readonly endMs?: EpochMs
  readonly value: number
  readonly scope: CreditScope
  readonly dimensions: DimensionValues
}
/** Added, or taken back. */
export type Signed = { readonly of: Addition; readonly sign: 1 | -1 }

export const additionTo = (
  measure: Measure,
  atMs: number,
  value: number,
  rest: Partial<Addition> = {},
): Addition => ({
  ...{ measure, atMs: atMs as EpochMs, value, scope: 'both' },
  ...{ dimensions: { queue: 'billing', agent: '7', channel: 'chat', class: 'live' } },
  ...rest,
})
export const added = (of: Addition): Signed => ({ of, sign: 1 })
export const taken = (of: Addition): Signed => ({ of, sign: -1 })

export const hexOf = (records: Iterable<readonly [string, Uint8Array]>): Map<string, string> =>
  new Map([...records].map(([key, bytes]) => [key, Buffer.from(bytes).toString('hex')]))

/** Buckets as a reader sees them, but minutes that are no longer kept: what comes late leaves them as they were. */
export function seenIn(store: MemoryStore, logTimeMs: EpochMs): Map<string, string> {
  const seen = bucketsOf(store, 'acme')
    .filter(({ resolution, startMs: beginMs }) => isKept(resolution, beginMs, logTimeMs))
    .map(
      (bucket) =>
        [
          measureKey('acme', bucket.slice, bucket.resolution, bucket.startMs),
          recordOf(store, 'acme', bucket),
        ] as const,
    )
    .filter(([, record]) => !isEmpty(record))
  return hexOf(seen.map(([key, record]) => [key, encodeRecord(record)]))
}

export const isKept = (resolution: Resolution, beginMs: EpochMs, logTimeMs: EpochMs): boolean =>
  resolution === 'day' || kept((beginMs + bucketMs[resolution]) as EpochMs, resolution, logTimeMs)

/** Those that are not 0, by slice. */
export function dayCounts(store: MemoryStore): Map<number, number> {
  const bytes = store.records.get('slice-days:acme')
  const counts = bytes === undefined ? [] : decodeJson<number[]>(bytes)
  return new Map([...counts.entries()].filter(([, count]) => count !== 0))
}

/** Day records of each slice; −1 where it has none, but records of running minutes. */
export function countedDays(store: MemoryStore): Map<number, number> {
  const counts = new Map<number, number>()
  const running = decodeRunning(store.records.get(runningKey('acme')) ?? null)
  const rolledTo = decodeRolledTo(store.records.get(rolledToKey('acme')) ?? null)
  const isRunning = (startMs: number, slice: number): boolean =>
    running.some((minute, place) => minute.startMs === startMs && (place > 0 || slice >= rolledTo))
  const places = [...store.records.keys()].flatMap((key) => placeInHash(key) ?? [])
  for (const { hash, field } of places)
    if (hash.startsWith('m:acme:day:'))
      counts.set(Number(field), (counts.get(Number(field)) ?? 0) + 1)
  for (const { hash, field } of places) {
    const slice = Number(field)
    if (
      hash.startsWith('m:acme:minute:') &&
      !counts.has(slice) &&
      isRunning(Number(hash.split(':')[3]), slice)
    )
      counts.set(slice, -1)
  }
  return new Map([...counts].sort(([a], [b]) => a - b))
}

export const putsOf = ({ puts }: FoldedChange, resolution: string): FoldedChange['puts'] =>
  puts.filter(({ key }) => key.startsWith(`m:acme:${resolution}:`))
export const putCounts = (folded: FoldedChange): number[] =>
  ['minute', 'slot', 'day'].map((resolution) => putsOf(folded, resolution).length)
export const agent = { dimensions: { agent: '7' }, scope: 'agent' } as const
