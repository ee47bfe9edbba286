import type { EpochMs } from '@deskpulse/core'
import type { DueWakes, Epoch, Loaded, Wake } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import type { PartitionKeys } from './keys.ts'
import { listOf, numberOf, pairsOf, valueOf } from './reply.ts'

type LoadQuery = { readonly keys: readonly string[]; readonly due: DueWakes | null; readonly hashes: readonly string[] }

const nothing: Promise<readonly unknown[]> = Promise.resolve([])

/** Plain commands, sent together on one connection. The owner is asked last: while it is the worker itself, nobody else has written before. */
export async function load(connection: Connection, names: PartitionKeys, { keys, due, hashes }: LoadQuery): Promise<Loaded> {
  const values = keys.length === 0 ? nothing : connection.mgetBuffer(keys.map(names.of))
  const wakes =
    due === null ? nothing : connection.callBuffer('ZRANGE', names.wake, '-inf', due.upToMs, 'BYSCORE', 'LIMIT', 0, due.limit, 'WITHSCORES')
  const whole = Promise.all(hashes.map((key) => connection.callBuffer('HGETALL', names.of(key))))
  const owner = connection.hget(names.meta, 'epoch')
  const loaded = await Promise.all([values, wakes, whole, owner])
  return {
    values: listOf(loaded[0]).map(valueOf),
    wakes: pairsOf(loaded[1]).map(wakeOf),
    hashes: loaded[2].map((reply) => new Map(pairsOf(reply).map(([field, bytes]) => [field.toString(), bytes]))),
    epoch: loaded[3] as Epoch | null,
  }
}

const wakeOf = ([subject, at]: readonly [Buffer, Buffer]): Wake => ({ subject: subject.toString(), atMs: numberOf(at) as EpochMs })
