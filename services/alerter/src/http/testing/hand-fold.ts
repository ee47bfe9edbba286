import {
  decodeAlertRulesEntry,
  encodeConfigVersions,
  encodeRuleVersions,
  entryKinds,
} from '@deskpulse/contract'
import { proposeRules, type RuleVersion } from '@deskpulse/core/alerts'
import { beginningOfTimeMs, defaultTenantConfig } from '@deskpulse/core/config'
import { configKey, foldVersionKey, rulesKey, tenantsKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import {
  decodeFrame,
  type EventLog,
  type Offset,
  type PartitionId,
  type Put,
  type StateStore,
} from '@deskpulse/stream'

/** What an aggregator does with one tenant's log, as far as alerts ask: proposed rules are in force at once, and log time is now. */
export type HandFold = {
  /** Appends, and folds what is in the log then. */
  readonly append: EventLog['append']
  /** The watermark is `behindMs` behind. */
  heartbeat(behindMs?: number): Promise<void>
  /** The state is that of this version of the folds. */
  foldedBy(version: number): Promise<void>
}

export type HandFoldOptions = {
  readonly log: EventLog
  readonly topic: string
  readonly store: StateStore
  readonly tenant: string
  readonly nowMs: () => EpochMs
}

const partition = 0 as PartitionId

export async function openHandFold({
  log,
  topic,
  store,
  tenant,
  nowMs,
}: HandFoldOptions): Promise<HandFold> {
  const { epoch } = await store.acquire(partition)
  let offset = 0 as Offset
  let versions: readonly RuleVersion[] = []

  async function fold(puts: readonly Put[], behindMs = 0): Promise<void> {
    const last = (await log.read(topic, partition, offset, 1_000)).at(-1)
    const toOffset = (last === undefined ? offset : last.offset + 1) as Offset
    const times = { logTimeMs: nowMs(), watermarkMs: (nowMs() - behindMs) as EpochMs }
    const change = {
      epoch,
      fromOffset: offset,
      toOffset,
      ...times,
      puts,
      appends: [],
      wakes: [],
      out: [],
    }
    const outcome = await store.commit(partition, change)
    if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.kind}`)
    offset = toOffset
  }

  function take(value: Uint8Array | null): void {
    for (const { kind, bytes } of decodeFrame(value ?? new Uint8Array(0)).entries) {
      if (kind !== entryKinds.alertRules) continue
      const outcome = proposeRules(versions, decodeAlertRulesEntry(bytes), nowMs())
      if (outcome.kind === 'taken') versions = outcome.versions
    }
  }

  const version = {
    id: 'v1',
    takenMs: beginningOfTimeMs,
    fromMs: beginningOfTimeMs,
    config: { ...defaultTenantConfig, timeZone: 'Asia/Shanghai' },
  }
  await fold([
    { key: tenantsKey, bytes: Buffer.from(JSON.stringify([tenant])) },
    { key: configKey(tenant), bytes: encodeConfigVersions([version]) },
  ])
  return {
    async append(to, target, records) {
      await log.append(to, target, records)
      if (to !== topic) return
      for (const { value } of records) take(value)
      await fold(
        versions.length === 0
          ? []
          : [{ key: rulesKey(tenant), bytes: encodeRuleVersions(versions) }],
      )
    },
    heartbeat: (behindMs) => fold([], behindMs),
    foldedBy: (version) => fold([{ key: foldVersionKey, bytes: Buffer.from(String(version)) }]),
  }
}
