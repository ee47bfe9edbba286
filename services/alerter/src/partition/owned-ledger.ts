import { type EpochMs, minuteMs } from '@deskpulse/core'
import {
  type Acquired,
  type Offset,
  type PartitionId,
  type StateStore,
  type Timer,
  waitFor,
} from '@deskpulse/stream'
import { inTurn } from './in-turn.ts'
import {
  type Decided,
  type Ledger,
  type LedgerChange,
  LedgerLost,
  type LedgerReads,
  listsBehindMaxMs,
  noChange,
} from './ledger.ts'
import { nextRetry, retryFirstMs, storeIsAway } from './retry.ts'
import type { LossReason, PartitionTelemetry } from './telemetry.ts'

/** A ledger as its owner sees it: what is read of the topic moves on with a commit, and it can be lost. */
export type OwnedLedger = Ledger & {
  /** As `change`; the topic counts as read up to `toOffset` from that commit on. */
  intake<Result>(
    toOffset: Offset,
    decide: (reads: LedgerReads) => Promise<Decided<Result>>,
  ): Promise<Result>
  /** The offset to read next, as it is stored. */
  next(): Offset
  /** Refuses what waits, from now on; what is under way comes to nothing. The first reason stands. */
  lose(why: LossReason): void
  /** `null`: it is owned, as far as is known. */
  lost(): LossReason | null
}

export type OwnedLedgerOptions = {
  readonly store: StateStore
  readonly partition: PartitionId
  readonly acquired: Acquired
  readonly nowMs: () => number
  readonly timer: Timer
  /** Whether a store that is away is worth waiting for: not when the process is to end. */
  readonly mayWait: () => boolean
  /** Something was put into the outbox. */
  readonly onOut: () => void
  readonly onLost: (why: LossReason) => void
  readonly telemetry: Pick<PartitionTelemetry, 'committed' | 'waiting'>
}

export function ownedLedger(options: OwnedLedgerOptions): OwnedLedger {
  const { store, partition, acquired, nowMs, telemetry } = options
  const { epoch } = acquired
  const turns = inTurn()
  let next = acquired.offset
  let logTimeMs = acquired.logTimeMs
  /** Commits that left the offset where it was: what the store must count too, or it was put back to an older state. */
  let step = 0
  let lost: LossReason | null = null

  function lose(why: LossReason): void {
    if (lost !== null) return
    lost = why
    options.onLost(why)
  }

  function refuseLost(): void {
    if (lost !== null) throw new LedgerLost(`partition ${partition} is not owned any more: ${lost}`)
  }

  const answered = untilAnswered({ ...options, refuseLost, giveUp: () => lose('store-away') })

  async function write(change: LedgerChange, atMs: EpochMs, toOffset: Offset): Promise<void> {
    const startedMs = nowMs()
    const isMoving = toOffset > next
    const position = { epoch, fromOffset: next, toOffset, step, logTimeMs: atMs, watermarkMs: atMs }
    const { kind } = await answered(() =>
      store.commit(partition, { ...position, appends: [], wakes: [], ...change }),
    )
    telemetry.committed(partition, kind, nowMs() - startedMs)
    if (kind !== 'committed') lose(kind)
    refuseLost()
    step = isMoving ? 0 : step + 1
    next = toOffset
    logTimeMs = atMs
    if (change.out.length > 0) options.onOut()
  }

  function readsAt(atMs: EpochMs): LedgerReads {
    return {
      nowMs: atMs,
      async values(keys) {
        if (keys.length === 0) return []
        const loaded = await answered(() => store.load(partition, keys, null))
        if (loaded.epoch !== epoch) lose('fenced')
        refuseLost()
        return loaded.values
      },
      async list(key, members) {
        if (atMs - logTimeMs > listsBehindMaxMs) await write(noChange, atMs, next)
        const { lists } = await answered(() =>
          store.read(partition, { keys: [], lists: [{ key, members }] }),
        )
        return lists[0]!
      },
    }
  }

  async function decided<Result>(
    to: Offset | null,
    decide: (reads: LedgerReads) => Promise<Decided<Result>>,
  ): Promise<Result> {
    refuseLost()
    const atMs = timeOf(logTimeMs, nowMs() as EpochMs)
    const { change, result } = await decide(readsAt(atMs))
    refuseLost()
    const toOffset = to ?? next
    if (toOffset > next || !isEmpty(change)) await write(change, atMs, toOffset)
    return result
  }

  return {
    change: (decide) => turns(() => decided(null, decide)),
    intake: (toOffset, decide) => turns(() => decided(toOffset, decide)),
    next: () => next,
    lose,
    lost: () => lost,
  }
}

/** A clock that was put back by more than that had been wrong before: to stand still until it is there again would keep alerts back for so long. */
const clockStepMaxMs = minuteMs

/** Never back, but after a clock that was far ahead. */
const timeOf = (lastMs: EpochMs, nowMs: EpochMs): EpochMs =>
  lastMs - nowMs > clockStepMaxMs ? nowMs : (Math.max(lastMs, nowMs) as EpochMs)

const isEmpty = ({ puts, lists, out }: LedgerChange): boolean =>
  puts.length + lists.length + out.length === 0

type Asking = Pick<OwnedLedgerOptions, 'partition' | 'timer' | 'mayWait' | 'telemetry'> & {
  readonly refuseLost: () => void
  readonly giveUp: () => void
}

/** Asks until the store answers. A commit that it took without saying so is `behind` when it is asked for again: the step was counted. */
function untilAnswered({ partition, timer, mayWait, telemetry, refuseLost, giveUp }: Asking) {
  return async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    for (let waitMs = retryFirstMs; ; waitMs = nextRetry(waitMs)) {
      refuseLost()
      try {
        const answer = await ask()
        refuseLost()
        return answer
      } catch (error) {
        if (!storeIsAway(error)) throw error
        telemetry.waiting(partition, error)
      }
      if (mayWait()) await waitFor(timer, waitMs)
      else giveUp()
    }
  }
}
