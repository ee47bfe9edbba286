import { randomUUID } from 'node:crypto'
import { assertChange, changedBy, encodeChanged, realTimer } from '@deskpulse/stream'
import type {
  Acquired,
  Change,
  ChangeCursor,
  CommitOutcome,
  Epoch,
  OutboxId,
  PartitionId,
  Snapshot,
  StateStore,
} from '@deskpulse/stream'
import { commitAnswer, commitArguments, commitScript } from './commit.ts'
import { connectionTo, open } from './connection.ts'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { follow, nothingYet } from './follow.ts'
import { hearing } from './hearing.ts'
import { channelOf } from './keys.ts'
import { currentLayout, type CurrentLayout } from './current-layout.ts'
import type { Layout } from './layout.ts'
import { load } from './load.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { encodeMessage, type Message } from './message.ts'
import { outboxOf } from './outbox.ts'
import { idIn, positionIn } from './positions.ts'
import { positionOf, readArguments, readScript, snapshotOf } from './read.ts'
import { listOf, textOf } from './reply.ts'
import { run, script } from './script.ts'
import { checkSettings } from './settings.ts'
import { type Done, telling } from './telling.ts'

const acquireScript = script('acquire')
const probeKeptMs = 60_000

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

function storeOn(
  connection: Connection,
  layout: CurrentLayout,
  options: RedisStateStoreOptions,
): StateStore {
  const closing = new AbortController()
  const commit = committingOn(connection, layout, options)
  const channel = channelOf(options)
  const heard = hearing({
    channel,
    connection: () => connectionTo(options),
    open: (own) => open(own, options),
  })

  const { read, newest } = readingOn(connection, layout)

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
      return answered(
        `loading of partition ${partition}`,
        load(connection, keysOf(partition), { keys, due, hashes }),
      )
    },
    commit,
    follow(partition, cursor, signal) {
      return follow({
        ...{ partition, connection, hearing: heard },
        async feed() {
          const { generation, keysOf } = await layout.fresh()
          const { changes, meta } = keysOf(partition)
          return { generation, changes, meta }
        },
        from: cursor === null ? newest(partition).catch(() => null) : Promise.resolve(cursor),
        now: async () => (await read(partition, { keys: [] })).cursor,
        signal: AbortSignal.any([signal, closing.signal]),
      })
    },
    async readOutbox(partition, limit) {
      if (limit === 0) return [] // Redis would answer with no list at all.
      const { generation, keysOf } = await layout.fresh()
      const { out } = keysOf(partition)
      return outboxOf(
        await answered(
          'reading the outbox',
          connection.callBuffer('XRANGE', out, '-', '+', 'COUNT', limit),
        ),
        generation,
      )
    },
    async trimOutbox(partition, published) {
      const { generation, keysOf } = await layout.fresh()
      const ids = published
        .map((position: OutboxId) => idIn(generation, position))
        .filter((id) => id !== null)
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
      const all = Array.from(
        { length: options.partitions },
        (_, partition) => keysOf(partition as PartitionId).probe,
      )
      const written = Promise.all(all.map((key) => connection.set(key, '', 'PX', probeKeptMs)))
      await answered('writing', written)
      await answered(
        'telling of commits',
        connection.publish(channel, bytesOf({ generation: '', commits: [] })),
      )
    },
    async close() {
      closing.abort()
      heard.close()
      connection.disconnect()
    },
  }
}

/** As the client sends them. */
function bytesOf(message: Message): Buffer {
  const { buffer, byteOffset, byteLength } = encodeMessage(message)
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** A commit is done when it is written. That it is told of is not waited for: readers find in the feed what they did not hear. */
function committingOn(
  connection: Connection,
  layout: CurrentLayout,
  options: RedisStateStoreOptions,
): StateStore['commit'] {
  const { changesKept = 1_000, rebuilding = false } = options
  const channel = channelOf(options)
  const { begin } = telling(
    (message) => void connection.publish(channel, bytesOf(message)).catch(() => {}),
    realTimer,
  )

  async function write(partition: PartitionId, change: Change) {
    const { generation, keysOf } = await layout.fresh()
    const changed = encodeChanged(changedBy(change))
    const { keys, args } = commitArguments(keysOf(partition), change, changed, changesKept)
    const reply = await answered(
      `commit of partition ${partition}`,
      run(connection, commitScript, keys, args),
    )
    return { ...commitAnswer(reply), generation, changed }
  }

  return async (partition, change): Promise<CommitOutcome> => {
    assertChange(change)
    const done = begin()
    let told: Done | undefined
    try {
      const { outcome, place, generation, changed } = await write(partition, change)
      const { toOffset: offset, logTimeMs, watermarkMs } = change
      // Nobody reads yet what a rebuild makes.
      if (place !== null && !rebuilding)
        told = {
          generation,
          commit: { partition, ...place, offset, logTimeMs, watermarkMs, changed },
        }
      return outcome
    } finally {
      done(told)
    }
  }
}

type Query = Parameters<StateStore['read']>[1]

/** What is read, of the generation that is current then. */
function readingOn(connection: Connection, layout: CurrentLayout) {
  async function readAt(
    { generation, keysOf }: Layout,
    partition: PartitionId,
    query: Query,
  ): Promise<Snapshot> {
    const { keys, args } = readArguments(keysOf(partition), query, generation)
    return snapshotOf(
      query,
      await answered(`reading partition ${partition}`, run(connection, readScript, keys, args)),
      generation,
    )
  }

  async function read(partition: PartitionId, query: Query): Promise<Snapshot> {
    const at = await layout.fresh()
    const snapshot = await readAt(at, partition, query)
    if (snapshot.cursor !== positionIn(at.generation, nothingYet)) return snapshot
    // Nothing was ever committed there, or the generation has been removed since the last look.
    const now = await layout.look()
    return now.generation === at.generation ? snapshot : readAt(now, partition, query)
  }

  /** One plain command, sent at once: a commit that is sent later comes after it. A script that Redis has to be told first would not do. */
  const newest = async (partition: PartitionId): Promise<ChangeCursor> => {
    const { generation, keysOf } = layout.now()
    return positionIn(
      generation,
      (await connection.hget(keysOf(partition).meta, 'cursor')) ?? nothingYet,
    )
  }

  return { read, newest }
}
