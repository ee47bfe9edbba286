import type { EpochMs } from '@deskpulse/core/time'
import type { ListChange, ListResult, OutboxEntry, Put } from '@deskpulse/stream'

/** What one decision wants written. */
export type LedgerChange = {
  readonly puts: readonly Put[]
  /** Lists: a member with its score; read in the order of the scores, up to now. A negative score lists the newest first. */
  readonly lists: readonly ListChange[]
  readonly out: readonly OutboxEntry[]
}

export const noChange: LedgerChange = { puts: [], lists: [], out: [] }

export function joinedChanges(...changes: readonly LedgerChange[]): LedgerChange {
  return {
    puts: changes.flatMap(({ puts }) => puts),
    lists: changes.flatMap(({ lists }) => lists),
    out: changes.flatMap(({ out }) => out),
  }
}

/** What a decision may look at: nothing else of this partition is written until its change is. */
export type LedgerReads = {
  readonly nowMs: EpochMs
  values(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>
  /** Members with a score up to now, which may be short of it by `listsBehindMaxMs`. */
  list(key: string, members: number): Promise<ListResult>
}

/** How old the moment of a `list` may be: the store reads up to the log time of the last commit, and one is made when that is older. */
export const listsBehindMaxMs = 1_000

export type Decided<Result> = { readonly change: LedgerChange; readonly result: Result }

/**
 * The alerter's state of one partition, while this process owns it. Decisions run one after another; each change is written in one atomic, fenced step.
 * Code that awaits `change` resumes before the next decision runs, so it may update what is held in memory. A `decide` that throws changes nothing.
 * While the store is away, decisions wait.
 * @throws PartitionLost; whoever owns the partition next finds out from the store whether the last change was written.
 */
export type Ledger = {
  change<Result>(decide: (reads: LedgerReads) => Promise<Decided<Result>>): Promise<Result>
}
