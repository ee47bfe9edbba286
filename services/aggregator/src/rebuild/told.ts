import {
  type EventLog,
  type Folder,
  logMarkKey,
  markIn,
  markOf,
  type Offset,
  type PartitionId,
  type StateStore,
} from '@deskpulse/stream'

/** What of a partition has left by the outbox of the state that stood before. */
export type Told = {
  /** What was decided by records before it was published … */
  readonly upTo: Offset
  /** … but for these entries of the outbox, by id. */
  readonly waiting: ReadonlySet<string>
}

export const nothingTold: Told = { upTo: 0 as Offset, waiting: new Set() }

type Source = {
  readonly log: Pick<EventLog, 'read'>
  readonly topic: string
  readonly store: Pick<StateStore, 'read' | 'readOutbox'>
}

const outboxMax = 1_000_000

/** Of a state that is lost, or that was folded from another log, nothing is known. @throws what the log and the store throw. */
export async function toldBy({ log, topic, store }: Source, partition: PartitionId): Promise<Told> {
  const { offset, values } = await store.read(partition, { keys: [logMarkKey] })
  const mark = markIn(values[0])
  if (mark === null) return nothingTold
  const [last] = await log.read(topic, partition, mark.offset, 1)
  if (last === undefined || last.offset !== mark.offset || markOf(last).digest !== mark.digest)
    return nothingTold
  // Asked after the position: what was decided before it and is not here was published.
  const waiting = await store.readOutbox(partition, outboxMax)
  return { upTo: offset, waiting: new Set(waiting.map(({ entry }) => entry.id)) }
}

/** The folder, silent about what was told: nobody is to hear of an old alert, or to get an old dead letter, again. */
export function silentUpTo({ upTo, waiting }: Told, folder: Folder): Folder {
  return {
    async fold(records, load, gap) {
      const before = records.filter(({ offset }) => offset < upTo)
      if (before.length === 0) return folder.fold(records, load, gap)
      const folded = await folder.fold(before, load, gap)
      return {
        ...folded,
        change: { ...folded.change, out: folded.change.out.filter(({ id }) => waiting.has(id)) },
      }
    },
  }
}

/** By which records the entries of a new outbox were decided. */
export function decidedEntries() {
  /** By partition, by id: behind the last record of the fold that decided it. */
  const behind = new Map<PartitionId, Map<string, Offset>>()
  return {
    following(partition: PartitionId, folder: Folder): Folder {
      const ends = behind.getOrInsertComputed(partition, () => new Map())
      return {
        async fold(records, load, gap) {
          const folded = await folder.fold(records, load, gap)
          const end = (records.at(-1)!.offset + 1) as Offset
          for (const { id } of folded.change.out) ends.set(id, end)
          return folded
        },
      }
    },
    /** Takes out of the new outbox what the other state has decided too and no longer holds: it was published. */
    async forgetPublished(
      partition: PartitionId,
      other: Pick<StateStore, 'read' | 'readOutbox'>,
      made: Pick<StateStore, 'readOutbox' | 'trimOutbox'>,
    ) {
      const { offset } = await other.read(partition, { keys: [] })
      // Asked after the position, as in `toldBy`.
      const waiting = new Set(
        (await other.readOutbox(partition, outboxMax)).map(({ entry }) => entry.id),
      )
      const ends = behind.get(partition) ?? new Map<string, Offset>()
      const isPublished = (id: string): boolean =>
        !waiting.has(id) && (ends.get(id) ?? Infinity) <= offset
      const entries = await made.readOutbox(partition, outboxMax)
      const published = entries.filter(({ entry }) => isPublished(entry.id))
      await made.trimOutbox(
        partition,
        published.map(({ position }) => position),
      )
    },
  }
}
