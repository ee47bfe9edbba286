import type { EpochMs } from '@deskpulse/core'
import type { OpenChange, OpenResult, OutboxEntry, Put } from '@deskpulse/stream'

/** What one decision wants written. */
export type LedgerChange = {
  readonly puts: readonly Put[]
  /** Lists: a member with its score; read in the order of the scores, up to now. A negative score lists the newest first. */
  readonly open: readonly OpenChange[]
  readonly out: readonly OutboxEntry[]
}

export const noChange: LedgerChange = { puts: [], open: [], out: [] }

/** What a decision may look at: nothing else of this partition is written until its change is. */
export type LedgerReads = {
  readonly nowMs: EpochMs
  values(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>
  list(key: string, members: number): Promise<OpenResult>
}

export type Decided<Result> = { readonly change: LedgerChange; readonly result: Result }

/**
 * The alerter's state of one partition, while this process owns it. Decisions run one after another; each change is written in one atomic, fenced step.
 * @throws LedgerLost when another process owns the partition now: what is held in memory is void.
 */
export type Ledger = { change<Result>(decide: (reads: LedgerReads) => Promise<Decided<Result>>): Promise<Result> }

export class LedgerLost extends Error {}
