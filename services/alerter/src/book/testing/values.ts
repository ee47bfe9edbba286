import { encodeConfigVersions, encodeRuleVersions } from '@deskpulse/contract'
import type { AlertRule } from '@deskpulse/core/alerts'
import { beginningOfTimeMs, defaultTenantConfig } from '@deskpulse/core/config'
import { measures } from '@deskpulse/core/kpis'
import {
  addDuration,
  emptyRecord,
  encodeRecord,
  type MeasureRecord,
  sliceIndex,
} from '@deskpulse/core/measures'
import { configKey, measureKey, rulesKey, slicesKey, tenantsKey } from '@deskpulse/core/state'
import { bucketStart, type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { Epoch, Offset, PartitionId, Put, StateStore } from '@deskpulse/stream'

/** The aggregator's state of one tenant, written by hand. */
export type Values = {
  /** From now on. */
  rules(...own: readonly AlertRule[]): void
  /** A record as it stands; `null`: it is removed. */
  put(key: string, bytes: Uint8Array | null): void
  /** A reply of `ms` at `atMs`, in each of the slices. */
  reply(slices: readonly string[], ms: number, atMs: number): void
  /** Everything since the last one; the watermark is two seconds behind. */
  commit(logTimeMs: number): Promise<void>
}

const partition = 0 as PartitionId

export async function valuesOf(
  store: StateStore,
  tenant: string,
  base: readonly AlertRule[],
): Promise<Values> {
  const { epoch }: { epoch: Epoch } = await store.acquire(partition)
  const slices = sliceIndex(null)
  const records = new Map<string, MeasureRecord>()
  const config = [
    {
      id: 'v1',
      takenMs: beginningOfTimeMs,
      fromMs: beginningOfTimeMs,
      config: defaultTenantConfig,
    },
  ]
  let puts: Put[] = [
    { key: tenantsKey, bytes: Buffer.from(JSON.stringify([tenant])) },
    { key: configKey(tenant), bytes: encodeConfigVersions(config) },
  ]
  let [offset, versions] = [0, 0]

  function rules(...own: readonly AlertRule[]): void {
    const version = {
      id: `r${++versions}`,
      fromMs: 0,
      origin: 'api',
      author: 'ann',
      base,
      own,
    } as const
    puts.push({ key: rulesKey(tenant), bytes: encodeRuleVersions([version]) })
  }
  rules()

  return {
    rules,
    put: (key, bytes) => void puts.push({ key, bytes }),
    reply(texts, ms, atMs) {
      const startMs = bucketStart(atMs as EpochMs, minuteMs)
      for (const text of texts) {
        const key = measureKey(tenant, slices.intern(text), 'minute', startMs)
        const record = records.get(key) ?? emptyRecord()
        records.set(key, record)
        addDuration(record, measures.replyTime, ms, 1)
      }
    },
    async commit(logTimeMs) {
      for (const [key, record] of records) puts.push({ key, bytes: encodeRecord(record) })
      if (slices.changed()) puts.push({ key: slicesKey(tenant), bytes: slices.encode() })
      const outcome = await store.commit(partition, {
        ...{ epoch, fromOffset: offset as Offset, toOffset: ++offset as Offset },
        ...{ logTimeMs: logTimeMs as EpochMs, watermarkMs: (logTimeMs - 2_000) as EpochMs },
        ...{ puts, appends: [], wakes: [], out: [] },
      })
      if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.kind}`)
      puts = []
    },
  }
}
