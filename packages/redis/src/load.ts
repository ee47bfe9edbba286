import type { EpochMs } from '@deskpulse/core/time'
import type { DueWakes, Epoch, Loaded, Wake } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import { byHash, inOrder } from './hashes-of-records.ts'
import type { PartitionKeys } from './keys.ts'
import { numberOf, pairsOf, valueOf } from './reply.ts'

type LoadQuery = {
  readonly keys: readonly string[]
  readonly due: DueWakes | null
  readonly hashes: readonly string[]
}

const nothing: Promise<readonly unknown[]> = Promise.resolve([])

/** Plain commands, sent together on one connection. The owner is asked last: while it is the worker itself, nobody else has written before. */
export async function load(
  connection: Connection,
  names: PartitionKeys,
  { keys, due, hashes }: LoadQuery,
): Promise<Loaded> {
  const { alone, hashes: ofRecords } = byHash(keys)
  const values =
    alone.length === 0
      ? nothing
      : connection.mgetBuffer(alone.map((place) => names.of(keys[place]!)))
  const records = Promise.all(
    ofRecords.map(({ key, fields }) => connection.hmgetBuffer(names.of(key), ...fields)),
  )
  const wakes =
    due === null
      ? nothing
      : connection.callBuffer(
          'ZRANGE',
          names.wake,
          '-inf',
          due.upToMs,
          'BYSCORE',
          'LIMIT',
          0,
          due.limit,
          'WITHSCORES',
        )
  const whole = Promise.all(hashes.map((key) => connection.callBuffer('HGETALL', names.of(key))))
  const owner = connection.hget(names.meta, 'epoch')
  const loaded = await Promise.all([values, records, wakes, whole, owner])
  return {
    values: inOrder(keys.length, { alone, hashes: ofRecords }, loaded[0], loaded[1]).map(valueOf),
    wakes: pairsOf(loaded[2]).map(wakeOf),
    hashes: loaded[3].map(
      (reply) => new Map(pairsOf(reply).map(([field, bytes]) => [field.toString(), bytes])),
    ),
    epoch: loaded[4] as Epoch | null,
  }
}

const wakeOf = ([subject, at]: readonly [Buffer, Buffer]): Wake => ({
  subject: subject.toString(),
  atMs: numberOf(at) as EpochMs,
})
