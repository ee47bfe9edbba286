import { contentOf, type DeadLetter, identityOf, replayReceiptFormat } from '@deskpulse/contract'
import type { LogRecord, Offset, RewritableTopic } from '@deskpulse/stream'

/** A letter and where it stands: `offset/index`, of its record and in it. An erasure may give it another place. */
export type FoundLetter = { readonly id: string; readonly letter: DeadLetter }

/** How often letters were replayed, by identity. */
export type Replays = (letter: DeadLetter) => number

const pageRecords = 100

/** Every record, oldest first. */
export async function* recordsOf(
  topic: RewritableTopic,
  signal: AbortSignal,
): AsyncGenerator<LogRecord> {
  for (let next = 0; !signal.aborted;) {
    const page = await topic.read(next as Offset, pageRecords)
    if (page.length === 0) return
    yield* page
    next = Number(page.at(-1)!.offset) + 1
  }
}

export function lettersIn(record: LogRecord): readonly FoundLetter[] | 'unreadable' {
  const content = contentOf(record)
  if (content === null) return 'unreadable'
  if (content.kind === 'receipt') return []
  return content.letters.map((letter, index) => ({ id: `${record.offset}/${index}`, letter }))
}

/** Every letter, oldest first. `onUnreadable`: once a record that cannot be read. */
export async function* lettersOf(
  topic: RewritableTopic,
  signal: AbortSignal,
  onUnreadable: () => void,
): AsyncGenerator<FoundLetter> {
  for await (const record of recordsOf(topic, signal)) {
    const letters = lettersIn(record)
    if (letters === 'unreadable') onUnreadable()
    else yield* letters
  }
}

export async function replaysOf(topic: RewritableTopic, signal: AbortSignal): Promise<Replays> {
  const times = new Map<string, number>()
  for await (const record of recordsOf(topic, signal)) {
    if (record.headers['format'] !== replayReceiptFormat) continue
    const content = contentOf(record)
    if (content?.kind !== 'receipt') continue
    for (const identity of content.receipt.letters)
      times.set(identity, (times.get(identity) ?? 0) + 1)
  }
  return (letter) => times.get(identityOf(letter)) ?? 0
}
