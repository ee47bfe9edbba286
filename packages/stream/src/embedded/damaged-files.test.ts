import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Offset, PartitionId } from '../event-log.ts'
import { checkLogFile, checkStoreFile } from './check-files.ts'
import { embeddedEventLog } from './event-log.ts'
import { embeddedStateStore } from './state-store.ts'

let folder: string
let files = 0
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'deskpulse-damaged-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const partition = 0 as PartitionId
const first = 0 as Offset

/** A closed log of one topic with so many records of 2 KB, and a topic without any. */
async function logFile(records = 50): Promise<string> {
  const file = join(folder, `log-${(files += 1)}.sqlite`)
  const log = embeddedEventLog({ file })
  const settings = { 'cleanup.policy': 'delete' }
  await log.ensureTopics([
    { name: 'empty', partitions: 1, settings },
    { name: 't', partitions: 1, settings },
  ])
  for (let n = 0; n < records; n += 1) {
    await log.append('t', partition, [
      { key: `k-${n}`, value: Buffer.alloc(2_048, `v-${n} `), headers: { n: String(n) } },
    ])
  }
  await log.close()
  return file
}

async function storeFile(): Promise<string> {
  const file = join(folder, `store-${(files += 1)}.sqlite`)
  const store = await embeddedStateStore({ file })
  const { epoch } = await store.acquire(partition)
  const puts = Array.from({ length: 200 }, (_, n) => ({
    key: `key-${n}`,
    bytes: Buffer.alloc(2_048, `v-${n} `),
  }))
  const times = { logTimeMs: 1 as EpochMs, watermarkMs: 1 as EpochMs }
  await store.commit(partition, {
    epoch,
    fromOffset: first,
    toOffset: 1 as Offset,
    ...times,
    puts,
    appends: [],
    wakes: [],
    out: [],
  })
  await store.close()
  return file
}

/** Overwrites a part of every page behind the first one, or the head of the file. */
function scribble(file: string, where: 'pages' | 'head'): void {
  const fd = openSync(file, 'r+')
  const rubbish = Buffer.from('CORRUPTED-'.repeat(60))
  if (where === 'head') writeSync(fd, rubbish, 0, 100, 0)
  else
    for (let at = 4_096; at < statSync(file).size; at += 4_096)
      writeSync(fd, rubbish, 0, rubbish.length, at)
  closeSync(fd)
}

const changed = (file: string, sql: string): void => {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

describe('a damaged log is named, with what to do', () => {
  const refused = (file: string) => ({
    code: 'LOG_DAMAGED',
    message: expect.stringMatching(
      new RegExp(`^${file} is damaged .*deskpulse check.*operations.md`),
    ) as string,
  })

  test('when it is opened', async () => {
    const file = await logFile()
    scribble(file, 'head')
    expect(() => embeddedEventLog({ file })).toThrow(expect.objectContaining(refused(file)))
    expect(checkLogFile(file).faults).toEqual(['file is not a database'])
  })

  test('when a page of it is read', async () => {
    const file = await logFile()
    scribble(file, 'pages')
    const read = async () => {
      const log = embeddedEventLog({ file })
      try {
        await log.read('t', partition, first, 1_000)
      } finally {
        await log.close()
      }
    }
    await expect(read()).rejects.toMatchObject(refused(file))
    expect(checkLogFile(file).faults).toContain('database disk image is malformed')
  })

  test('when a record is read that is not what was written, though SQLite finds nothing', async () => {
    const file = await logFile()
    changed(file, `UPDATE records_2 SET value = zeroblob(2048) WHERE "offset" = 7`)
    const log = embeddedEventLog({ file })
    expect(await log.read('t', partition, first, 7)).toHaveLength(7)
    const wrong = {
      code: 'LOG_DAMAGED',
      message: expect.stringContaining(
        'the record at offset 7 of t/0 is not what was written',
      ) as string,
    }
    await expect(log.read('t', partition, first, 8)).rejects.toMatchObject(wrong)
    await log.close()
    expect(checkLogFile(file).faults).toEqual([
      't/0: the record at offset 7 is not what was written',
    ])
  })
})

describe('a check of a log', () => {
  test('that is whole finds nothing, and counts what it looked at', async () => {
    expect(checkLogFile(await logFile(3))).toEqual({
      faults: [],
      partitions: [
        { topic: 'empty', partition: 0, records: 0, unverified: 0 },
        { topic: 't', partition: 0, records: 3, unverified: 0 },
      ],
    })
  })

  test('names offsets that are missing between others and at the end, but not those that retention took', async () => {
    const file = await logFile(10)
    changed(file, 'DELETE FROM records_2 WHERE "offset" IN (0, 1, 4, 5, 9)')
    expect(checkLogFile(file).faults).toEqual([
      't/0: offsets 4 to 5 are missing',
      't/0: ends at offset 9, and 10 was to be appended next',
    ])
  })

  test('says how much of a partition can be read, and goes on with the others', async () => {
    const file = await logFile(10)
    const pageOfThird = Math.floor(readFileSync(file).indexOf('v-3 v-3 ') / 4_096)
    const fd = openSync(file, 'r+')
    writeSync(fd, Buffer.alloc(4_096, 'CORRUPTED-'), 0, 4_096, pageOfThird * 4_096)
    closeSync(fd)
    const { faults, partitions } = checkLogFile(file)
    expect(faults).toContainEqual(
      expect.stringMatching(
        /^t\/0: cannot be read past its first [23] records: database disk image is malformed$/,
      ),
    )
    expect(partitions.map(({ topic }) => topic)).toEqual(['empty', 't'])
  })

  test('says which records have no checksum: an older version wrote them, and goes on to be read', async () => {
    const file = await logFile(2)
    changed(file, 'ALTER TABLE records_2 DROP COLUMN checksum')
    expect(checkLogFile(file)).toMatchObject({
      faults: [],
      partitions: [{}, { records: 2, unverified: 2 }],
    })
    const log = embeddedEventLog({ file })
    await log.append('t', partition, [{ key: null, value: Buffer.from('new') }])
    expect(await log.read('t', partition, first, 10)).toHaveLength(3)
    await log.close()
    expect(checkLogFile(file)).toMatchObject({
      faults: [],
      partitions: [{}, { records: 3, unverified: 2 }],
    })
  })

  test('of a file that is not there, or that another process has, is refused by name', async () => {
    const missing = join(folder, 'missing.sqlite')
    expect(() => checkLogFile(missing)).toThrow(`${missing}: there is no such file`)
    const file = await logFile(1)
    const log = embeddedEventLog({ file })
    await log.ensureTopics([{ name: 'locked', partitions: 1, settings: {} }])
    expect(() => checkLogFile(file)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }))
    await log.close()
  })
})

describe('a damaged store is named, with what to do', () => {
  const options = (file: string) => ({ file, whenDamaged: 'remove it: the log is folded again' })
  const refused = (file: string) => ({
    code: 'STORE_DAMAGED',
    message: expect.stringMatching(
      new RegExp(`^${file} is damaged .*: stop, and remove it: the log is folded again \\(docs`),
    ) as string,
  })

  test('when it is opened', async () => {
    const file = await storeFile()
    scribble(file, 'head')
    await expect(embeddedStateStore(options(file))).rejects.toMatchObject(refused(file))
    expect(checkStoreFile(file).faults).toEqual(['file is not a database'])
  })

  test('when a page of it is read', async () => {
    const file = await storeFile()
    expect(checkStoreFile(file)).toEqual({ faults: [], partitions: [] })
    scribble(file, 'pages')
    const read = async () => {
      const store = await embeddedStateStore(options(file))
      try {
        await store.read(partition, { keys: Array.from({ length: 200 }, (_, n) => `key-${n}`) })
      } finally {
        await store.close()
      }
    }
    await expect(read()).rejects.toMatchObject(refused(file))
    expect(checkStoreFile(file).faults.length).toBeGreaterThan(0)
  })
})
