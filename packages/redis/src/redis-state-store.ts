import { randomUUID } from 'node:crypto'
import { assertChange } from '@deskpulse/stream'
import type { Acquired, ChangeCursor, Epoch, PartitionId, Snapshot, StateStore } from '@deskpulse/stream'
import { commitArguments, commitOutcome, commitScript } from './commit.ts'
import { connectionTo, open, timeoutOf } from './connection.ts'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { follow } from './follow.ts'
import type { KeysOf } from './keys.ts'
import { openLayout } from './layout.ts'
import { load } from './load.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { outboxOf } from './outbox.ts'
import { positionOf, readArguments, readScript, snapshotOf } from './read.ts'
import { listOf, textOf } from './reply.ts'
import { run, script } from './script.ts'
import { checkSettings } from './settings.ts'

const acquireScript = script('acquire')
const probeKeptMs = 60_000

/**
 * The StateStore in Redis 7 or newer, single or Cluster. A partition's keys hash to one slot, and each operation is one command or script.
 *
 * While Redis is away every operation throws STORE_UNAVAILABLE, at once or within `commandTimeoutMs`; the connection comes back by itself.
 * What such a commit did is not known: a worker waits with backoff and commits the same change again, and `behind` with the change's own
 * `toOffset` (or any other offset) tells it where to go on. `follow` alone waits: it ends with its signal or with the store.
 * @throws DeskpulseError STORE_UNAVAILABLE, STORE_SETTINGS (version, eviction policy, access), STORE_LAYOUT (generation, partitions).
 */
export async function redisStateStore(options: RedisStateStoreOptions): Promise<StateStore> {
  const connection = connectionTo(options)
  try {
    await open(connection, options)
    await checkSettings(connection)
    return storeOn(connection, await openLayout(connection, options), options)
  } catch (error) {
    connection.disconnect()
    throw error
  }
}

function storeOn(connection: Connection, keysOf: KeysOf, options: RedisStateStoreOptions): StateStore {
  const { changesKept = 1_000 } = options
  const closing = new AbortController()

  async function read(partition: PartitionId, query: Parameters<StateStore['read']>[1]): Promise<Snapshot> {
    const { keys, args } = readArguments(keysOf(partition), query)
    return snapshotOf(query, await answered(`reading partition ${partition}`, run(connection, readScript, keys, args)))
  }

  const stand = async (partition: PartitionId, since?: ChangeCursor) => {
    const { cursor, changed } = await read(partition, { keys: [], since })
    return { now: cursor, lost: changed === 'lost' }
  }

  /** One plain command, sent at once: a commit that is sent later comes after it. A script that Redis has to be told first would not do. */
  const newest = async (partition: PartitionId): Promise<ChangeCursor> =>
    ((await connection.hget(keysOf(partition).meta, 'cursor')) ?? '0-0') as ChangeCursor

  return {
    read,
    async acquire(partition): Promise<Acquired> {
      const reply = await answered(
        `acquiring partition ${partition}`,
        run(connection, acquireScript, [keysOf(partition).meta], [randomUUID()]),
      )
      const [epoch, ...position] = listOf(reply)
      return { epoch: textOf(epoch) as Epoch, ...positionOf(position[0], position[1], position[2]) }
    },
    load: (partition, keys, due, hashes = []) =>
      answered(`loading of partition ${partition}`, load(connection, keysOf(partition), { keys, due, hashes })),
    async commit(partition, change) {
      assertChange(change)
      const { keys, args } = commitArguments(keysOf(partition), change, changesKept)
      return commitOutcome(await answered(`commit of partition ${partition}`, run(connection, commitScript, keys, args)))
    },
    follow(partition, cursor, signal) {
      return follow({
        changes: keysOf(partition).changes,
        from: cursor === null ? newest(partition).catch(() => null) : Promise.resolve(cursor),
        connection: () => connectionTo(options),
        open: (own) => open(own, options),
        stand: (since) => stand(partition, since),
        // An answer has to come before the time-out, also when nothing was committed.
        blockMs: Math.ceil(timeoutOf(options) / 4),
        signal: AbortSignal.any([signal, closing.signal]),
      })
    },
    async readOutbox(partition, limit) {
      if (limit === 0) return [] // Redis would answer with no list at all.
      const { out } = keysOf(partition)
      return outboxOf(await answered('reading the outbox', connection.callBuffer('XRANGE', out, '-', '+', 'COUNT', limit)))
    },
    async trimOutbox(partition, published) {
      if (published.length === 0) return
      const { out } = keysOf(partition)
      await answered('trimming the outbox', connection.xdel(out, ...published))
    },
    ping: () =>
      connection.ping().then(
        () => true,
        () => false,
      ),
    async takesWrites() {
      const all = Array.from({ length: options.partitions }, (_, partition) => keysOf(partition as PartitionId).probe)
      const written = Promise.all(all.map((key) => connection.set(key, '', 'PX', probeKeptMs)))
      await answered('writing', written)
    },
    async close() {
      closing.abort()
      connection.disconnect()
    },
  }
}
