import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfig } from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cacheBytesMaxDefault } from '../../packages/engine/src/partition/partition-folder.ts'
import { cacheShares } from '../../packages/engine/src/subjects/kinds.ts'
import { stopWithinMs } from '../../packages/runtime/src/lifecycle/supervise.ts'
import { kafkaVersion } from '../support/kafka/version.ts'
import { serviceLimits } from '../support/service-limits.ts'
import { bytesOf, given, hostPortOf, msOf, neededIn, readCompose, withDefaults } from './compose.ts'
import { readText, root } from './files.ts'

const { services, volumes, networks } = readCompose()
const passwords = {
  ...{ KAFKA_PASSWORD: 'of kafka', REDIS_PASSWORD: 'of redis' },
  SESSION_SECRET: 'of sessions, which is long enough',
}
const manifest = JSON.parse(readText('package.json')) as {
  readonly version: string
  readonly devDependencies: Record<string, string>
}
const dockerfile = readText('Dockerfile')
const own = Object.values(services).filter(({ build }) => build !== undefined)
const scalable = own.filter(({ ports }) => ports === undefined)
const { kafka, redis } = services as Record<'kafka' | 'redis', (typeof services)[string]>

describe.each(Object.entries(services))('%s', (_name, service) => {
  test('runs as a named user without rights, on a file system that it cannot write', () => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
  })

  test('has a health check, a limit of memory, and is started again when it ends', () => {
    expect(service.healthcheck.test[0]).toBe('CMD')
    expect(bytesOf(service.mem_limit)).toBeGreaterThan(0)
    expect(service.restart).toBe('unless-stopped')
  })

  test('is told to stop through an init, and given the time for it', () => {
    expect(service.init).toBe(true)
    expect(msOf(service.stop_grace_period)).toBeGreaterThan(stopWithinMs)
  })

  test('is reached from this machine alone', () => {
    for (const port of service.ports ?? [])
      expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/)
  })

  test('has an image with a version', () => {
    expect(service.image).toMatch(/^[a-z/]+:\d/)
  })

  test('keeps data in named volumes only', () => {
    for (const volume of service.volumes ?? [])
      expect(Object.keys(volumes)).toContain(volume.split(':')[0])
  })
})

describe('the services', () => {
  test('are those that have a process of their own', () => {
    const files = own.filter(({ scale = 1 }) => scale > 0).map(({ command }) => command[0] ?? '')
    expect(files).toEqual(
      ['ingest', 'aggregator', 'api', 'alerter'].map((name) => `services/${name}/src/main.ts`),
    )
    for (const file of files) expect(existsSync(join(root, file))).toBe(true)
  })

  test('are given variables and a file that they accept, with addresses that Kafka and Redis have', () => {
    for (const { environment } of own) {
      const env = Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, given(String(value), passwords)]),
      )
      const parsed = parseConfig(parse(readText('services/deskpulse.yaml')), env, {
        keysRequired: true,
      })
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
      expect(kafka.environment['KAFKA_ADVERTISED_LISTENERS']).toBe(
        `INTERNAL://${parsed.config.kafka.brokers.join(',')}`,
      )
      expect(parsed.config.kafka.sasl).toEqual({
        mechanism: 'plain',
        username: 'deskpulse',
        password: 'of kafka',
      })
      expect(parsed.config.redis).toMatchObject({
        url: 'redis://redis:6379',
        username: 'deskpulse',
        password: 'of redis',
      })
      expect(parsed.config.http.host).toBe('0.0.0.0')
    }
  })

  test('of which there can be several have no port of this machine, which only one could have', () => {
    expect(scalable.map(({ command }) => command)).toEqual([
      services['aggregator']?.command,
      services['alerter']?.command,
    ])
  })

  test('link to the alerts where the alerter is published', () => {
    const [published = ''] = services['alerter']?.ports ?? []
    for (const port of ['8082', '9082']) {
      const given = (text: string): string =>
        withDefaults(text.replace('ALERTER_PORT:-8082', `ALERTER_PORT:-${port}`))
      expect(given(published)).toBe(`127.0.0.1:${port}:8080`)
      for (const { environment } of own)
        expect(given(String(environment['DESKPULSE_ALERTS__PUBLIC_URL']))).toBe(
          `http://127.0.0.1:${port}`,
        )
    }
  })

  test('are asked and published at the port on which they listen', () => {
    for (const { environment, healthcheck, ports = [] } of own) {
      const port = environment['DESKPULSE_HTTP__PORT']
      expect(healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`)
      for (const published of ports) expect(published.endsWith(`:${port}`)).toBe(true)
    }
  })

  test('are served under the names that containers have for each other', () => {
    const names = Object.keys(services).filter((name) => services[name]?.build !== undefined)
    for (const { environment } of own)
      expect(withDefaults(String(environment['DESKPULSE_HTTP__HOSTS'])).split(',')).toEqual(names)
  })

  test('share one image, of the version of package.json, and no two their port of this machine', () => {
    expect(new Set(own.map(({ image }) => image))).toEqual(
      new Set([`deskpulse:${manifest.version}`]),
    )
    const published = Object.values(services).flatMap(({ ports = [] }) => ports.map(hostPortOf))
    expect(new Set(published).size).toBe(published.length)
  })
})

describe('Kafka and Redis', () => {
  test('Kafka is the version that the tests use', () => {
    expect(kafka.image).toBe(`apache/kafka:${kafkaVersion()}`)
  })

  test('are reached by the services alone: they have no port, and no network with a way out', () => {
    expect(Object.keys(networks).filter((name) => networks[name]?.internal !== true)).toEqual([
      'front',
    ])
    for (const { networks: own, ports } of [kafka, redis]) {
      expect(own).toEqual(['back'])
      expect(ports).toBeUndefined()
    }
    for (const { networks: both } of own) expect(both).toEqual(['front', 'back'])
  })

  test('are not started without passwords, which stand in no file of the repository', () => {
    const text = readText('docker-compose.yml')
    expect(neededIn(text).toSorted()).toEqual(Object.keys(passwords))
    for (const name of Object.keys(passwords)) expect(text).not.toMatch(new RegExp(`${name}:-`))
    expect(readText('.gitignore').split('\n')).toContain('.env')
  })

  test('Redis has the user that is documented, and no other', () => {
    const at = redis.command.indexOf('--user', redis.command.indexOf('--user') + 1)
    expect(redis.command.slice(redis.command.indexOf('--user'), at)).toEqual([
      '--user',
      'default',
      'off',
    ])
    const end = redis.command.findIndex((word, index) => index > at && word.startsWith('--'))
    const user = redis.command.slice(at + 1, end).map((word) => given(word, passwords))
    const documented = /^user (deskpulse .*)$/mu.exec(readText('docs/operations.md'))?.[1] ?? ''
    expect(user).toEqual(
      documented
        .replace('PASSWORD', '%')
        .split(' ')
        .map((word) => word.replace('%', 'of redis')),
    )
    expect(redis.healthcheck.test).toContain('deskpulse')
  })

  test('Kafka makes no topic that nobody asked for, and keeps its data in its volume', () => {
    expect(kafka.environment['KAFKA_AUTO_CREATE_TOPICS_ENABLE']).toBe('false')
    expect(kafka.volumes).toEqual([`kafka-data:${kafka.environment['KAFKA_LOG_DIRS']}`])
  })

  test('Redis is the image that the tests use, evicts nothing, and writes an append-only file', () => {
    expect(readText('tests/support/redis/container.ts')).toContain(`'${redis.image}'`)
    const options = redis.command.join(' ')
    expect(options).toContain('--maxmemory-policy noeviction')
    expect(options).toContain('--appendonly yes')
    expect(redis.volumes).toEqual([
      `redis-data:${redis.command[redis.command.indexOf('--dir') + 1]}`,
    ])
  })

  test('Redis refuses writes long before its container runs out of memory', () => {
    const maxmemory = redis.command[redis.command.indexOf('--maxmemory') + 1] ?? ''
    expect(bytesOf(maxmemory) * 2).toBeLessThanOrEqual(bytesOf(redis.mem_limit))
  })
})

describe('memory of the services', () => {
  const parsed = parseConfig({})
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const { cacheBytesMax } = parsed.config.aggregator
  const outsideBytes = cacheBytesMax * cacheShares.packedContacts
  const mebibyte = 2 ** 20

  test('a container has room for the heap, and for Node itself, code, buffers and the young generation', () => {
    for (const [name, { build }] of Object.entries(services)) {
      if (build === undefined) continue
      const { containerBytes, heapBytes } = serviceLimits(name)
      expect(heapBytes + 200 * mebibyte).toBeLessThanOrEqual(containerBytes)
    }
  })

  test('that of the aggregator also for what its caches hold outside of the heap', () => {
    const { containerBytes, heapBytes } = serviceLimits('aggregator')
    expect(heapBytes + outsideBytes + 200 * mebibyte).toBeLessThanOrEqual(containerBytes)
  })

  test('what the caches hold in the heap leaves room in it: from seven eighths on, the collector does little else', () => {
    const restBytes = 160 * mebibyte // Code, what each tenant has for good, and what a fold makes.
    expect(cacheBytesMax - outsideBytes + restBytes).toBeLessThanOrEqual(
      (7 / 8) * serviceLimits('aggregator').heapBytes,
    )
  })

  test('all caches together hold what the configuration says, also in a process that has none', () => {
    expect(cacheBytesMaxDefault).toBe(cacheBytesMax)
    expect(Object.values(cacheShares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
  })

  test('tests and bench start services with the limits of their containers', () => {
    expect(serviceLimits('aggregator').env).toEqual({
      NODE_OPTIONS: '--max-old-space-size=320 --max-semi-space-size=32',
      MALLOC_ARENA_MAX: '2',
      MALLOC_TRIM_THRESHOLD_: '131072',
    })
    expect(serviceLimits('api').env['NODE_OPTIONS']).toBe(
      '--max-old-space-size=384 --max-semi-space-size=16',
    )
  })
})

describe('the image', () => {
  test('has the Node that the tests use, and another user than root', () => {
    expect(dockerfile).toContain(
      `node:${manifest.devDependencies['node']?.split('.')[0]}-bookworm-slim`,
    )
    expect(dockerfile).toMatch(/^USER node$/m)
  })

  test('holds manifests and sources, and nothing else of the repository', () => {
    const lines = readText('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines[0]).toBe('*')
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([
      '!package.json',
      '!package-lock.json',
      '!LICENSE',
      '!packages',
      '!services',
    ])
  })
})
