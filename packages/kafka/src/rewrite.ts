import {
  DeskpulseError,
  type LogRecord,
  type NewRecord,
  type Offset,
  type RewritableTopic,
  type Rewriting,
} from '@deskpulse/stream'

const pageRecords = 200
/** Of one append: a batch is held to the limit of a record. */
const appendBytesMax = 1024 * 1024

/** What a rewriting is made of. */
export type RewriteParts = Pick<RewritableTopic, 'append' | 'read'> & {
  /** The offset behind the last record. */
  end(): Promise<number>
  deleteUntil(before: number): Promise<void>
}

/** Writes what stays again behind the rest, then deletes all up to the last record that was to go. @throws DeskpulseError LOG_UNAVAILABLE */
export async function rewrite(
  parts: RewriteParts,
  decide: (record: LogRecord) => Rewriting,
): Promise<void> {
  const end = await parts.end()
  let last = -1
  for await (const record of recordsUntil(parts, end))
    if (decide(record) !== 'keep') last = record.offset
  if (last < 0) return
  let seen = -1
  const again = noting(recordsUntil(parts, last + 1), (offset) => (seen = offset))
  for await (const records of portions(staying(again, decide))) await parts.append(records)
  // An empty page may be a broker's that is behind: what it did not show was not written again, and must not be deleted.
  if (seen !== last) throw endedEarly(last)
  await parts.deleteUntil(last + 1)
}

function endedEarly(last: number): DeskpulseError {
  const what = `the second reading did not come to offset ${last}: nothing was deleted, some of what stays may be there twice`
  return new DeskpulseError('LOG_UNAVAILABLE', `rewrite: ${what}`)
}

async function* noting(
  records: AsyncIterable<LogRecord>,
  note: (offset: number) => void,
): AsyncGenerator<LogRecord> {
  for await (const record of records) {
    note(record.offset)
    yield record
  }
}

async function* recordsUntil({ read }: RewriteParts, end: number): AsyncGenerator<LogRecord> {
  for (let next = 0; next < end;) {
    const page = await read(next as Offset, pageRecords)
    if (page.length === 0) return
    yield* page.filter(({ offset }) => offset < end)
    next = Number(page.at(-1)!.offset) + 1
  }
}

async function* staying(
  records: AsyncIterable<LogRecord>,
  decide: (record: LogRecord) => Rewriting,
): AsyncGenerator<NewRecord> {
  for await (const record of records) {
    const fate = decide(record)
    if (fate === 'keep') yield { key: record.key, value: record.value, headers: record.headers }
    else if (fate !== 'remove') yield fate
  }
}

/** In order, each of at most `appendBytesMax` or of a single record. */
async function* portions(records: AsyncIterable<NewRecord>): AsyncGenerator<readonly NewRecord[]> {
  let portion: NewRecord[] = []
  let bytes = 0
  for await (const record of records) {
    const more = (record.value?.length ?? 0) + JSON.stringify(record.headers ?? {}).length
    if (portion.length > 0 && bytes + more > appendBytesMax) {
      yield portion
      portion = []
      bytes = 0
    }
    portion.push(record)
    bytes += more
  }
  if (portion.length > 0) yield portion
}
