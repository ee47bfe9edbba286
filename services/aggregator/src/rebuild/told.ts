import { type EventLog, type Folder, logMarkKey, markIn, markOf, type Offset, type PartitionId, type StateStore } from '@deskpulse/stream'

/** What of a partition has left by the outbox of the state that stood before. */
export type Told = {
  /** What was decided by records before it was published … */
  readonly upTo: Offset
  /** … but for these entries of the outbox, by id. */
  readonly waiting: ReadonlySet<string>
}

export const nothingTold: Told = { upTo: 0 as Offset, waiting: new Set() }

type Source = { readonly log: Pick<EventLog, 'read'>; readonly topic: string; readonly store: Pick<StateStore, 'read' | 'readOutbox'> }

const outboxMax = 1_000_000

/** Of a state that is lost, or that was folded from another log, nothing is known. @throws what the log and the store throw. */
export async function toldBy({ log, topic, store }: Source, partition: PartitionId): Promise<Told> {
  const { offset, values } = await store.read(partition, { keys: [logMarkKey] })
  const mark = markIn(values[0])
  if (mark === null) return nothingTold
  const [last] = await log.read(topic, partition, mark.offset, 1)
  if (last === undefined || last.offset !== mark.offset || markOf(last).digest !== mark.digest) return nothingTold
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
      return { ...folded, change: { ...folded.change, out: folded.change.out.filter(({ id }) => waiting.has(id)) } }
    },
  }
}
