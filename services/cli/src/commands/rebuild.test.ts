import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { encodeEvent, entryKinds, parseConfig, parseEvent } from '@deskpulse/contract'
import { foldVersionKey } from '@deskpulse/core/state'
import {
  embeddedEventLog,
  embeddedStateStore,
  encodeFrame,
  type NewRecord,
  type PartitionId,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { rebuildEmbedded } from '../rebuild/embedded.ts'
import { run, streamOf } from '../testing/run.ts'
import { systemClock } from '../clock.ts'

const partition = 0 as PartitionId
const topics = topicNames()
const contacts = 300

/** A frame of ingest with the opening of one contact. */
function frame(n: number): NewRecord {
  const wire = {
    ...{
      specversion: '1.0',
      id: `e-${n}`,
      source: '/test',
      type: 'deskpulse.contact.opened.v1',
      tenant: 'acme',
    },
    time: new Date(Date.now() - 60_000 + n).toISOString(),
    data: {
      contactId: `c-${n}`,
      customerId: 'AAAAAAAAAAAAAAAAAAAA-_',
      channel: 'chat',
      queue: 'billing',
    },
  }
  const parsed = parseEvent(wire)
  if (!parsed.ok) throw new Error(parsed.code)
  const entries = [{ tenant: 'acme', kind: entryKinds.event, bytes: encodeEvent(parsed.event) }]
  return { key: null, value: encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries }) }
}

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-rebuild-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  await log.append(
    topics.log,
    partition,
    Array.from({ length: contacts }, (_, n) => frame(n)),
  )
  await log.close()
})

const rebuild = (...more: readonly string[]) => run(['rebuild', '--data-dir', folder, ...more])

/** Everything of the state but what differs between any two (epochs, times of this machine, notices). */
function stateIn(file: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true })
  const all = (sql: string) => database.prepare(sql).all()
  try {
    return {
      positions: all('SELECT partition, offset, log_time, watermark FROM positions'),
      records: all('SELECT key, bytes FROM records ORDER BY key'),
      ...{
        fields: all('SELECT * FROM fields'),
        wakes: all('SELECT * FROM wakes'),
        outbox: all('SELECT id FROM outbox'),
      },
    }
  } finally {
    database.close()
  }
}

const stored = () => stateIn(join(folder, 'store.sqlite'))

function change(sql: string): void {
  const database = new DatabaseSync(join(folder, 'store.sqlite'))
  database.exec(sql)
  database.close()
}

describe('deskpulse rebuild --data-dir', () => {
  test('makes a state where there is none, and says how much it folded', async () => {
    const { exitCode, out, err } = await rebuild()
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^the state was made again from the log\nevents {4}300\nseconds {3}\d+\.\d\d\nevents\/s {2}\d+\n$/,
    )
    expect(readdirSync(folder).sort()).toEqual(['log.sqlite', 'store.sqlite'])
    expect(stored()).toMatchObject({ positions: [{ offset: contacts }] })
  })

  test.each([
    {
      rule: 'folded by other folds',
      sql: `UPDATE records SET bytes = CAST('1' AS BLOB) WHERE key = '${foldVersionKey}'`,
    },
    {
      rule: 'of which half is gone',
      sql: 'DELETE FROM records WHERE rowid % 2 = 0; DELETE FROM fields',
    },
    { rule: 'of another layout', sql: 'DELETE FROM wakes; PRAGMA user_version = 99' },
  ])('makes a state $rule again, as it was', async ({ sql }) => {
    await rebuild()
    const before = stored()
    change(sql)
    expect(stored()).not.toEqual(before)
    expect(await rebuild()).toMatchObject({ exitCode: 0 })
    expect(stored()).toEqual(before)
  })

  test('makes a state that is damaged again, and says that it counts as lost', async () => {
    await rebuild()
    const before = stored()
    writeFileSync(join(folder, 'store.sqlite'), 'x'.repeat(8_192))
    expect(await rebuild()).toMatchObject({
      exitCode: 0,
      err: expect.stringContaining('counts as lost') as string,
    })
    expect(stored()).toEqual(before)
  })

  test('a half-made state of a rebuild that was killed is thrown away, and said', async () => {
    await rebuild()
    const before = stored()
    const left = join(folder, 'store-rebuilding.sqlite')
    const half = await embeddedStateStore({ file: left })
    await half.acquire(partition)
    await half.close()
    writeFileSync(`${left}-wal`, 'cut short')
    expect(await rebuild()).toMatchObject({
      exitCode: 0,
      err: `${left} is of a rebuild that did not end: it is thrown away\n`,
    })
    expect(stored()).toEqual(before)
    expect(existsSync(left)).toBe(false)
  })

  test('a product that runs on the folder is refused, and nothing is touched', async () => {
    await rebuild()
    const before = stored()
    const running = embeddedEventLog({ file: join(folder, 'log.sqlite') })
    onTestFinished(() => running.close())
    expect(await rebuild()).toEqual({
      ...{ exitCode: 1, out: '' },
      err: `deskpulse: ${folder} is in use by another process: stop the product, then rebuild\n`,
    })
    expect(stored()).toEqual(before)
  })

  test('without room the state that stood stays, and it is said', async () => {
    await rebuild()
    const file = readFileSync(join(folder, 'store.sqlite'))
    const parsed = parseConfig({})
    if (!parsed.ok) throw new Error('the configuration is good')
    const context = {
      ...{
        terminal: { out: () => {}, err: () => {}, interactive: false },
        clock: systemClock,
        env: {},
        input: () => streamOf(),
        signal: new AbortController().signal,
      },
      ...{
        connectKafka: () => Promise.reject(new Error()),
        openKafkaTopic: () => Promise.reject(new Error()),
      },
    }
    const full = rebuildEmbedded({ folder, config: parsed.config, bytesMax: 100_000 }, context)
    await expect(full).rejects.toThrow(
      /no room for the new state .*store-rebuilding\.sqlite.* beside the one that stands, which is as it was/,
    )
    expect(readFileSync(join(folder, 'store.sqlite')).equals(file)).toBe(true)
    expect(existsSync(join(folder, 'store-rebuilding.sqlite'))).toBe(false)
  })

  test('interrupted, it leaves the state that stood', async () => {
    await rebuild()
    const before = stored()
    const interrupted = await run(['rebuild', '--data-dir', folder], {
      signal: AbortSignal.abort(),
    })
    expect(interrupted).toMatchObject({
      exitCode: 130,
      out: '',
      err: 'deskpulse: interrupted: the state that stood before stays\n',
    })
    expect(stored()).toEqual(before)
    expect(existsSync(join(folder, 'store-rebuilding.sqlite'))).toBe(false)
  })

  test('a log that holds nothing gives an empty state', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'deskpulse-rebuild-'))
    onTestFinished(() => rmSync(empty, { recursive: true }))
    const log = embeddedEventLog({ file: join(empty, 'log.sqlite') })
    await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
    await log.close()
    expect(await run(['rebuild', '--data-dir', empty])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('events    0\n') as string,
    })
  })
})

test.each([
  { args: [], exitCode: 2, says: 'which state? --data-dir .deskpulse or --config deskpulse.yaml' },
  { args: ['--data-dir', '/nowhere'], exitCode: 1, says: '/nowhere/log.sqlite does not exist' },
  { args: ['--config', '/nowhere.yaml'], exitCode: 2, says: 'cannot be used' },
])('deskpulse rebuild $args: $says', async ({ args, exitCode, says }) => {
  expect(await run(['rebuild', ...args])).toMatchObject({
    exitCode,
    out: '',
    err: expect.stringContaining(says) as string,
  })
})
