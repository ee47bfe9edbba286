import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError } from '../errors.ts'
import type {
  BatchHandler,
  EventLog,
  LogBatch,
  LogRecord,
  Offset,
  PartitionId,
} from '../event-log.ts'
import type { StateStore } from '../state-store.ts'
import type { Timer } from '../timer.ts'
import type { Folder, OpenFolder } from './folder.ts'
import { startProcessor, type ProcessorTelemetry } from './processor.ts'

export const partition = 0 as PartitionId
export const offset = (value: number): Offset => value as Offset

/** Waits for nothing; `waitedMs` is told what it was asked to wait. */
export const atOnce = (waitedMs: number[] = []): Timer => ({
  after: (delayMs, act) => {
    waitedMs.push(delayMs)
    queueMicrotask(act)
    return () => {}
  },
})

/** Keeps the sum of all offsets that it has folded, at most two records at a time. */
export function summing(): Folder {
  let sum: number | null = null
  return {
    async fold(records, load) {
      const taken = records.slice(0, 2)
      const { values } = await load(['s:sum'], null)
      sum ??= Number(Buffer.from(values[0] ?? Buffer.from('0')).toString())
      for (const record of taken) sum += record.offset
      const puts = [{ key: 's:sum', bytes: Buffer.from(String(sum)) }]
      const at = taken.at(-1)!.appendedAtMs
      return {
        taken: taken.length,
        entries: taken.length,
        change: { logTimeMs: at, watermarkMs: at, puts, appends: [], wakes: [], out: [] },
      }
    },
  }
}

export async function storedSum(store: StateStore): Promise<number> {
  const { values } = await store.load(partition, ['s:sum'], null)
  return Number(Buffer.from(values[0] ?? Buffer.from('0')).toString())
}

/** A log of one partition, as a test wants it to be; what the processor tells, in order. */
export class TestLog {
  /** The first offset that it still holds. */
  retainedFrom = 0
  /** The next offset that it would give. */
  end = 100
  /** What its records hold: another text is another log. */
  text = 'the log'
  isAway = false
  /** What it throws, but for an outage, is a bug. */
  hasBug = false
  readonly told: string[] = []
  /** How often it was read beside its batches. */
  reads = 0
  /** What has ended, in order. */
  readonly ending: string[] = []
  /** How often the relay was woken. */
  wakes = 0
  readonly waitedMs: number[] = []

  batchOf(first: number, end: number, keepAlive: () => boolean = () => true): LogBatch {
    const records = Array.from({ length: end - first }, (_, index) => this.#recordAt(first + index))
    return {
      partition,
      records,
      endOffset: offset(end),
      keepAlive: () => Promise.resolve(keepAlive()),
    }
  }

  /** A processor over it. @returns its handler, for the batches that the test gives it. */
  async start(
    store: StateStore,
    openFolder: OpenFolder = summing,
  ): Promise<{ handle: BatchHandler; stop(): Promise<void> }> {
    let handle: BatchHandler | null = null
    const log = {
      consume: (options: { handle: BatchHandler }) => {
        handle = options.handle
        return Promise.resolve({
          assigned: () => [],
          ended: Promise.resolve(),
          stop: async () => {
            await Promise.resolve()
            this.ending.push('consumption')
          },
        })
      },
      read: (_topic: string, _partition: PartitionId, from: number, limit: number) => {
        this.reads += 1
        if (this.hasBug) return Promise.reject(new TypeError('a bug'))
        if (this.isAway) return Promise.reject(new DeskpulseError('LOG_UNAVAILABLE', 'away'))
        const first = Math.max(from, this.retainedFrom)
        const count = Math.max(0, Math.min(limit, this.end - first))
        return Promise.resolve(Array.from({ length: count }, (_, at) => this.#recordAt(first + at)))
      },
    } as unknown as EventLog
    const relay = {
      wake: () => void (this.wakes += 1),
      stopRetrying: () => void this.ending.push('no retries'),
      stop: async () => {
        await Promise.resolve()
        this.ending.push('relay')
      },
    }
    const telemetry: ProcessorTelemetry = {
      committed: (_, { records, change }) =>
        this.told.push(`committed ${records} to ${change.toOffset}`),
      gap: (_, expected, found) => this.told.push(`gap ${expected}–${found}`),
      lost: (_, why) => this.told.push(`lost: ${why}`),
      waiting: (_, { code }) => this.told.push(`waiting: ${code}`),
    }
    const parts = { relay, telemetry, now: () => 0, timer: atOnce(this.waitedMs) }
    const { stop } = await startProcessor({
      log,
      store,
      topic: 't',
      group: 'g',
      openFolder,
      ...parts,
    })
    return { handle: handle!, stop }
  }

  #recordAt(at: number): LogRecord {
    return {
      offset: offset(at),
      appendedAtMs: at as EpochMs,
      key: null,
      value: Buffer.from(this.text),
      headers: {},
    }
  }
}
