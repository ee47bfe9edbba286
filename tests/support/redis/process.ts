import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs } from '../end-with-us.ts'
import { freePorts } from '../kafka/free-ports.ts'
import type { OwnRedis, RedisSettings } from '../redis.ts'
import { RedisMissing } from './missing.ts'
import { untilAnswers } from './until-answers.ts'

/** Redis as one process on 127.0.0.1, its data in a folder of its own. */
export async function processRedis(settings: RedisSettings): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-redis-'))
  const [port = 0] = await freePorts(1)
  const args = Object.entries({
    ...settings,
    port: `${port}`,
    bind: '127.0.0.1',
    dir: folder,
  }).flatMap(([name, value]) => [`--${name}`, value])
  const removeData = (): Promise<void> => rm(folder, { recursive: true, force: true })
  let server = await launch(args, port).catch(async (error: unknown) => {
    await removeData()
    throw error
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end(server),
    start: async () => {
      server = await launch(args, port)
    },
    stop: async () => {
      await end(server)
      await removeData()
    },
  }
}

async function launch(args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  await once(child, 'spawn').catch((error: unknown) => {
    throw new RedisMissing(missing, { cause: error })
  })
  endWithUs(child)
  await untilAnswers(port, () => child.exitCode === null && child.signalCode === null).catch(
    async (error: unknown) => {
      await end(child)
      throw new Error(`Redis did not start:\n${output}`, { cause: error })
    },
  )
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

const missing =
  'tests need a real Redis 7, and this machine has no redis-server: set DESKPULSE_TEST_REDIS_URL, start a Docker engine, ' +
  'or install the package redis-server (Debian, Ubuntu: apt-get install redis-server)'
