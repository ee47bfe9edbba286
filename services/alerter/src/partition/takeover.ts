import {
  acquirePartition,
  nextRetry,
  type PartitionId,
  retryFirstMs,
  waitFor,
} from '@deskpulse/stream'
import { inTurn, type InTurn } from './in-turn.ts'
import { openOwnership, type Ownership, type OwnershipOptions } from './ownership.ts'

/** Owns one partition while the group gives it to this process: at most one ownership at a time, each begun after the one before has ended. */
export type Takeover = {
  /** Batches and catching up, one at a time: both move the offset. */
  readonly turns: InTurn
  /** `null`: nothing is owned now. */
  current(): Ownership | null
  /**
   * What is owned, acquired first where nothing is. Asks `isOurs` before each attempt: a worker that froze must not fence the one that took over.
   * @returns `null` when it is not ours, or was lost to another as soon as it was acquired.
   * @throws DeskpulseError STORE_OTHER_LOG when the topic is not the one that was taken in.
   */
  own(isOurs: () => Promise<boolean>): Promise<Ownership | null>
  /** Without a word from the group, a partition that another process has taken is left alone until then, longer each time. */
  restsUntilMs(): number
}

export const restFirstMs = 5_000
const restMaxMs = 60_000

export function takeoverOf(options: OwnershipOptions, partition: PartitionId): Takeover {
  const { timer, nowMs, mayWait } = options
  let ownership: Ownership | null = null
  let [restMs, restsUntilMs, acquiredAtMs] = [restFirstMs, Number.NEGATIVE_INFINITY, 0]

  function rest(): void {
    if (nowMs() - acquiredAtMs > restMaxMs) restMs = restFirstMs
    restsUntilMs = nowMs() + restMs
    restMs = Math.min(2 * restMs, restMaxMs)
  }

  async function own(isOurs: () => Promise<boolean>): Promise<Ownership | null> {
    const whyGiveUp = async () => (mayWait() && (await isOurs()) ? null : 'reassigned')
    for (let waitMs = retryFirstMs; ; waitMs = nextRetry(waitMs)) {
      const lost = ownership?.owner.lost()
      if (ownership !== null && lost === null) return ownership
      await ownership?.ended
      ownership = null
      if (lost?.why === 'fenced') {
        rest()
        return null
      }
      const acquisition = await acquirePartition({ ...options, partition, whyGiveUp })
      if (acquisition === null) return null
      acquiredAtMs = nowMs()
      ownership = await openOwnership(options, partition, acquisition)
      if (ownership.owner.lost() !== null) await waitFor(timer, waitMs)
    }
  }

  return { turns: inTurn(), current: () => ownership, own, restsUntilMs: () => restsUntilMs }
}
