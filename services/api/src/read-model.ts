import type { Config } from '@deskpulse/contract'
import type { TenantConfig } from '@deskpulse/core/config'
import {
  type EventLog,
  type Offset,
  type PartitionId,
  partitionOf,
  type ReadQuery,
  type Snapshot,
  type StateStore,
} from '@deskpulse/stream'
import type { LogPart } from '@deskpulse/engine'
import type { Erased } from './erased.ts'
import { KeptReplays } from './explain/kept-replays.ts'
import { recordsMax } from './questions/rows.ts'
import { type Gate, readGate } from './reading/gate.ts'
import { partitionView, type PartitionView } from './reading/partition-view.ts'
import { tenantNames } from './reading/tenants.ts'

export type ReadModelOptions = {
  readonly store: Pick<StateStore, 'read' | 'follow'>
  readonly log: Pick<EventLog, 'read'>
  /** Of the log. */
  readonly topic: string
  readonly partitions: number
  /** What the file says; it stands for a tenant until the log has its configuration. */
  readonly tenants: Config['tenants']
  readonly erased: Erased
  readonly nowMs: () => number
  readonly onFeedFailed: (partition: number, error: unknown) => void
  readonly onUnreadable: () => void
  readonly onFolding: OnFolding
}

/** Told now and then how far the log of a tenant is folded for an answer. */
type OnFolding = (folded: {
  readonly tenant: string
  readonly offset: Offset
  readonly endOffset: Offset
}) => void

/** All that can be read: a view of each partition, made when first asked for. */
export type ReadModel = {
  viewOf(tenant: string): PartitionView
  /** What the store holds now of a tenant's partition: also what commits do not tell of when they change it. */
  readNow(tenant: string, query: ReadQuery): Promise<Snapshot>
  /** A tenant's partition of the log, up to an offset. */
  logOf(tenant: string, endOffset: Offset): LogPart
  readonly onFolding: OnFolding
  /** What was made of the log lately. */
  readonly replays: KeptReplays
  /** The configuration of the file; `undefined`: it does not name the tenant. */
  configured(tenant: string): TenantConfig | undefined
  readonly configurations: readonly TenantConfig[]
  /** Tenants named by the file or seen in the log, by name. */
  tenants(): Promise<readonly string[]>
  readonly erased: Erased
  readonly nowMs: () => number
  /** What questions may cost at once. */
  readonly gate: Gate
  close(): void
}

export function openReadModel({
  store,
  log,
  topic,
  partitions,
  tenants,
  erased,
  nowMs,
  onFeedFailed,
  onUnreadable,
  onFolding,
}: ReadModelOptions): ReadModel {
  const views = new Map<number, PartitionView>()

  function viewAt(partition: number): PartitionView {
    const known = views.get(partition)
    if (known !== undefined) return known
    const failed = (error: unknown): void => onFeedFailed(partition, error)
    const made = partitionView({
      store,
      partition: partition as PartitionId,
      nowMs,
      onFeedFailed: failed,
      onUnreadable,
    })
    views.set(partition, made)
    return made
  }

  return {
    viewOf: (tenant) => viewAt(partitionOf(tenant, partitions)),
    readNow: (tenant, query) => store.read(partitionOf(tenant, partitions), query),
    logOf: (tenant, endOffset) => ({
      ...{ log, topic, endOffset },
      partition: partitionOf(tenant, partitions),
    }),
    onFolding,
    replays: new KeptReplays(),
    configured: (tenant) => (Object.hasOwn(tenants, tenant) ? tenants[tenant]?.config : undefined),
    configurations: Object.values(tenants).map(({ config }) => config),
    tenants: () =>
      tenantNames(
        Array.from({ length: partitions }, (_, partition) => viewAt(partition)),
        Object.keys(tenants),
      ),
    erased,
    nowMs,
    gate: readGate(recordsMax),
    close() {
      for (const view of views.values()) view.close()
    },
  }
}
