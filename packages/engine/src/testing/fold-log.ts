import { type AlertRecord, decodeAlertRecord, encodeEvent, entryKinds } from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { decodeSliceTable } from '@deskpulse/core/measures'
import { backlogKey, decodeOpen, decodeTally, openKey, slicesKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import {
  encodeFrame,
  type Acquired,
  type Entry,
  type Epoch,
  type Folded,
  type FoldedChange,
  type LogRecord,
  type Offset,
  type OutboxEntry,
  type PartitionId,
  type SenderClock,
} from '@deskpulse/stream'
import {
  PartitionFolder,
  type ClockChange,
  type FolderTelemetry,
} from '../partition/partition-folder.ts'
import { MemoryStore } from '../replay/memory-store.ts'

const partition = 0 as PartitionId
const topics = {
  deadLetter: 'deskpulse.dead-letter',
  alerts: 'deskpulse.alerts',
  closed: 'deskpulse.closed',
} as const

export function eventEntry(event: CanonicalEvent): Entry {
  return { tenant: event.tenant, kind: entryKinds.event, bytes: encodeEvent(event) }
}

/** A record of the log as ingest would append it. */
export function recordOf(
  offset: number,
  appendedAtMs: EpochMs,
  events: readonly CanonicalEvent[],
): LogRecord {
  return recordOfEntries(offset, appendedAtMs, events.map(eventEntry))
}

/** `clock`: of its sender, which says nothing of clocks otherwise. */
export function recordOfEntries(
  offset: number,
  appendedAtMs: EpochMs,
  entries: readonly Entry[],
  clock?: SenderClock,
): LogRecord {
  const frame = { sender: 'ingest-1', backlogMs: 0, entries }
  const value = encodeFrame(clock === undefined ? frame : { ...frame, clock })
  return { offset: offset as Offset, appendedAtMs, key: null, value, headers: {} }
}

export type FoldOptions = {
  /** How many records each fold is given at most; a list is used in turn. */
  readonly batchSizes?: readonly number[]
  /** The worker is replaced by a new one, with nothing cached, before these folds. */
  readonly restartAt?: ReadonlySet<number>
  /** Of how many partitions this one is: the more, the smaller is its share of the caches. */
  readonly partitions?: number
  /** How many wakes a fold passes at most. */
  readonly wakesMax?: number
  /** Told of each fold. */
  readonly folded?: (fold: Folded) => void
  /** Told of the alerts that each fold begins and ends. */
  readonly decided?: FolderTelemetry['decided']
  /** Told of the clocks in the log. */
  readonly clock?: (change: ClockChange) => void
  /** A store that holds something already. */
  readonly store?: MemoryStore
  /** What the configuration file says of a tenant. */
  readonly configured?: (tenant: string) => TenantConfig | undefined
}

/** Folds a log from its first record to its last, into a new store unless one is given; or what follows in it, by the worker that folded the rest. */
export async function foldLog(
  records: readonly LogRecord[],
  {
    batchSizes = [records.length],
    restartAt = new Set(),
    worker: given,
    ...options
  }: FoldOptions & { readonly worker?: TestWorker } = {},
): Promise<MemoryStore> {
  const worker = given ?? startWorker(options)
  let rest = records
  for (let fold = 0; rest.length > 0; fold += 1) {
    if (restartAt.has(fold)) worker.restart()
    rest = rest.slice(
      await worker.fold(rest.slice(0, Math.max(1, batchSizes[fold % batchSizes.length]!))),
    )
  }
  return worker.store
}

/** A worker that folds a log from its first record on, piece by piece. */
export type TestWorker = {
  readonly store: MemoryStore
  /** @returns how many of the records it took. */
  fold(records: readonly LogRecord[]): Promise<number>
  /** A new one, with nothing cached, goes on. */
  restart(): void
}

export function startWorker({
  folded,
  store = new MemoryStore(),
  ...options
}: FoldOptions = {}): TestWorker {
  let position = { offset: 0 as Offset, logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }
  let folder = open(position, options)
  return {
    store,
    async fold(records) {
      const done = await folder.fold(records, store.load)
      const { taken, change } = done
      folded?.(done)
      assertProgress(taken, change)
      store.apply(change)
      const offset = taken === 0 ? position.offset : ((records[taken - 1]!.offset + 1) as Offset)
      position = { offset, logTimeMs: change.logTimeMs, watermarkMs: change.watermarkMs }
      return taken
    },
    restart() {
      folder = open(position, options)
    },
  }
}

/** As the processor demands it: a fold of wakes alone leaves fewer of them due. */
function assertProgress(taken: number, { wakes, logTimeMs }: FoldedChange): void {
  const later = wakes.length > 0 && wakes.every(({ atMs }) => atMs === null || atMs > logTimeMs)
  if (taken === 0 && !later) throw new Error('a fold took no record and left as many wakes due')
}

type OpenOptions = Pick<FoldOptions, 'partitions' | 'wakesMax' | 'configured' | 'clock' | 'decided'>

function open(
  position: Omit<Acquired, 'epoch'>,
  { partitions = 1, wakesMax, configured, clock = () => {}, decided = () => {} }: OpenOptions,
): PartitionFolder {
  const telemetry: FolderTelemetry = {
    ...{ refused: () => {}, folded: () => {}, decided },
    clock: (_partition, change) => clock(change),
  }
  return new PartitionFolder(
    partition,
    { ...position, epoch: '1' as Epoch },
    {
      partitions,
      deadLetterTopic: topics.deadLetter,
      alertsTopic: topics.alerts,
      closedTopic: topics.closed,
      telemetry,
      wakesMax,
      configured,
    },
  )
}

/** What was refused. */
export function lettersOf({ out }: MemoryStore): OutboxEntry[] {
  return out.filter(({ topic }) => topic === topics.deadLetter)
}

/** What the alerter is told, in order. */
export function alertRecordsOf({ out }: MemoryStore): { id: string; record: AlertRecord }[] {
  return out.flatMap(({ id, topic, bytes }) =>
    topic === topics.alerts ? [{ id, record: decodeAlertRecord(bytes) }] : [],
  )
}

/** What was told of alerts, in order. */
export function transitionsOf(store: MemoryStore): AlertTransition[] {
  return alertRecordsOf(store).flatMap(({ record }) =>
    record.kind === 'transition' ? [record.transition] : [],
  )
}

/** What goes on, by readable names: `slice kind` → rows with the instant since which it does; `slice backlog` → how many contacts. */
export function openOf(store: MemoryStore, tenant: string): Record<string, Record<string, number>> {
  const { texts } = decodeSliceTable(store.records.get(slicesKey(tenant))!)
  const named: Record<string, Record<string, number>> = {}
  for (const [field, bytes] of store.hashes.get(openKey(tenant)) ?? []) {
    const { row, intervals } = decodeOpen(field, bytes)
    for (const { kind, sinceMs, slices } of intervals) {
      for (const slice of slices)
        (named[`${texts[slice]} ${kind}`] ??= {})[JSON.stringify(row)] = sinceMs
    }
  }
  for (const [slice, bytes] of store.hashes.get(backlogKey(tenant)) ?? []) {
    named[`${texts[Number(slice)]} backlog`] = { contacts: decodeTally(bytes) }
  }
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}
