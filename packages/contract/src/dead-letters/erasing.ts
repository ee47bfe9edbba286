import { formatTime } from '../events/time.ts'
import type { DeadLetter } from './letter.ts'
import {
  contentOf,
  type DeadLetterRecord,
  letterGroupRecord,
  type NewDeadLetterRecord,
} from './record.ts'

type StoredRecord = DeadLetterRecord & { readonly key: Uint8Array | null }

/** What becomes of a record of the dead-letter topic whose letters are erased, as rewritings of the topic want it. What cannot be read stays, and so do receipts. */
export function withoutLetters(
  record: StoredRecord,
  isErased: (letter: DeadLetter) => boolean,
): 'keep' | 'remove' | Omit<StoredRecord, 'appendedAtMs'> | NewDeadLetterRecord {
  const content = contentOf(record)
  if (content?.kind !== 'letters') return 'keep'
  const kept = content.letters.filter((letter) => !isErased(letter))
  if (kept.length === 0) return 'remove'
  return kept.length === content.letters.length ? dated(record) : letterGroupRecord(kept)
}

/** A letter of the folds that says no time has that of its append, which a rewriting may change. */
function dated(record: StoredRecord): 'keep' | Omit<StoredRecord, 'appendedAtMs'> {
  const { key, value, headers, appendedAtMs } = record
  const hasTime = headers['format'] !== undefined || headers['receivedAt'] !== undefined
  return hasTime
    ? 'keep'
    : { key, value, headers: { ...headers, receivedAt: formatTime(appendedAtMs) } }
}
