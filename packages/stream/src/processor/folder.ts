import type { LogRecord, PartitionId } from '../event-log.ts'
import type { Acquired, Change, Loaded } from '../state-store.ts'

/** What a fold wants written; the processor adds whose it is (epoch) and where it stands (offsets). */
export type FoldedChange = Omit<Change, 'epoch' | 'fromOffset' | 'toOffset'>

export type Folded = {
  /** How many of the records are in the change, from the first on: at least one, fewer than given where the change would grow past its budget. */
  readonly taken: number
  /** Entries in those records: for telemetry. */
  readonly entries: number
  readonly change: FoldedChange
}

export type Load = (keys: readonly string[], dueUpToMs: Loaded['wakes'][number]['atMs'] | null) => Promise<Omit<Loaded, 'epoch'>>

/**
 * The application's half of the processor: a pure fold of records into a change, with whatever it caches. What it has folded counts as committed when
 * it is called again; when a commit failed it is thrown away, and a new one is opened.
 */
export type Folder = { fold(records: readonly LogRecord[], load: Load): Promise<Folded> }

export type OpenFolder = (partition: PartitionId, acquired: Acquired) => Folder
