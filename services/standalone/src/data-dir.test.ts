import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeDeadLetters, letterGroupRecord, parseConfig } from '@deskpulse/contract'
import { dayMs } from '@deskpulse/core/time'
import { createLogger, type Logger, serviceContext } from '@deskpulse/runtime'
import {
  embeddedEventLog,
  type NewRecord,
  type Offset,
  type PartitionId,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DataDir, openDataDir } from './data-dir.ts'
import { deadLettersKept } from './dead-letters.ts'
import { StartError } from './start-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-data-dir-'))
afterAll(() => rmSync(folder, { recursive: true }))

const partition = 0 as PartitionId
const first = 0 as Offset
const kept = {
  topic: 'deskpulse.dead-letter',
  retentionMs: dayMs,
  bytesMax: 16_777_216,
  onDropped: () => {},
}
const rethrown = (error: unknown): never => {
  throw error
}
const open = (path: string, options?: { readonly newCustomersKey: boolean }): Promise<DataDir> =>
  openDataDir(path, { ...kept, onFailure: rethrown }, options)

test('a folder that is missing is made with those above it, for its owner alone', async () => {
  const path = join(folder, 'a', 'b')
  await (await open(path)).close()
  for (const made of [path, join(folder, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700)
  await (await open(path)).close()
})

describe('a folder that cannot be made or used is refused by name, at once', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0o500)
  })

  test.each([
    { rule: 'a file is in the way', path: () => join(folder, 'file'), reason: 'EEXIST' },
    {
      rule: 'a file is above it',
      path: () => join(folder, 'file', 'below', 'it'),
      reason: 'EEXIST',
    },
    { rule: 'the system has no folders there', path: () => '/dev/null/x', reason: 'EEXIST' },
    {
      rule: 'its name is too long',
      path: () => join(folder, 'x'.repeat(300)),
      reason: 'ENAMETOOLONG',
    },
    // To root everything is open, but for what the kernel keeps for itself.
    {
      rule: 'it is another’s',
      path: () => (process.getuid?.() === 0 ? '/proc/self/x' : join(folder, 'closed', 'x')),
      reason: process.getuid?.() === 0 ? 'ENOENT' : 'EACCES',
    },
  ])('$rule', async ({ path, reason }) => {
    const error = await open(path()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StartError)
    expect((error as StartError).message).toContain(
      `the data directory ${path()} cannot be used: ${reason}`,
    )
  })

  test.runIf(existsSync('/proc/self'))('nothing can be written in it', async () => {
    const error = await open('/proc/self/task').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StartError)
    expect((error as StartError).message).toContain(
      'the data directory /proc/self/task cannot be used: ',
    )
  })
})

describe('the key that customers are hidden under', () => {
  /** A data directory that was used once. */
  async function used(name: string) {
    const path = join(folder, name)
    const dir = await open(path)
    await dir.close()
    return { path, file: join(path, 'customers.key'), key: dir.customerSecrets.key }
  }

  const refusalOf = (path: string): Promise<unknown> =>
    open(path).then(
      (dir) => dir.close(),
      (error: unknown) => error,
    )

  test('is made at the first start, for its owner alone, and is the same ever after', async () => {
    const { path, file, key } = await used('fresh')
    expect([key.length, statSync(file).mode & 0o777]).toEqual([32, 0o600])
    const again = await open(path)
    await again.close()
    expect(again.customerSecrets.key).toEqual(key)
  })

  test.each([
    { rule: 'missing', spoil: (file: string) => rmSync(file), says: 'is missing' },
    {
      rule: 'another one',
      spoil: (file: string) => writeFileSync(file, randomBytes(32)),
      says: 'is not the key',
    },
    { rule: 'damaged', spoil: (file: string) => writeFileSync(file, 'x'), says: 'is damaged' },
  ])(
    'that is $rule stops the start, which says what to do, also once the projection is removed',
    async ({ rule, spoil, says }) => {
      const { path, file, key } = await used(`spoilt ${rule}`)
      spoil(file)
      for (const store of ['store.sqlite', 'store.sqlite-wal', 'store.sqlite-shm'])
        rmSync(join(path, store), { force: true })
      const error = await refusalOf(path)
      expect(error).toBeInstanceOf(StartError)
      expect((error as StartError).message).toMatch(
        new RegExp(`^${file} ${says}.*backup.*--new-customers-key`),
      )
      writeFileSync(file, key)
      expect(await refusalOf(path)).toBeUndefined()
    },
  )

  test('that is lost for good is replaced once the operator says so', async () => {
    const { path, file, key } = await used('lost')
    writeFileSync(file, 'damaged')
    await (await open(path, { newCustomersKey: true })).close()
    expect(readFileSync(file).equals(key)).toBe(false)
    expect(await refusalOf(path)).toBeUndefined()
    writeFileSync(file, key)
    expect(await refusalOf(path)).toBeInstanceOf(StartError)
  })

  test('of a version that remembered none is taken over; without it, a log that holds records stops the start', async () => {
    const path = join(folder, 'older')
    mkdirSync(path)
    const log = embeddedEventLog({ file: join(path, 'log.sqlite') })
    await log.ensureTopics(topicSpecs(topicNames(), { logPartitions: 1, rawPartitions: 1 }))
    await log.append(topicNames().log, 0 as PartitionId, [{ key: null, value: new Uint8Array(1) }])
    await log.close()
    expect(String(await refusalOf(path))).toContain('is missing')
    writeFileSync(join(path, 'customers.key'), randomBytes(32))
    expect(await refusalOf(path)).toBeUndefined()
    writeFileSync(join(path, 'customers.key'), randomBytes(32))
    expect(String(await refusalOf(path))).toContain('is not the key')
  })
})

describe('dead letters', () => {
  const topic = kept.topic
  const letter: NewRecord = {
    key: 'acme',
    value: Buffer.from('{"an":"input"}'),
    headers: { code: 'not-an-event', tenant: 'acme' },
  }

  test('of an earlier version, in the log’s file, are read as before and stand in a file of their own', async () => {
    const path = mkdtempSync(join(folder, 'earlier-'))
    const earlier = embeddedEventLog({ file: join(path, 'log.sqlite') })
    await earlier.ensureTopics(topicSpecs(topicNames(), { logPartitions: 1, rawPartitions: 1 }))
    await earlier.append(topic, partition, [letter])
    await earlier.close()

    const data = await open(path)
    await data.log.ensureTopics(topicSpecs(topicNames(), { logPartitions: 1, rawPartitions: 1 }))
    await data.log.append(topic, partition, [letterGroupRecord([])])
    const records = await data.log.read(topic, partition, first, 10)
    expect(records.map(decodeDeadLetters)).toMatchObject([
      {
        letters: [
          {
            code: 'not-an-event',
            tenant: 'acme',
            original: { bytes: Uint8Array.from(letter.value!) },
          },
        ],
      },
      { letters: [] },
    ])
    await data.close()
    expect(readFileSync(join(path, 'log.sqlite')).includes('{"an":"input"}')).toBe(false)
    expect(readFileSync(join(path, 'dead-letters.sqlite')).includes('{"an":"input"}')).toBe(true)
  })

  test('that fill their file leave the log alone: the oldest go, counted and warned of', async () => {
    const warnings: unknown[] = []
    const config = parseConfig({ deadLetters: { bytesMax: 16_777_216 } })
    if (!config.ok) throw new Error('the configuration is good')
    const { metrics } = serviceContext(
      config.config,
      createLogger({ name: 'test', level: 'silent' }),
    )
    const logger = { warn: (fields: unknown) => void warnings.push(fields) } as unknown as Logger
    const data = await openDataDir(
      mkdtempSync(join(folder, 'full-')),
      deadLettersKept({ config: config.config, metrics, logger }, topic),
    )
    await data.log.ensureTopics(topicSpecs(topicNames(), { logPartitions: 1, rawPartitions: 1 }))
    const headers = { format: 'letters/1', inputs: '1000' }
    for (let n = 0; n < 20; n += 1)
      await data.log.append(topic, partition, [
        { key: null, value: randomBytes(1_000_000), headers },
      ])
    await data.log.append(topicNames().log, partition, [letter])
    const kept = (await data.log.read(topic, partition, first, 100)).length
    const count = Number(
      /^deskpulse_dead_letters_dropped_total (\d+)/m.exec(await metrics.registry.metrics())?.[1],
    )
    expect(count).toBeGreaterThanOrEqual(1_000)
    expect(warnings).toContainEqual({ inputs: expect.any(Number) })
    expect(count % 1_000).toBe(0)
    expect(kept).toBeGreaterThan(0)
    await data.close()
  })
})
