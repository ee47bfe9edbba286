import type { EpochMs } from '@deskpulse/core'

/** What a log record's entry is; stream passes it on unread. 1 = event, 2 = configuration (contract). */
export type EntryKind = number
export type Entry = { readonly tenant: string; readonly kind: EntryKind; readonly bytes: Uint8Array }

/** One record of `deskpulse.log`: many entries, or none (a heartbeat). */
export type Frame = {
  /** Who appended it: one id per ingest process. */
  readonly sender: string
  /** Age of the sender's oldest input that it has not yet forwarded, 0 if none. */
  readonly backlogMs: number
  readonly entries: readonly Entry[]
}

/** Log time of a record: the running maximum of append times in its partition. */
export type LogTimeMs = EpochMs
