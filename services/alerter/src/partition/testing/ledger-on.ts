import {
  type Acquired,
  type LogRecord,
  type PartitionId,
  realTimer,
  type StateStore,
  type Timer,
} from '@deskpulse/stream'
import { type OwnedLedger, ownedLedger } from '../owned-ledger.ts'

export type LedgerParts = {
  readonly nowMs?: () => number
  readonly timer?: Timer
  readonly mayWait?: () => boolean
  /** Told why it was lost. */
  readonly lost?: (why: string) => void
  /** Told of each time that the store does not answer. */
  readonly waiting?: () => void
}

/** A ledger of partition 0 on a store, as it was acquired there. */
export function ledgerOn(
  store: StateStore,
  acquired: Acquired,
  parts: LedgerParts = {},
): OwnedLedger {
  const { nowMs = Date.now, timer = realTimer, mayWait = () => false } = parts
  const { lost = () => {}, waiting = () => {} } = parts
  return ownedLedger({
    ...{ store, partition: 0 as PartitionId, acquisition: { acquired, mark: null } },
    ...{ log: {} as never, topic: 'alerts', relay: { wake: () => {} }, nowMs, timer, mayWait },
    telemetry: { committed: () => {}, gap: () => {}, lost: (_, why) => lost(why), waiting },
  })
}

/** A record of the topic that ends at this offset. */
export function recordEndingAt(end: number): LogRecord {
  return {
    offset: end - 1,
    appendedAtMs: 0,
    key: null,
    value: null,
    headers: {},
  } as unknown as LogRecord
}
