import { setTimeout as pause } from 'node:timers/promises'
import type { ConnectionOptions } from 'node:tls'
import { Cluster, Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'
import { storeError } from './errors.ts'
import type { RedisStateStoreOptions, RedisTls } from './options.ts'

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
        redisOptions: { ...common, ...credentialsOf(options) },
        clusterRetryStrategy: reconnectPause,
        ...{ enableOfflineQueue: false, lazyConnect: true },
      })
    : new Redis({
        ...common,
        ...credentialsOf(options),
        ...placeOf(options),
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

/** Those of the options, else of the URL, of whose several addresses the first one has them. */
function credentialsOf({ url, tls, ...said }: RedisStateStoreOptions): RedisOptions {
  const first = new URL(url.split(',')[0] ?? '')
  const username = said.username ?? decodeURIComponent(first.username)
  const password = said.password ?? decodeURIComponent(first.password)
  return {
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls !== undefined && { tls: given(tls) }),
    ...(tls === undefined && first.protocol === 'rediss:' && { tls: {} }),
  }
}

/** Without the keys that say nothing: they would stand over what Node takes by itself. */
const given = (tls: RedisTls): ConnectionOptions =>
  Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))

const portDefault = 6_379

function placeOf(options: RedisStateStoreOptions): RedisOptions {
  const { hostname, port, pathname, protocol } = new URL(options.url)
  const db = Number(pathname.slice(1))
  const { sentinel, tls } = options
  if (sentinel === undefined)
    return { host: bare(hostname), port: port === '' ? portDefault : Number(port), db }
  return {
    db,
    name: sentinel.master,
    sentinels: sentinel.nodes.map(addressOf),
    updateSentinels: false, // They name each other by addresses, for which their certificates need not be.
    sentinelRetryStrategy: reconnectPause,
    sentinelCommandTimeout: timeoutOf(options),
    enableTLSForSentinelMode: tls !== undefined || protocol === 'rediss:',
    ...(sentinel.username !== undefined && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== undefined && { sentinelPassword: sentinel.password }),
    ...(sentinel.tls !== undefined && { sentinelTLS: given(sentinel.tls) }),
  }
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '')

function addressOf(hostPort: string): { host: string; port: number } {
  const at = hostPort.lastIndexOf(':')
  return { host: bare(hostPort.slice(0, at)), port: Number(hostPort.slice(at + 1)) }
}

/** Every node that takes writes: one, or a cluster's masters. */
export const writersOf = (connection: Connection): readonly Redis[] =>
  connection instanceof Cluster ? connection.nodes('master') : [connection]
