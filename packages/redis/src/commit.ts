import { placeInHash } from '@deskpulse/stream'
import type { Change, CommitOutcome, FieldChange, HashExpiry, Offset, Put } from '@deskpulse/stream'
import type { PartitionKeys } from './keys.ts'
import { listOf, numberOf, textOf } from './reply.ts'
import type { Argument } from './script.ts'
import { script } from './script.ts'

export const commitScript = script('commit')

/** KEYS and ARGV of commit.lua, whose header describes them. `changed`: what the change changes, as the feed keeps it. */
export function commitArguments(
  names: PartitionKeys,
  change: Change,
  changed: Uint8Array,
  changesKept: number,
): { keys: string[]; args: Argument[] } {
  const { appends, lists = [], wakes, out } = change
  const { puts, fields, expiries } = placed(change)
  const keys = [names.meta, names.wake, names.out, names.changes]
  const args: Argument[] = [
    change.epoch,
    change.fromOffset,
    change.toOffset,
    change.logTimeMs,
    change.watermarkMs,
  ]
  args.push(
    change.step ?? '',
    changesKept,
    changed,
    puts.length,
    appends.length,
    fields.length,
    expiries.length,
    lists.length,
    wakes.length,
    out.length,
  )
  for (const { key, bytes, expiresInMs } of puts) {
    keys.push(names.of(key))
    args.push(bytes ?? '', bytes === null ? 'gone' : (expiresInMs ?? ''))
  }
  for (const { key, bytes } of appends) {
    keys.push(names.of(key))
    args.push(bytes)
  }
  const indexes = new Map<string, number>()
  const indexOf = (key: string): number =>
    indexes.getOrInsertComputed(key, () => keys.push(names.of(key))) // Lua counts from 1, as the new length does.
  for (const { key, field, bytes } of fields) args.push(indexOf(key), field, bytes ?? '')
  for (const { key, expiresInMs } of expiries) args.push(indexOf(key), expiresInMs)
  for (const { key, member, score } of lists) args.push(indexOf(key), member, score ?? '')
  for (const { subject, atMs } of wakes) args.push(subject, atMs ?? '')
  for (const entry of out)
    args.push(
      entry.id,
      entry.topic,
      entry.key,
      entry.bytes,
      entry.headers ? JSON.stringify(entry.headers) : '',
    )
  return { keys, args }
}

/** A record of a hash is a field of it; of what is said of a hash's expiry, the last counts. */
function placed({ puts, fields = [], expiries = [] }: Change): {
  readonly puts: readonly Put[]
  readonly fields: readonly FieldChange[]
  readonly expiries: readonly HashExpiry[]
} {
  const alone: Put[] = []
  const inHashes: FieldChange[] = [...fields]
  const expiryOf = new Map<string, number>()
  for (const put of puts) {
    const place = placeInHash(put.key)
    if (place === null) {
      alone.push(put)
      continue
    }
    const { hash: key, field } = place
    inHashes.push({ key, field, bytes: put.bytes })
    if (put.expiresInMs !== undefined) expiryOf.set(key, put.expiresInMs)
  }
  for (const { key, expiresInMs } of expiries) expiryOf.set(key, expiresInMs)
  return {
    puts: alone,
    fields: inHashes,
    expiries: [...expiryOf].map(([key, expiresInMs]) => ({ key, expiresInMs })),
  }
}

/** The outcome, and where a commit stands in the feed: its id there, and the one before. */
export type Answer = { readonly outcome: CommitOutcome; readonly place: Place | null }
export type Place = { readonly id: string; readonly previous: string }

export function commitAnswer(reply: unknown): Answer {
  const [word, first, second] = listOf(reply)
  const kind = textOf(word)
  switch (kind) {
    case 'committed':
      return { outcome: { kind }, place: { id: textOf(first), previous: textOf(second) } }
    case 'fenced':
      return { outcome: { kind }, place: null }
    case 'behind':
      return { outcome: { kind, offset: numberOf(first) as Offset }, place: null }
    default:
      throw new Error(`commit.lua returned ${kind}`)
  }
}
