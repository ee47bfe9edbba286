import type { EpochMs } from '@deskpulse/core'
import type { DueWakes, Epoch, Loaded, Wake } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import type { PartitionKeys } from './keys.ts'
import { listOf, numberOf, pairsOf, textOf, valueOf } from './reply.ts'

type LoadQuery = { readonly keys: readonly string[]; readonly due: DueWakes | null; readonly openKeys: readonly string[] }

const nothing: Promise<readonly unknown[]> = Promise.resolve([])

/** Plain commands, sent together on one connection. The owner is asked last: while it is the worker itself, nobody else has written before. */
export async function load(connection: Connection, names: PartitionKeys, { keys, due, openKeys }: LoadQuery): Promise<Loaded> {
  const values = keys.length === 0 ? nothing : connection.mgetBuffer(keys.map(names.of))
  const wakes =
    due === null ? nothing : connection.callBuffer('ZRANGE', names.wake, '-inf', due.upToMs, 'BYSCORE', 'LIMIT', 0, due.limit, 'WITHSCORES')
  const members = Promise.all(openKeys.map((key) => connection.callBuffer('ZRANGE', names.of(key), 0, -1)))
  const owner = connection.hget(names.meta, 'epoch')
  const loaded = await Promise.all([values, wakes, members, owner])
  return {
    values: listOf(loaded[0]).map(valueOf),
    wakes: pairsOf(loaded[1]).map(wakeOf),
    members: loaded[2].map((reply) => listOf(reply).map(textOf)),
    epoch: loaded[3] as Epoch | null,
  }
}

const wakeOf = ([subject, at]: readonly [Buffer, Buffer]): Wake => ({ subject: subject.toString(), atMs: numberOf(at) as EpochMs })
