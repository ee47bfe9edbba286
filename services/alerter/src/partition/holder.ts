import { logMarkKey, markIn, type PartitionId, refuseOtherLog, waitFor } from '@deskpulse/stream'
import { inTurn, type InTurn } from './in-turn.ts'
import { openOwnership, type Ownership, type OwnershipOptions } from './ownership.ts'
import { logIsAway, nextRetry, retryFirstMs, storeIsAway } from './retry.ts'
import type { TakingOptions } from './taking.ts'

/** Holds one partition while the group gives it to this process: at most one ownership at a time, each begun after the one before has ended. */
export type Holder = {
  /** Batches and catching up, one at a time: both move the offset. */
  readonly turns: InTurn
  /** `null`: nothing is owned now. */
  current(): Ownership | null
  /**
   * What is owned, taken first where nothing is. Asks `isOurs` before each attempt: a worker that froze must not fence the one that took over.
   * @returns `null` when it is not ours, or was lost to another as soon as it was taken.
   * @throws DeskpulseError STORE_OTHER_LOG when the topic is not the one that was taken in.
   */
  hold(isOurs: () => Promise<boolean>): Promise<Ownership | null>
  /** Without a word from the group, a partition that another process has taken is left alone until then, longer each time. */
  restsUntilMs(): number
}

export const restFirstMs = 5_000
const restMaxMs = 60_000

export function holderOf(
  options: OwnershipOptions & Pick<TakingOptions, 'log' | 'topic'>,
  partition: PartitionId,
): Holder {
  const { store, telemetry, timer, nowMs, relay } = options
  let ownership: Ownership | null = null
  let [restMs, restsUntilMs, takenAtMs] = [restFirstMs, Number.NEGATIVE_INFINITY, 0]

  function rest(): void {
    if (nowMs() - takenAtMs > restMaxMs) restMs = restFirstMs
    restsUntilMs = nowMs() + restMs
    restMs = Math.min(2 * restMs, restMaxMs)
  }

  async function take(): Promise<Ownership | null> {
    try {
      const acquired = await store.acquire(partition)
      takenAtMs = nowMs()
      const { values } = await store.load(partition, [logMarkKey], null)
      await refuseOtherLog(options, partition, markIn(values[0]))
      relay.wake(partition) // What the owner before did not publish.
      return await openOwnership(options, partition, acquired)
    } catch (error) {
      if (!storeIsAway(error) && !logIsAway(error)) throw error
      telemetry.waiting(partition, error)
      return null
    }
  }

  async function hold(isOurs: () => Promise<boolean>): Promise<Ownership | null> {
    for (let waitMs = retryFirstMs; ; waitMs = nextRetry(waitMs)) {
      const lost = ownership?.ledger.lost()
      if (ownership !== null && lost === null) return ownership
      await ownership?.ended
      ownership = null
      if (lost === 'fenced') {
        rest()
        return null
      }
      if (!options.mayWait() || !(await isOurs())) return null
      ownership = await take()
      if (ownership === null || ownership.ledger.lost() !== null) await waitFor(timer, waitMs)
    }
  }

  return { turns: inTurn(), current: () => ownership, hold, restsUntilMs: () => restsUntilMs }
}
