import { createHash } from 'node:crypto'
import { DeskpulseError } from '../errors.ts'
import type { EventLog, LogBatch, LogRecord, Offset, PartitionId } from '../event-log.ts'
import type { Put } from '../state-store.ts'

/** Where a partition's state keeps which record it was folded up to: an offset says nothing of whose it is. */
export const logMarkKey = 's:log'

/** Which record was the last that was folded: written with it, in one commit. */
export type LogMark = { readonly offset: Offset; readonly digest: string }

export const markOf = (record: LogRecord): LogMark => ({
  offset: record.offset,
  digest: digestOf(record),
})

export const putOfMark = (mark: LogMark): Put => ({
  key: logMarkKey,
  bytes: Buffer.from(JSON.stringify(mark)),
})

/** `null`: nothing was folded yet, or by a version that kept no mark. */
export const markIn = (bytes: Uint8Array | null | undefined): LogMark | null =>
  bytes ? (JSON.parse(Buffer.from(bytes).toString()) as LogMark) : null

/** The first 128 bits of the SHA-256 of the append time, the key and the value, in hex. */
function digestOf({ appendedAtMs, key, value }: LogRecord): string {
  const hash = createHash('sha256').update(`${appendedAtMs} ${key?.length ?? -1} `)
  if (key !== null) hash.update(key)
  if (value !== null) hash.update(value)
  return hash.digest('hex').slice(0, 32)
}

export type ReadTopic = { readonly log: Pick<EventLog, 'read'>; readonly topic: string }

/**
 * A log that holds another record where the state's last one stood is another log, however long it is: what was folded is not in it, and what it holds
 * before that place would never be folded. A record that is gone from the log says nothing.
 * @throws DeskpulseError STORE_OTHER_LOG, and what the log throws.
 */
export async function refuseOtherLog(
  { log, topic }: ReadTopic,
  partition: PartitionId,
  mark: LogMark | null,
): Promise<void> {
  if (mark === null) return
  const [found] = await log.read(topic, partition, mark.offset, 1)
  if (found?.offset !== mark.offset || digestOf(found) === mark.digest) return
  const what = `partition ${partition} of ${topic} has another record at offset ${mark.offset} than the one that was folded`
  throw new DeskpulseError('STORE_OTHER_LOG', `${what}: it is another log; ${bringBack}`)
}

/**
 * A batch that ends before the stored offset is an old one, or the log is not the one that was folded: to seek there would bring its first record, for ever.
 * @throws DeskpulseError STORE_AHEAD
 */
export async function refuseShorterLog(
  { log, topic }: ReadTopic,
  { partition, next }: { readonly partition: PartitionId; readonly next: Offset },
  { endOffset }: Pick<LogBatch, 'endOffset'>,
): Promise<void> {
  if (endOffset >= next) return
  const found = await log
    .read(topic, partition, (next - 1) as Offset, 1)
    .catch((error: unknown) => {
      if (error instanceof DeskpulseError) return null // Unknown: the next batch asks again.
      throw error
    })
  if (found?.length !== 0) return
  const what = `partition ${partition} of ${topic} ends before offset ${next}, up to which it is folded`
  throw new DeskpulseError('STORE_AHEAD', `${what}: ${bringBack}`)
}

const bringBack =
  'bring back the log that was folded, or rebuild the state from this one with `deskpulse rebuild` (docs/operations.md#another-log)'

/** Whether the log no longer holds the records from `from` to `before`: a seek may also have come to nothing, by a rebalance. Unknown: no. */
export async function isGone(
  { log, topic }: ReadTopic,
  partition: PartitionId,
  from: Offset,
  before: Offset,
): Promise<boolean> {
  try {
    const [oldest] = await log.read(topic, partition, from, 1)
    return oldest === undefined || oldest.offset >= before
  } catch (error) {
    if (error instanceof DeskpulseError) return false
    throw error
  }
}
