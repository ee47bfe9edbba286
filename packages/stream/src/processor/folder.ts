import type { LogRecord, Offset, PartitionId } from '../event-log.ts'
import type { Acquired, Change, DueWakes, Loaded } from '../state-store.ts'

/** What a fold wants written; the processor adds whose it is (epoch) and where it stands (offsets, step). */
export type FoldedChange = Omit<Change, 'epoch' | 'fromOffset' | 'toOffset' | 'step'>

export type Folded = {
  /**
   * How many of the records are in the change, from the first on; fewer than given where the change would grow past its budget. 0: more wakes are due before
   * the first record than fit, and the change is of some of them alone. Each one that it names is then removed, or put after its log time.
   */
  readonly taken: number
  /** Entries in those records: for telemetry. */
  readonly entries: number
  readonly change: FoldedChange
}

export type Load = (
  keys: readonly string[],
  due: DueWakes | null,
  hashes?: readonly string[],
) => Promise<Omit<Loaded, 'epoch'>>

/**
 * The application's half of the processor: a pure fold of records into a change, with whatever it caches. What it has folded counts as committed when
 * it is called again; when a commit failed it is thrown away, and a new one is opened.
 */
export type Folder = {
  /** `gap`: what the log lacks before the first of the records; it comes again with each attempt until a change with it is committed. */
  fold(records: readonly LogRecord[], load: Load, gap?: LogGap): Promise<Folded>
}

/** Records that are gone from the log before they were folded: offsets [from, to). */
export type LogGap = { readonly from: Offset; readonly to: Offset }

export type OpenFolder = (partition: PartitionId, acquired: Acquired) => Folder
