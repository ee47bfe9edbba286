import {
  DeskpulseError,
  type EventLog,
  isGone,
  type LogBatch,
  type Offset,
  type PartitionId,
  refuseShorterLog,
  type Timer,
  waitFor,
} from '@deskpulse/stream'
import { growUp } from './birth.ts'
import { firstRecords, takeIn } from './intake.ts'
import { LedgerLost } from './ledger.ts'
import type { Ownership } from './ownership.ts'
import { nextRetry, retryFirstMs, storeIsAway } from './retry.ts'
import type { PartitionTelemetry } from './telemetry.ts'

export type TakingOptions = {
  readonly log: EventLog
  readonly topic: string
  /** Records in one commit, at most. */
  readonly intakeRecordsMax: number
  readonly telemetry: PartitionTelemetry
  readonly timer: Timer
}

/** Takes a batch in, commit by commit. @returns the offset to read next. */
export async function takeBatch(
  options: TakingOptions,
  ownership: Ownership,
  batch: LogBatch,
  mayWait: () => boolean,
): Promise<Offset> {
  const { ledger } = ownership
  const { partition, records, endOffset } = batch
  const first = records[0]!.offset
  if (first > ledger.next()) {
    const isSought = ownership.soughtTo === ledger.next()
    ownership.soughtTo = ledger.next()
    if (!isSought || !(await isGone(options, partition, ledger.next(), first))) return ledger.next()
    options.telemetry.gap(partition, ledger.next(), first)
  }
  ownership.soughtTo = null
  let rest = records.filter(({ offset }) => offset >= ledger.next())
  if (rest.length === 0) await refuseShorterLog(options, { partition, next: ledger.next() }, batch)
  for (let waitMs = retryFirstMs; rest.length > 0;) {
    const chunk = firstRecords(rest, options.intakeRecordsMax)
    const outcome = await attempt(() => takeIn(ownership, partition, chunk, options.telemetry))
    if (outcome === 'lost') return first // It comes again, and begins where the store says.
    if (outcome === 'taken') {
      rest = rest.slice(chunk.length)
      waitMs = retryFirstMs
    } else {
      options.telemetry.waiting(partition, outcome.away)
      await waitFor(options.timer, waitMs)
      waitMs = nextRetry(waitMs)
    }
    if (!mayWait() || !(await batch.keepAlive())) break
  }
  options.telemetry.lagging(partition, endOffset - ledger.next())
  if (ledger.next() >= endOffset) await reachEnd(ownership)
  return ledger.next()
}

/** Takes in what the topic already holds and no batch may bring: the group's own position can be ahead of the stored one. */
export async function catchUp(
  options: TakingOptions,
  ownership: Ownership,
  partition: PartitionId,
  goesOn: () => boolean,
): Promise<void> {
  const { log, topic, telemetry, intakeRecordsMax } = options
  const { ledger } = ownership
  while (goesOn() && ledger.lost() === null) {
    const next = ledger.next()
    const records = await log
      .read(topic, partition, next, intakeRecordsMax)
      .catch((error: unknown) => {
        if (error instanceof DeskpulseError) return null // The next look tries again.
        throw error
      })
    if (records === null) return
    const [oldest] = records
    if (oldest === undefined) {
      return reachEnd(ownership)
    }
    if (oldest.offset > next) telemetry.gap(partition, next, oldest.offset)
    const outcome = await attempt(() =>
      takeIn(ownership, partition, firstRecords(records, intakeRecordsMax), telemetry),
    )
    if (outcome === 'lost') return
    if (outcome !== 'taken') return telemetry.waiting(partition, outcome.away)
  }
}

async function reachEnd(ownership: Ownership): Promise<void> {
  if (ownership.isCaughtUp) return
  const { desk, post } = ownership.roles
  ownership.isCaughtUp =
    (await attempt(() => growUp(ownership).then(desk.begin).then(post.begin))) === 'taken'
}

/** A role may ask a store of its own, which may be away too. */
async function attempt(
  act: () => Promise<void>,
): Promise<'taken' | 'lost' | { readonly away: DeskpulseError }> {
  try {
    await act()
    return 'taken'
  } catch (error) {
    if (error instanceof LedgerLost) return 'lost'
    if (storeIsAway(error)) return { away: error }
    throw error
  }
}
