import type { BatchHandler, Offset, PartitionId } from '@deskpulse/stream'
import { protocolErrors } from '../errors.ts'
import { inbox, type Fetched } from './inbox.ts'

export type TurnOptions = {
  readonly partition: PartitionId
  readonly handle: BatchHandler
  /** Of one call of the handler; what has come meanwhile is the next one. */
  readonly batchBytesMax: number
  /** Tells the group that the member is alive. @throws what KafkaJS throws; then the partition may be another member's. */
  readonly heartbeat: () => Promise<void>
  /** The handler went on: what it was given is consumed. */
  readonly consumed: (fetched: Fetched, next: number) => void
  /** Has the partition fetched from another offset. What was fetched before does not come any more. */
  readonly seek: (next: number) => void
  /** There is less in the inbox than before. */
  readonly taken: () => void
  /** The group goes on without this member, or forms anew; what begins at `from` is not consumed. */
  readonly left: (reason: unknown, from: number) => void
  readonly failed: (error: unknown) => void
}

/**
 * One partition from its assignment on until the group changes: hands over what is fetched, one call at a time, and waits for no other partition.
 * It begins again with what has come as soon as the handler is done.
 */
export type Turn = {
  put(fetched: Fetched): void
  /** Of what was fetched and not yet handed over. */
  waitingBytes(): number
  /** The offset of the first record that was fetched and is not consumed; `null`: there is none. */
  firstWaiting(): number | null
  /** Calls no more. Resolves when the running handler has returned. */
  end(): Promise<void>
}

export function partitionTurn(options: TurnOptions): Turn {
  const { partition, handle, heartbeat, batchBytesMax, consumed, seek, taken, left, failed } =
    options
  const box = inbox()
  let running: Promise<void> | null = null
  /** What the handler is at; `null`: it is at nothing. */
  let handling: Fetched | null = null
  let hasEnded = false

  async function handOver(fetched: Fetched): Promise<void> {
    let lost: { readonly reason: unknown } | null = null
    const keepAlive = async (): Promise<boolean> => {
      if (lost === null) await heartbeat().catch((reason: unknown) => void (lost = { reason }))
      return lost === null
    }
    const { records, endOffset } = fetched
    handling = fetched
    const next = await handle({ partition, records, endOffset, keepAlive })
    handling = null
    if (lost !== null) return abandon(fetched, lost)
    if (next === records.at(-1)!.offset + 1) return consumed(fetched, fetched.next)
    goTo(next)
    consumed(fetched, next)
  }

  /** Whoever has the partition then reads the batch again. */
  function abandon({ records }: Fetched, { reason }: { readonly reason: unknown }): void {
    if (protocolErrors(reason).some((type) => outOfGroup.has(type))) {
      left(reason, records[0]!.offset)
      void end()
    } else goTo(records[0]!.offset)
  }

  function goTo(next: Offset): void {
    box.clear()
    taken()
    if (!hasEnded) seek(next) // A seek that KafkaJS has not come to stays with it, also when the partition is another member's.
  }

  async function work(): Promise<void> {
    for (let fetched = next(); fetched !== null; fetched = next()) await handOver(fetched)
    running = null // In the same step as the last look: what is put falls before or after both.
  }

  function next(): Fetched | null {
    const fetched = hasEnded ? null : box.take(batchBytesMax)
    if (fetched !== null) taken()
    return fetched
  }

  function begin(): void {
    const working = Promise.withResolvers<void>()
    running = working.promise
    work()
      .catch((error: unknown) => {
        hasEnded = true
        running = null
        failed(error)
      })
      .finally(working.resolve)
  }

  async function end(): Promise<void> {
    hasEnded = true
    box.clear()
    await running
  }

  return {
    put(fetched) {
      if (hasEnded) return
      box.put(fetched)
      if (running === null) begin()
    },
    waitingBytes: () => box.bytes(),
    firstWaiting: () => (handling ?? box.first())?.records[0]!.offset ?? null,
    end,
  }
}

/** The group goes on without this member, or forms anew: KafkaJS joins again, and reads from what is committed. */
const outOfGroup: ReadonlySet<string> = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
])
