import { createHash } from 'node:crypto'
import {
  type DeadLetter,
  letterGroupRecord,
  type NewDeadLetterRecord,
  type Original,
} from '@deskpulse/contract'

export const letterGroupLimits = {
  /** Of a group before it is compressed; one letter past it goes alone. Half of what a record of the topic may have. */
  bytesMax: 1024 * 1024,
  /** What a letter weighs beside its original and its texts. */
  letterBytes: 256,
} as const

/** Refused inputs that will be one record. Equal ones are one letter that says how often. */
export type LetterGroup = {
  /** `false`: the group is full, and has not taken it. */
  add(letter: DeadLetter): boolean
  readonly done: PromiseWithResolvers<void>
  record(): NewDeadLetterRecord
}

export function letterGroup(): LetterGroup {
  const letters = new Map<string, DeadLetter>()
  let bytes = 0

  return {
    add(letter) {
      const key = keyOf(letter)
      const same = letters.get(key)
      if (same !== undefined) {
        letters.set(key, { ...same, times: same.times + letter.times, lastMs: letter.lastMs })
        return true
      }
      const weight = weightOf(letter)
      if (letters.size > 0 && bytes + weight > letterGroupLimits.bytesMax) return false
      bytes += weight
      letters.set(key, letter)
      return true
    },
    done: Promise.withResolvers(),
    record: () => letterGroupRecord([...letters.values()]),
  }
}

function weightOf({ original, path, reason, source }: DeadLetter): number {
  return (
    letterGroupLimits.letterBytes +
    original.bytes.length +
    path.length +
    reason.length +
    (source?.length ?? 0)
  )
}

/** Longer originals are told apart by their hash. */
const hashedFromBytes = 128

function keyOf({ original, code, path, reason, tenant, source }: DeadLetter): string {
  return [code, path, reason, tenant, source, bytesOf(original)].join('\n')
}

function bytesOf({ kind, bytes, ...cut }: Original): string {
  if (kind === 'head') return JSON.stringify(cut)
  if (bytes.length < hashedFromBytes)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return createHash('sha256').update(bytes).digest('latin1')
}
