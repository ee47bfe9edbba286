import type { EpochMs } from '@deskpulse/core/time'
import { changedByAll, decodeChanged } from '@deskpulse/stream'
import type {
  Changed,
  ChangeCursor,
  HashResult,
  ListResult,
  Offset,
  Position,
  ReadQuery,
  Snapshot,
} from '@deskpulse/stream'
import { byHash, inOrder } from './hashes-of-records.ts'
import type { PartitionKeys } from './keys.ts'
import { idIn, positionIn } from './positions.ts'
import { bytesOf, listOf, numberOf, ownValueOf, pairsOf, textOf, valueOf } from './reply.ts'
import type { Argument } from './script.ts'
import { script } from './script.ts'

export const readScript = script('read')

/** KEYS and ARGV of read.lua, whose header describes them and what it returns. */
export function readArguments(
  names: PartitionKeys,
  query: ReadQuery,
  generation: string,
): { keys: string[]; args: Argument[] } {
  const { lists = [], hashes = [] } = query
  const keys = [names.meta, names.changes]
  const records = byHash(query.keys)
  for (const place of records.alone) keys.push(names.of(query.keys[place]!))
  for (const { key } of records.hashes) keys.push(names.of(key))
  for (const { key } of lists) keys.push(names.of(key))
  const since = query.since === undefined ? null : idIn(generation, query.since)
  const args: Argument[] = [since ?? '', records.alone.length, records.hashes.length, lists.length]
  for (const { fields } of records.hashes) args.push(fields.length, ...fields)
  for (const { members } of lists) args.push(members)
  for (const { key, fields } of hashes) {
    keys.push(names.of(key))
    args.push(key, fields?.length ?? -1, ...(fields ?? []))
  }
  return { keys, args }
}

export function snapshotOf(
  { keys }: Pick<ReadQuery, 'keys'>,
  reply: unknown,
  generation: string,
): Snapshot {
  const [offset, logTime, watermark, cursor, values, records, lists, changed, hashes] =
    listOf(reply)
  return {
    ...positionOf(offset, logTime, watermark),
    cursor: positionIn<ChangeCursor>(generation, textOf(cursor)),
    values: inOrder(keys.length, byHash(keys), listOf(values), listOf(records).map(listOf)).map(
      ownValueOf,
    ),
    lists: listOf(lists).map(membersOf),
    hashes: listOf(hashes).map(hashOf),
    changed: changed === null ? 'lost' : changedIn(listOf(changed)),
  }
}

export function positionOf(offset: unknown, logTime: unknown, watermark: unknown): Position {
  return {
    offset: numberOf(offset) as Offset,
    logTimeMs: numberOf(logTime) as EpochMs,
    watermarkMs: numberOf(watermark) as EpochMs,
  }
}

function changedIn(commits: readonly unknown[]): Changed | 'lost' {
  const changed = commits.map((commit) => decodeChanged(bytesOf(commit)))
  return changed.every((one) => one !== null) ? changedByAll(changed) : 'lost'
}

function hashOf(reply: unknown): HashResult {
  const [isWhole, fields, bytes] = listOf(reply)
  if (numberOf(isWhole) === 1)
    return {
      isWhole: true,
      fields: new Map(pairsOf(fields).map(([field, one]) => [field.toString(), one])),
    }
  const values = listOf(bytes)
  return {
    isWhole: false,
    fields: new Map(listOf(fields).map((field, index) => [textOf(field), valueOf(values[index])])),
  }
}

function membersOf(reply: unknown): ListResult {
  const [count, first] = listOf(reply)
  return {
    count: numberOf(count),
    first: pairsOf(first).map(([member, score]) => ({
      member: member.toString(),
      score: numberOf(score),
    })),
  }
}
