import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import {
  type Acquisition,
  type LogRecord,
  type OwnerOptions,
  type PartitionOwner,
  partitionOwner,
} from '@deskpulse/stream'
import { inTurn } from './in-turn.ts'
import {
  type Decided,
  type Ledger,
  type LedgerChange,
  type LedgerReads,
  listsBehindMaxMs,
  noChange,
} from './ledger.ts'
import type { PartitionTelemetry } from './telemetry.ts'

/** A ledger as the owner of its partition sees it: what is read of the topic moves on with a commit. */
export type OwnedLedger = Ledger & {
  readonly owner: PartitionOwner
  /** As `change`; the topic counts as read up to the end of this record from that commit on. */
  intake<Result>(
    last: LogRecord,
    decide: (reads: LedgerReads) => Promise<Decided<Result>>,
  ): Promise<Result>
}

export type OwnedLedgerOptions = Omit<OwnerOptions, 'whyGiveUp'> & {
  readonly acquisition: Acquisition
  readonly nowMs: () => number
  readonly telemetry: Pick<PartitionTelemetry, 'committed' | 'gap' | 'lost' | 'waiting'>
}

export function ownedLedger(options: OwnedLedgerOptions): OwnedLedger {
  const { acquisition, mayWait, nowMs, telemetry } = options
  const whyGiveUp = async () => (mayWait() ? null : 'store-away')
  const owner = partitionOwner({ ...options, whyGiveUp }, acquisition)
  const turns = inTurn()
  let { logTimeMs } = acquisition.acquired

  async function write(change: LedgerChange, atMs: EpochMs, last: LogRecord | null): Promise<void> {
    const startedMs = nowMs()
    const times = { logTimeMs: atMs, watermarkMs: atMs }
    await owner.commit({ ...times, appends: [], wakes: [], ...change }, last, (outcome) =>
      telemetry.committed(owner.partition, outcome, nowMs() - startedMs),
    )
    logTimeMs = atMs
  }

  function readsAt(atMs: EpochMs): LedgerReads {
    return {
      nowMs: atMs,
      values: async (keys) => (keys.length === 0 ? [] : (await owner.load(keys, null)).values),
      async list(key, members) {
        if (atMs - logTimeMs > listsBehindMaxMs) await write(noChange, atMs, null)
        const { lists } = await owner.read({ keys: [], lists: [{ key, members }] })
        return lists[0]!
      },
    }
  }

  async function decided<Result>(
    last: LogRecord | null,
    decide: (reads: LedgerReads) => Promise<Decided<Result>>,
  ): Promise<Result> {
    owner.assertOwned()
    const atMs = timeOf(logTimeMs, nowMs() as EpochMs)
    const { change, result } = await decide(readsAt(atMs))
    owner.assertOwned()
    const isMoving = last !== null && last.offset >= owner.next()
    if (isMoving || !isEmpty(change)) await write(change, atMs, last)
    return result
  }

  return {
    owner,
    change: (decide) => turns(() => decided(null, decide)),
    intake: (last, decide) => turns(() => decided(last, decide)),
  }
}

/** A clock that was put back by more than that had been wrong before: to stand still until it is there again would keep alerts back for so long. */
const clockStepMaxMs = minuteMs

/** Never back, but after a clock that was far ahead. */
const timeOf = (lastMs: EpochMs, nowMs: EpochMs): EpochMs =>
  lastMs - nowMs > clockStepMaxMs ? nowMs : (Math.max(lastMs, nowMs) as EpochMs)

const isEmpty = ({ puts, lists, out }: LedgerChange): boolean =>
  puts.length + lists.length + out.length === 0
