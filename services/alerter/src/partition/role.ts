import type { AlertRecord } from '@deskpulse/contract'
import type { Ledger, LedgerChange, LedgerReads } from './ledger.ts'
import type { StateOrigin } from './state-origin.ts'

/**
 * One of the two things that the owner of a partition does: the alert book keeps the alerts of the partition's tenants and decides who is told; the delivery
 * delivers to the partition's endpoints. Each keeps its records under keys of its own (`desk:…`, `post:…`).
 */
export type Role = {
  /** Takes what it holds from the ledger. */
  start(ledger: Ledger, origin: StateOrigin): Promise<void>
  /**
   * Takes in records of the topic, in order. The change is written together with the topic's offset; a record may come again after a crash, and then
   * changes nothing. What is held in memory follows in `taken`, which is called once the change is written.
   */
  take(
    records: readonly AlertRecord[],
    reads: LedgerReads,
  ): Promise<{ readonly change: LedgerChange; readonly taken: () => void }>
  /** Everything that the topic held is taken in: what time drives begins (evaluation, repeats, sending). Before, nobody can know what is over. */
  begin(): Promise<void>
  /** Ends after what is under way. The partition may be lost already. */
  stop(): Promise<void>
}
