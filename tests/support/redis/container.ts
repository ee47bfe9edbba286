import { existsSync } from 'node:fs'
import { freePorts } from '../kafka/free-ports.ts'
import type { OwnRedis, RedisSettings } from '../redis.ts'
import { untilAnswers } from './until-answers.ts'

const image = 'redis:7'
const dockerSocket = '/var/run/docker.sock'

/** Redis in a container, on a port of 127.0.0.1 that it keeps when it is started again; or why there is none (no Docker engine, no image to be had). */
export async function containerRedis(
  settings: RedisSettings,
): Promise<{ readonly redis: OwnRedis } | { readonly redis: null; readonly reason: unknown }> {
  // Without either there is no engine, and testcontainers need not be loaded, which takes a second.
  if (!process.env['DOCKER_HOST'] && !existsSync(dockerSocket))
    return { redis: null, reason: new Error('there is no Docker engine') }
  try {
    return { redis: await start(settings) }
  } catch (reason) {
    return { redis: null, reason }
  }
}

async function start(settings: RedisSettings): Promise<OwnRedis> {
  const { Wait, getContainerRuntimeClient } = await import('testcontainers')
  const { LoopbackContainer } = await import('../loopback-container.ts')
  const engine = await getContainerRuntimeClient()
  const [port = 0] = await freePorts(1)
  // Nodes of a cluster find each other at the address that they tell their clients, which only the host's own network has on both sides.
  const onHost = settings['cluster-enabled'] === 'yes'
  const reach: RedisSettings = onHost ? { bind: '127.0.0.1' } : { 'protected-mode': 'no' }
  const args = Object.entries({ ...settings, ...reach, port: `${port}` }).flatMap(
    ([name, value]) => [`--${name}`, value],
  )
  const container = new LoopbackContainer(image)
    .withCommand(['redis-server', ...args])
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
  const placed = onHost
    ? container.withNetworkMode('host')
    : container.withExposedPorts({ container: port, host: port })
  const started = await placed.start()
  await untilAnswers(port, () => true)
  const raw = engine.container.getById(started.getId())
  let stopped: Promise<unknown> | undefined
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => raw.kill().then(() => {}),
    start: async () => {
      await raw.start()
      await untilAnswers(port, () => true)
    },
    stop: async () => {
      stopped ??= started.stop()
      await stopped
    },
  }
}
