import { changedFields, changedKeys } from '@deskpulse/stream'
import type { Change, CommitOutcome, Offset } from '@deskpulse/stream'
import type { PartitionKeys } from './keys.ts'
import { listOf, numberOf, textOf } from './reply.ts'
import type { Argument } from './script.ts'
import { script } from './script.ts'

export const commitScript = script('commit')

/** KEYS and ARGV of commit.lua, whose header describes them. */
export function commitArguments(names: PartitionKeys, change: Change, changesKept: number): { keys: string[]; args: Argument[] } {
  const { puts, appends, fields = [], lists = [], wakes, out } = change
  const keys = [names.meta, names.wake, names.out, names.changes]
  const args: Argument[] = [change.epoch, change.fromOffset, change.toOffset, change.logTimeMs, change.watermarkMs]
  args.push(
    change.step ?? '',
    changesKept,
    JSON.stringify(changedKeys(change)),
    fields.length === 0 ? '' : JSON.stringify(changedFields(change)),
    puts.length,
    appends.length,
    fields.length,
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
  const indexOf = (key: string): number => indexes.getOrInsertComputed(key, () => keys.push(names.of(key))) // Lua counts from 1, as the new length does.
  for (const { key, field, bytes } of fields) args.push(indexOf(key), field, bytes ?? '')
  for (const { key, member, score } of lists) args.push(indexOf(key), member, score ?? '')
  for (const { subject, atMs } of wakes) args.push(subject, atMs ?? '')
  for (const entry of out) args.push(entry.id, entry.topic, entry.key, entry.bytes, entry.headers ? JSON.stringify(entry.headers) : '')
  return { keys, args }
}

export function commitOutcome(reply: unknown): CommitOutcome {
  const [word, offset] = listOf(reply)
  const kind = textOf(word)
  switch (kind) {
    case 'committed':
    case 'fenced':
      return { kind }
    case 'behind':
      return { kind, offset: numberOf(offset) as Offset }
    default:
      throw new Error(`commit.lua returned ${kind}`)
  }
}
