import { setTimeout as pause } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'
import { storeError } from './errors.ts'
import type { RedisStateStoreOptions } from './options.ts'

export type Connection = Redis | Cluster

const defaultTimeoutMs = 5_000

/** How long an operation waits for its answer. */
export const timeoutOf = ({
  commandTimeoutMs = defaultTimeoutMs,
}: RedisStateStoreOptions): number => commandTimeoutMs
const reconnectPauseMaxMs = 1_000

const reconnectPause = (attempt: number): number =>
  Math.min(50 * 2 ** Math.min(attempt, 10), reconnectPauseMaxMs)

/**
 * A connection that has not been opened yet. It reconnects for ever by itself; meanwhile commands fail at once. Nothing is queued and nothing
 * is sent twice behind the caller's back, so the caller alone decides what to try again, and no command waits longer than its timeout.
 */
export function connectionTo(options: RedisStateStoreOptions): Connection {
  const timeoutMs = timeoutOf(options)
  const common: RedisOptions = {
    ...options.connection,
    protocol: 2,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    // A peer that vanished without a word (power, network) is given up, and a new connection tried.
    socketTimeout: 3 * timeoutMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  }
  const connection = options.cluster
    ? new Cluster(options.url.split(','), {
        ...options.clusterConnection,
        redisOptions: { ...common, ...userOf(options.url.split(',')[0] ?? '') },
        clusterRetryStrategy: reconnectPause,
        ...{ enableOfflineQueue: false, lazyConnect: true },
      })
    : new Redis(options.url, {
        ...common,
        retryStrategy: reconnectPause,
        enableOfflineQueue: false,
        lazyConnect: true,
      })
  // Each failure reaches the caller of a command; ioredis would print it a second time if nobody listened.
  connection.on('error', () => {})
  return connection
}

/** Opens it. @throws DeskpulseError STORE_UNAVAILABLE when it cannot be opened now; it is closed then. */
export async function open(connection: Connection, options: RedisStateStoreOptions): Promise<void> {
  const tooLate = new AbortController()
  let last: unknown
  connection.on('error', (error: unknown) => (last = error))
  try {
    // ioredis's promise stays open when a cluster answers but is not ready, hence a limit of our own.
    const limit = pause(2 * timeoutOf(options), null, { signal: tooLate.signal }).then(() => {
      throw new Error('it did not become ready in time')
    })
    await Promise.race([connection.connect(), limit])
  } catch (error) {
    connection.disconnect()
    // The promise says only that the connection was closed; the event before it says why.
    throw storeError(last ?? error, 'connecting to Redis')
  } finally {
    tooLate.abort()
  }
}

/** ioredis takes a cluster's user, password and TLS from its options alone. */
function userOf(url: string): RedisOptions {
  const { username, password, protocol } = new URL(url)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

/** Every node that takes writes: one, or a cluster's masters. */
export const writersOf = (connection: Connection): readonly Redis[] =>
  connection instanceof Cluster ? connection.nodes('master') : [connection]
