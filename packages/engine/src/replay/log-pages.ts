import type { EpochMs } from '@deskpulse/core/time'
import type { EventLog, LogRecord, Offset, PartitionId } from '@deskpulse/stream'

export type LogPart = {
  readonly log: Pick<EventLog, 'read'>
  readonly topic: string
  readonly partition: PartitionId
  /** Not beyond this offset: what is not folded yet is not looked at. */
  readonly endOffset: Offset
}

const pageBytesMin = 1024 * 1024
const pageBytesMax = 4 * pageBytesMin
const pageRecordsMax = 4_000

/** Of the first record that was appended at or after `fromMs`; `endOffset` when there is none. Append times hardly ever go back. */
export async function offsetAt(
  { log, topic, partition, endOffset }: LogPart,
  fromMs: EpochMs,
): Promise<Offset> {
  let [low, high] = [0, endOffset as number]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [record] = await log.read(topic, partition, middle as Offset, 1)
    if (record === undefined || record.offset >= high || record.appendedAtMs >= fromMs)
      high = middle
    else low = record.offset + 1
  }
  return low as Offset
}

/** The offset after the last record that the log has now, or `from` where it has none. */
export async function endOf(
  { log, topic, partition }: Omit<LogPart, 'endOffset'>,
  from: Offset,
): Promise<Offset> {
  const isThere = async (offset: number): Promise<boolean> =>
    (await log.read(topic, partition, offset as Offset, 1)).length > 0
  let [low, step] = [from as number, 1]
  while (await isThere(low + step - 1)) [low, step] = [low + step, 2 * step]
  // No record is at or after the offset that was asked for last.
  for (let high = low + step - 1; low < high;) {
    const middle = Math.floor((low + high) / 2)
    if (await isThere(middle)) low = middle + 1
    else high = middle
  }
  return low as Offset
}

const bytesOf = (records: readonly LogRecord[]): number =>
  records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)

/** Pages from `from` up to the end offset. Their size follows what records weigh: heartbeats come by thousands, full frames by dozens. */
export async function* pagesFrom(
  part: LogPart,
  from: Offset,
): AsyncGenerator<readonly LogRecord[]> {
  const { log, topic, partition, endOffset } = part
  let limit = 100
  for (let next: number = from; next < endOffset;) {
    const page = (await log.read(topic, partition, next as Offset, limit)).filter(
      ({ offset }) => offset < endOffset,
    )
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    next = last.offset + 1
    const bytes = bytesOf(page)
    if (bytes < pageBytesMin) limit = Math.min(2 * limit, pageRecordsMax)
    else if (bytes > pageBytesMax) limit = Math.max(1, Math.floor(limit / 2))
  }
}
