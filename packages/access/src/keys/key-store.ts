import {
  type AccessRecord,
  decodeAccessRecord,
  encodeAccessRecord,
  type ErasureRecord,
  type KeyRecord,
} from '@deskpulse/contract'
import { minuteMs } from '@deskpulse/core/time'
import type { EventLog, Offset, PartitionId, Timer } from '@deskpulse/stream'

export type KeyStoreDeps = {
  readonly log: Pick<EventLog, 'append' | 'read'>
  /** `topicNames().access`. */
  readonly topic: string
  readonly timer: Timer
  /** Of any clock that goes on; default: since the process began. */
  readonly nowMs?: () => number
  /** Told of what the topic has beside keys, in its order. */
  readonly onErasure?: (record: ErasureRecord) => void
  /** Told when the topic cannot be read, and is tried again: keys stay as they were. */
  readonly onFailure: (error: unknown) => void
}

/** The keys of an installation, as every process of it has them: who creates or revokes one writes a record, and all read it within a second. */
export type KeyStore = {
  /** Reads what there is, and goes on to. The topic is there. @throws the log's error */
  open(): Promise<void>
  find(id: string): KeyRecord | undefined
  /** Oldest first. */
  list(): readonly KeyRecord[]
  lastUsedMs(id: string): number | null
  /** Resolves when the topic has it, and this process, too. @throws the log's error */
  put(record: KeyRecord | ErasureRecord): Promise<void>
  /** Somebody has used it. */
  used(id: string, atMs: number): void
  /** A readiness check. @throws Error: others may have revoked keys that are still valid here. */
  check(): void
  stop(): Promise<void>
}

const partition = 0 as PartitionId
const lookEveryMs = 1_000
const pageRecords = 1_000
/** Every process tells it for itself: not with every request. */
const toldEveryMs = 15 * minuteMs
/** As long as that looks may fail before it is said. */
const failingMaxMs = 30_000

export function keyStore({
  log,
  topic,
  timer,
  nowMs = () => performance.now(),
  onErasure = () => {},
  onFailure,
}: KeyStoreDeps): KeyStore {
  const keys = new Map<string, KeyRecord>()
  const usedMs = new Map<string, number>()
  const toldMs = new Map<string, number>()
  let next = 0 as Offset
  let lastLookMs = nowMs()
  let callOff = (): void => {}
  let isStopped = false
  let underWay: Promise<void> = Promise.resolve()

  function take(record: AccessRecord): void {
    if (record.kind === 'erasure') onErasure(record)
    else if (record.kind === 'use')
      usedMs.set(record.id, Math.max(record.atMs, usedMs.get(record.id) ?? 0))
    else if ((keys.get(record.id)?.revokedAtMs ?? null) === null) keys.set(record.id, record) // For good.
  }

  async function readOn(): Promise<void> {
    for (;;) {
      const records = await log.read(topic, partition, next, pageRecords)
      for (const { value, offset } of records) {
        const record = value === null ? null : decodeAccessRecord(value)
        if (record !== null) take(record)
        next = (offset + 1) as Offset
      }
      if (records.length === 0) return
    }
  }

  /** One after the other: two that read at once would go back. */
  function look(): Promise<void> {
    const done = underWay.then(readOn)
    underWay = done.catch(() => {})
    return done
  }

  function lookAgain(): void {
    if (isStopped) return
    callOff = timer.after(lookEveryMs, () => {
      look()
        .then(() => void (lastLookMs = nowMs()), onFailure)
        .finally(lookAgain)
    })
  }

  const append = (record: AccessRecord): Promise<void> =>
    log.append(topic, partition, [encodeAccessRecord(record)])

  return {
    async open() {
      await look()
      lookAgain()
    },
    find: (id) => keys.get(id),
    list: () => [...keys.values()].toSorted((a, b) => a.createdAtMs - b.createdAtMs),
    lastUsedMs: (id) => usedMs.get(id) ?? null,
    async put(record) {
      await append(record)
      await look()
    },
    used(id, atMs) {
      usedMs.set(id, Math.max(atMs, usedMs.get(id) ?? 0))
      if (atMs - (toldMs.get(id) ?? Number.NEGATIVE_INFINITY) < toldEveryMs) return
      toldMs.set(id, atMs)
      append({ kind: 'use', id, atMs }).catch(onFailure)
    },
    check() {
      if (nowMs() - lastLookMs > failingMaxMs)
        throw new Error(
          'the topic of access cannot be read: keys that were revoked may be valid still, and customers who were erased be named',
        )
    },
    async stop() {
      isStopped = true
      callOff()
      await underWay
    },
  }
}
