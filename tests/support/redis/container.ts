import { existsSync } from 'node:fs'
import { freePorts } from '../kafka/free-ports.ts'
import type { OwnRedis, RedisSettings } from '../redis.ts'
import { untilAnswers } from './until-answers.ts'

const image = 'redis:7.4-alpine'
const dockerSocket = '/var/run/docker.sock'

/** Redis in a container, on a port of 127.0.0.1 that it keeps when it is started again; `null` where no Docker engine answers. */
export async function containerRedis(settings: RedisSettings): Promise<OwnRedis | null> {
  // Without either there is no engine, and testcontainers need not be loaded, which takes a second.
  if (!process.env['DOCKER_HOST'] && !existsSync(dockerSocket)) return null
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers')
  const engine = await getContainerRuntimeClient().catch(() => null)
  if (engine === null) return null
  const [port = 0] = await freePorts(1)
  // Inside and outside it is the same port: a cluster tells its clients the inner one.
  const args = Object.entries({ ...settings, port: `${port}` }).flatMap(([name, value]) => [`--${name}`, value])
  const started = await new GenericContainer(image)
    .withCommand(['redis-server', ...args])
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start()
  const container = engine.container.getById(started.getId())
  let stopped: Promise<unknown> | undefined
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => container.kill().then(() => {}),
    start: async () => {
      await container.start()
      await untilAnswers(port, () => true)
    },
    stop: async () => {
      stopped ??= started.stop()
      await stopped
    },
  }
}
