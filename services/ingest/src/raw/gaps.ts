import type { FoundGap } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { EventLog, GroupPosition, LogBatch, Offset } from '@deskpulse/stream'
import { rawGroup } from './ask.ts'

export type RawGapsOptions = {
  readonly log: Pick<EventLog, 'consumed' | 'retained' | 'read'>
  readonly topic: string
  readonly nowMs: () => number
  /** Records are gone that nobody has forwarded. Returns when that is in the log. */
  readonly lost: (gap: FoundGap) => Promise<void>
  /** The topic was made again since the group stood in it: it is forwarded from its first record. What the old one still held is gone, nobody knows how much. */
  readonly replaced: (partition: number, from: Offset) => void
}

/** Finds the records that retention took from the raw topic before they were forwarded: the log itself begins at what is left, without a word. */
export type RawGaps = {
  /** Before the group reads on: where it stands is forgotten as soon as it begins at what is left. */
  look(): Promise<void>
  /** A batch came that is not where the group must go on: from here. `null`: it is. */
  goOnAt(batch: Pick<LogBatch, 'partition' | 'records'>): Offset | null
  /** A batch came: what lies between it and what was forwarded before, here or by another member, may be gone. */
  met(batch: Pick<LogBatch, 'partition' | 'records'>): Promise<void>
  /** What was forwarded of a partition. */
  forwarded(partition: number, next: Offset, lastMs: EpochMs): void
}

type Stand = { readonly next: Offset; readonly lastMs: EpochMs | null }

export function rawGaps({ log, topic, nowMs, lost, replaced }: RawGapsOptions): RawGaps {
  const stands = new Map<number, Stand>()
  /** Where a topic that was made again begins. */
  const firsts = new Map<number, Offset>()

  async function tell(
    partition: number,
    { next, lastMs }: Stand,
    to: Offset,
    untilMs: EpochMs,
  ): Promise<void> {
    await lost({
      topic: 'raw',
      partition,
      from: next,
      to,
      sinceMs: Math.min(lastMs ?? 0, untilMs) as EpochMs,
      untilMs,
    })
  }

  /** Does the log hold another record in the place of the last one that the group consumed? */
  async function isOther(
    partition: LogBatch['partition'],
    { offset, consumedMs }: GroupPosition,
  ): Promise<boolean> {
    if (consumedMs === null) return false
    const [last] = await log.read(topic, partition, (offset - 1) as Offset, 1)
    return last !== undefined && last.offset === offset - 1 && last.appendedAtMs !== consumedMs
  }

  return {
    async look() {
      const [consumed, retained] = await Promise.all([
        log.consumed(topic, rawGroup(topic)),
        log.retained(topic),
      ])
      for (const [partition, position] of consumed.entries()) {
        const first = retained[partition] ?? (0 as Offset)
        if (position === null) continue
        if (
          first < position.offset &&
          (await isOther(partition as LogBatch['partition'], position))
        ) {
          firsts.set(partition, first)
          replaced(partition, first)
        }
        if (first <= position.offset) continue
        const [record] = await log.read(topic, partition as LogBatch['partition'], first, 1)
        const stand = { next: position.offset, lastMs: position.consumedMs }
        await tell(partition, stand, first, record?.appendedAtMs ?? (nowMs() as EpochMs))
      }
    },
    goOnAt({ partition, records }) {
      const first = firsts.get(partition)
      firsts.delete(partition)
      return first !== undefined && records[0]!.offset > first ? first : null
    },
    async met({ partition, records }) {
      const stand = stands.get(partition)
      const first = records[0]!
      if (stand === undefined || first.offset <= stand.next) return
      const [consumed, retained] = await Promise.all([
        log.consumed(topic, rawGroup(topic)),
        log.retained(topic),
      ])
      const position = consumed[partition] ?? null
      const isAhead = position !== null && position.offset > stand.next // Another member had the partition meanwhile.
      const known = isAhead ? { next: position.offset, lastMs: position.consumedMs } : stand
      // Offsets that are no records, as those of transactions, are there still.
      const to = Math.min(first.offset, retained[partition] ?? 0) as Offset
      if (to > known.next) await tell(partition, known, to, first.appendedAtMs)
    },
    forwarded: (partition, next, lastMs) => void stands.set(partition, { next, lastMs }),
  }
}
