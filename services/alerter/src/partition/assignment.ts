import {
  DeskpulseError,
  isAway,
  type LogBatch,
  type LogRecord,
  type Offset,
  type PartitionId,
  PartitionLost,
  takeBatch,
  untilAnswered,
} from '@deskpulse/stream'
import { type IntakeOptions, takeIn } from './intake.ts'
import type { Ownership, OwnershipOptions } from './ownership.ts'
import { takeoverOf } from './takeover.ts'

export type AssignmentOptions = OwnershipOptions & IntakeOptions

/** One partition as the group assigns it to this process. */
export type Assignment = {
  /** @returns the offset to read next. */
  take(batch: LogBatch): Promise<Offset>
  /** It is assigned, as far as is known: owned without waiting for a batch, and read up to its end. Returns at once. */
  assigned(): void
  /** It is not assigned: let go when that lasts. */
  unassigned(): void
  isOwned(): boolean
  stop(): Promise<void>
}

/** A group that forms anew assigns nothing for a moment. Whoever takes a partition over meanwhile fences us anyway. */
export const unassignedGraceMs = 3_000

export function assignmentOf(
  options: AssignmentOptions,
  partition: PartitionId,
  isAssigned: () => boolean,
): Assignment {
  const { log, topic, nowMs, mayWait, fail, telemetry, intakeRecordsMax } = options
  const takeover = takeoverOf(options, partition)
  /** Batches that wait for their turn: what is under way without one gives way, because only a batch keeps the group's trust. */
  let waiting = 0
  let isCatchingUp = false
  let unassignedSinceMs: number | null = null

  const isOurs = async (): Promise<boolean> => mayWait() && waiting === 0 && isAssigned()

  /** Takes a batch in, commit by commit. */
  async function takeIntoRoles(ownership: Ownership, batch: LogBatch): Promise<Offset> {
    const goesOn = async (): Promise<boolean> => mayWait() && (await batch.keepAlive())
    const waiting = (error: DeskpulseError): void => telemetry.waiting(partition, error)
    /** A role may ask a store of its own, which may be away too. */
    const step = async (records: readonly LogRecord[]): Promise<number> =>
      (await untilAnswered({ ...options, goesOn, waiting }, () =>
        takeIn(ownership, records, options),
      )) ?? 0
    return takeBatch(ownership.owner, batch, step, goesOn)
  }

  /** Takes in what the topic already holds and no batch may bring: the group's own position can be ahead of the stored one. */
  async function catchUp(ownership: Ownership): Promise<void> {
    const { owner } = ownership
    while ((await isOurs()) && owner.lost() === null) {
      const records = await log
        .read(topic, partition, owner.next(), intakeRecordsMax)
        .catch((error: unknown) => {
          if (error instanceof DeskpulseError) return null // The next look tries again.
          throw error
        })
      if (records === null) return
      const last = records.at(-1)
      if (last === undefined) return begin(ownership)
      await takeIntoRoles(ownership, {
        partition,
        records,
        endOffset: (last.offset + 1) as Offset,
        keepAlive: isOurs,
      })
    }
  }

  /** The topic is read to its end. What is away then is asked again at the next look, or batch. */
  async function begin(ownership: Ownership): Promise<void> {
    await ownership.caughtUp().catch((error: unknown) => {
      if (!(error instanceof PartitionLost) && !isAway(error)) throw error
    })
  }

  async function takeWithoutBatch(): Promise<void> {
    const ownership = (await isOurs()) ? await takeover.own(isOurs) : null
    if (ownership !== null) await catchUp(ownership)
  }

  return {
    take(batch) {
      waiting += 1
      return takeover.turns(async () => {
        waiting -= 1
        const ownership = await takeover.own(() => batch.keepAlive())
        if (ownership === null) return batch.records[0]!.offset
        const next = await takeIntoRoles(ownership, batch)
        if (ownership.owner.lost() !== null) return next
        telemetry.lagging(partition, batch.endOffset - next)
        if (next >= batch.endOffset) await begin(ownership)
        return next
      })
    },
    assigned() {
      unassignedSinceMs = null
      const current = takeover.current()
      const isWhole = current?.owner.lost() === null && current.isCaughtUp()
      if (isWhole || isCatchingUp || waiting > 0 || nowMs() < takeover.restsUntilMs()) return
      isCatchingUp = true
      takeover
        .turns(takeWithoutBatch)
        .catch(fail)
        .finally(() => void (isCatchingUp = false))
    },
    unassigned() {
      unassignedSinceMs ??= nowMs()
      if (nowMs() - unassignedSinceMs >= unassignedGraceMs)
        takeover.current()?.owner.lose('reassigned')
    },
    isOwned: () => takeover.current()?.owner.lost() === null,
    stop: () => takeover.turns(async () => takeover.current()?.stop()),
  }
}
