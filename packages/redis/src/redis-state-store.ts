import { randomUUID } from 'node:crypto'
import { assertChange } from '@deskpulse/stream'
import type { Acquired, ChangeCursor, Epoch, OutboxId, PartitionId, Snapshot, StateStore } from '@deskpulse/stream'
import { commitArguments, commitOutcome, commitScript } from './commit.ts'
import { connectionTo, open, timeoutOf } from './connection.ts'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { follow } from './follow.ts'
import { currentLayout, type CurrentLayout } from './current-layout.ts'
import type { Layout } from './layout.ts'
import { load } from './load.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { outboxOf } from './outbox.ts'
import { idIn, positionIn } from './positions.ts'
import { positionOf, readArguments, readScript, snapshotOf } from './read.ts'
import { listOf, textOf } from './reply.ts'
import { run, script } from './script.ts'
import { checkSettings } from './settings.ts'

const acquireScript = script('acquire')
const probeKeptMs = 60_000
/** The cursor of a partition without a commit. */
const nothingYet = '0-0'

/**
 * The StateStore in Redis 7 or newer, single or Cluster. A partition's keys hash to one slot, and each operation is one command or script.
 *
 * When a rebuild makes another generation current, the store follows within half a second, and at once where the old one is gone: owners are fenced,
 * and cursors reach back no further.
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
    return storeOn(connection, await currentLayout(connection, options), options)
  } catch (error) {
    connection.disconnect()
    throw error
  }
}

function storeOn(connection: Connection, layout: CurrentLayout, options: RedisStateStoreOptions): StateStore {
  const { changesKept = 1_000 } = options
  const closing = new AbortController()

  const { read, stand, newest } = readingOn(connection, layout)

  return {
    read,
    async acquire(partition): Promise<Acquired> {
      const { keysOf } = await layout.look() // In a generation that was removed it would begin a state of its own.
      const reply = await answered(
        `acquiring partition ${partition}`,
        run(connection, acquireScript, [keysOf(partition).meta], [randomUUID()]),
      )
      const [epoch, ...position] = listOf(reply)
      return { epoch: textOf(epoch) as Epoch, ...positionOf(position[0], position[1], position[2]) }
    },
    async load(partition, keys, due, hashes = []) {
      const { keysOf } = await layout.fresh()
      return answered(`loading of partition ${partition}`, load(connection, keysOf(partition), { keys, due, hashes }))
    },
    async commit(partition, change) {
      assertChange(change)
      const { keysOf } = await layout.fresh()
      const { keys, args } = commitArguments(keysOf(partition), change, changesKept)
      return commitOutcome(await answered(`commit of partition ${partition}`, run(connection, commitScript, keys, args)))
    },
    follow(partition, cursor, signal) {
      return follow({
        async feed() {
          const { generation, keysOf } = await layout.fresh()
          return { generation, changes: keysOf(partition).changes }
        },
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
      const { generation, keysOf } = await layout.fresh()
      const { out } = keysOf(partition)
      return outboxOf(await answered('reading the outbox', connection.callBuffer('XRANGE', out, '-', '+', 'COUNT', limit)), generation)
    },
    async trimOutbox(partition, published) {
      const { generation, keysOf } = await layout.fresh()
      const ids = published.map((position: OutboxId) => idIn(generation, position)).filter((id) => id !== null)
      if (ids.length === 0) return
      await answered('trimming the outbox', connection.xdel(keysOf(partition).out, ...ids))
    },
    ping: () =>
      connection.ping().then(
        () => true,
        () => false,
      ),
    async takesWrites() {
      const { keysOf } = await layout.fresh()
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

type Query = Parameters<StateStore['read']>[1]

/** What is read, of the generation that is current then. */
function readingOn(connection: Connection, layout: CurrentLayout) {
  async function readAt({ generation, keysOf }: Layout, partition: PartitionId, query: Query): Promise<Snapshot> {
    const { keys, args } = readArguments(keysOf(partition), query, generation)
    return snapshotOf(query, await answered(`reading partition ${partition}`, run(connection, readScript, keys, args)), generation)
  }

  async function read(partition: PartitionId, query: Query): Promise<Snapshot> {
    const at = await layout.fresh()
    const snapshot = await readAt(at, partition, query)
    if (snapshot.cursor !== positionIn(at.generation, nothingYet)) return snapshot
    // Nothing was ever committed there, or the generation has been removed since the last look.
    const now = await layout.look()
    return now.generation === at.generation ? snapshot : readAt(now, partition, query)
  }

  const stand = async (partition: PartitionId, since?: ChangeCursor) => {
    const { cursor, changed } = await read(partition, { keys: [], since })
    return { now: cursor, lost: changed === 'lost' }
  }

  /** One plain command, sent at once: a commit that is sent later comes after it. A script that Redis has to be told first would not do. */
  const newest = async (partition: PartitionId): Promise<ChangeCursor> => {
    const { generation, keysOf } = layout.now()
    return positionIn(generation, (await connection.hget(keysOf(partition).meta, 'cursor')) ?? nothingYet)
  }

  return { read, stand, newest }
}
