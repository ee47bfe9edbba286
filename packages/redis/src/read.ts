import type { EpochMs } from '@deskpulse/core'
import type { ChangeCursor, Offset, OpenResult, Position, ReadQuery, Snapshot } from '@deskpulse/stream'
import type { PartitionKeys } from './keys.ts'
import { listOf, numberOf, pairsOf, textOf, valueOf } from './reply.ts'
import type { Argument } from './script.ts'
import { script } from './script.ts'

export const readScript = script('read')

/** KEYS and ARGV of read.lua, whose header describes them and what it returns. */
export function readArguments(names: PartitionKeys, query: ReadQuery): { keys: string[]; args: Argument[] } {
  const keys = [names.meta, names.changes]
  for (const key of query.keys) keys.push(names.of(key))
  for (const { key } of query.open) keys.push(names.of(key))
  return { keys, args: [query.since ?? '', query.keys.length, ...query.open.map(({ members }) => members)] }
}

export function snapshotOf(reply: unknown): Snapshot {
  const [offset, logTime, watermark, cursor, values, open, changed] = listOf(reply)
  return {
    ...positionOf(offset, logTime, watermark),
    cursor: textOf(cursor) as ChangeCursor,
    values: listOf(values).map(valueOf),
    open: listOf(open).map(openOf),
    changed: changed === null ? 'lost' : new Set(listOf(changed).flatMap(keysIn)),
  }
}

export function positionOf(offset: unknown, logTime: unknown, watermark: unknown): Position {
  return { offset: numberOf(offset) as Offset, logTimeMs: numberOf(logTime) as EpochMs, watermarkMs: numberOf(watermark) as EpochMs }
}

/** The changed keys of one commit, as commit.lua was given them. */
export const keysIn = (reply: unknown): string[] => JSON.parse(textOf(reply)) as string[]

function openOf(reply: unknown): OpenResult {
  const [count, oldest] = listOf(reply)
  const members = pairsOf(oldest).map(([member, since]) => ({ member: member.toString(), sinceMs: numberOf(since) as EpochMs }))
  return { count: numberOf(count), oldest: members }
}
