import { encodeAlertRecord, type AlertRecord } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import type {
  BatchHandler,
  EventLog,
  LogRecord,
  NewRecord,
  Offset,
  PartitionId,
} from '@deskpulse/stream'

/** A topic of one partition in memory, and the one member of its group: what is assigned and which batches come is the test's to say. */
export type Group = {
  readonly log: EventLog
  readonly records: LogRecord[]
  append(...records: readonly (AlertRecord | Uint8Array)[]): void
  assign(...partitions: readonly number[]): void
  /** Brings a batch to the handler. `keepAlive`: whether the group still counts on the member. */
  bring(from: number, end?: number, keepAlive?: () => boolean): Promise<Offset>
  /** The first offset that is still there. */
  retainFrom(offset: number): void
}

export function groupOf(partitionIs = 0): Group {
  const records: LogRecord[] = []
  const ended = Promise.withResolvers<void>()
  let handle: BatchHandler | null = null
  let assigned: readonly PartitionId[] = []
  let retained = 0
  const partition = partitionIs as PartitionId

  function add(value: Uint8Array): void {
    const offset = records.length as Offset
    records.push({ offset, appendedAtMs: Date.now() as EpochMs, key: null, value, headers: {} })
  }

  const log = {
    partitionCount: () => Promise.resolve(1),
    append(_topic: string, _partition: PartitionId, added: readonly NewRecord[]) {
      for (const { value } of added) add(value!)
      return Promise.resolve()
    },
    consume(options: { readonly handle: BatchHandler }) {
      handle = options.handle
      return Promise.resolve({
        assigned: () => assigned,
        ended: ended.promise,
        stop() {
          assigned = []
          ended.resolve()
          return Promise.resolve()
        },
      })
    },
    read: (_topic: string, _partition: PartitionId, from: Offset, limit: number) => {
      const first = Math.max(from, retained)
      return Promise.resolve(records.slice(first, first + limit))
    },
  } as unknown as EventLog

  return {
    log,
    records,
    append(...added) {
      for (const one of added) add(one instanceof Uint8Array ? one : encodeAlertRecord(one))
    },
    assign(...partitions) {
      assigned = partitions as PartitionId[]
    },
    async bring(from, end = records.length, keepAlive = () => true) {
      return handle!({
        partition,
        records: records.slice(from, end),
        endOffset: records.length as Offset,
        keepAlive: () => Promise.resolve(keepAlive()),
      })
    },
    retainFrom(offset) {
      retained = offset
    },
  }
}
