import { EntryUnreadable } from '../entries/unreadable.ts'
import { decodeLetterGroup, encodeLetterGroup, letterGroupFormat } from './group.ts'
import type { DeadLetter } from './letter.ts'
import {
  decodeReplayReceipt,
  encodeReplayReceipt,
  type ReplayReceipt,
  replayReceiptFormat,
} from './receipt.ts'
import { decodeSingleLetter } from './single.ts'

/** What a record of the dead-letter topic gives to read. */
export type DeadLetterRecord = {
  readonly value: Uint8Array | null
  readonly headers: Readonly<Record<string, string>>
  readonly appendedAtMs: number
}

export type NewDeadLetterRecord = {
  readonly key: null
  readonly value: Uint8Array
  /** `format`; `inputs`: how many refused inputs the record stands for, readable without its value. */
  readonly headers: { readonly format: string; readonly inputs: string }
}

export type DeadLetterContent =
  | { readonly kind: 'letters'; readonly letters: readonly DeadLetter[] }
  | { readonly kind: 'receipt'; readonly receipt: ReplayReceipt }

/** A record of many letters. At least one. */
export function letterGroupRecord(letters: readonly DeadLetter[]): NewDeadLetterRecord {
  const inputs = letters.reduce((sum, { times }) => sum + times, 0)
  return {
    key: null,
    value: encodeLetterGroup(letters),
    headers: { format: letterGroupFormat, inputs: String(inputs) },
  }
}

export function replayReceiptRecord(receipt: ReplayReceipt): NewDeadLetterRecord {
  return {
    key: null,
    value: encodeReplayReceipt(receipt),
    headers: { format: replayReceiptFormat, inputs: '0' },
  }
}

/** How many refused inputs a record of the dead-letter topic stands for. */
export function inputsOf({ inputs = '1' }: DeadLetterRecord['headers']): number {
  return /^\d{1,15}$/.test(inputs) ? Number(inputs) : 1
}

/** Reads every kind of record that any version has written to the dead-letter topic. @throws EntryUnreadable */
export function decodeDeadLetters({
  value,
  headers,
  appendedAtMs,
}: DeadLetterRecord): DeadLetterContent {
  const bytes = value ?? new Uint8Array(0)
  switch (headers['format']) {
    case letterGroupFormat:
      return { kind: 'letters', letters: decodeLetterGroup(bytes) }
    case replayReceiptFormat:
      return { kind: 'receipt', receipt: decodeReplayReceipt(bytes) }
    default:
      return { kind: 'letters', letters: [decodeSingleLetter(bytes, headers, appendedAtMs)] }
  }
}

/** `null`: nothing that this version can read. */
export function contentOf(record: DeadLetterRecord): DeadLetterContent | null {
  try {
    return decodeDeadLetters(record)
  } catch (error) {
    if (!(error instanceof EntryUnreadable)) throw error
    return null
  }
}
