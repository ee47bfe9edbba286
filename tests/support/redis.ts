import { containerRedis } from './redis/container.ts'
import { RedisMissing } from './redis/missing.ts'
import { processRedis } from './redis/process.ts'

export type TestRedis = {
  readonly url: string
  /** Ends it and removes its data; a server given by the environment is left alone. Safe to call twice. */
  stop(): Promise<void>
}

export type OwnRedis = TestRedis & {
  readonly port: number
  /** Ends it hard, as a crash would, and keeps its data. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on its port and with its data. */
  start(): Promise<void>
}

/** `redis-server`'s settings by their names, beside those that the product needs. */
export type RedisSettings = Readonly<Record<string, string>>

/** Address of a Redis to use instead of starting one. Tests keep to a namespace of their own there, and remove nothing of others. */
const urlVariable = 'DESKPULSE_TEST_REDIS_URL'

/** What Deskpulse asks of a Redis, without any data that outlives the test unless the test says so. */
const neededSettings: RedisSettings = {
  'maxmemory-policy': 'noeviction',
  save: '',
  appendonly: 'no',
}

/**
 * A real Redis 7 for tests, answering: the one that the environment names, else one of our own.
 * @throws when none can be had, with what to install.
 */
export async function startRedis(): Promise<TestRedis> {
  const given = process.env[urlVariable]
  return given ? { url: given, stop: async () => {} } : startOwnRedis()
}

/** A Redis that the test may set up, restart and break: a container where a Docker engine answers, else a local process. */
export async function startOwnRedis(settings: RedisSettings = {}): Promise<OwnRedis> {
  const all = { ...neededSettings, ...settings }
  const container = await containerRedis(all)
  if (container.redis) return container.redis
  return processRedis(all).catch((error: unknown) => {
    if (error instanceof RedisMissing)
      throw new RedisMissing(error.message, {
        cause: new AggregateError([container.reason, error]),
      })
    throw error
  })
}

/**
 * The same, or `null` where none can be had: the tests that need it are skipped then, and the reason printed.
 * With `CI=true` it throws instead: what cannot run is a failure.
 */
export async function redisOrSkip<Redis>(start: () => Promise<Redis>): Promise<Redis | null> {
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof RedisMissing) || process.env['CI'] === 'true') throw error
    console.warn(`skipped: ${error.message}`)
    return null
  }
}
