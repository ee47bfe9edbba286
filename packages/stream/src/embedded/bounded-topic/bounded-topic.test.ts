import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { dayMs, type EpochMs, hourMs, minuteMs, secondMs } from '@deskpulse/core/time'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { rewritableTopicContract } from '../../contract-suites/rewritable-topic.ts'
import type { NewRecord, Offset, PartitionId } from '../../event-log.ts'
import { embeddedEventLog } from '../event-log.ts'
import { adoptTopic } from './adopt.ts'
import { type BoundedTopicOptions, boundedTopic } from './bounded-topic.ts'
import { logWithTopic } from './log-with-topic.ts'

let folder: string
let files = 0
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'deskpulse-topic-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))
const newFile = () => join(folder, `${files++}.sqlite`)

const first = 0 as Offset
const partition = 0 as PartitionId
const record = (text: string): NewRecord => ({ key: null, value: Buffer.from(text) })
const texts = async (topic: {
  read(from: Offset, limit: number): Promise<readonly { readonly value: Uint8Array | null }[]>
}) => (await topic.read(first, 1_000)).map(({ value }) => Buffer.from(value!).toString())

describe('the contract', () => {
  rewritableTopicContract(async () => {
    const file = newFile()
    return { topic: boundedTopic({ file }), again: async () => boundedTopic({ file }) }
  })
})

/** All bytes of the file and its companions. */
async function onDisk(file: string): Promise<Buffer> {
  const names = (await readdir(folder)).filter((name) => join(folder, name).startsWith(file))
  return Buffer.concat(names.map((name) => readFileSync(join(folder, name))))
}

describe('a file that is full', () => {
  const maxBytes = 1024 * 1024
  const size = (file: string) => statSync(file).size

  async function filled(options: Partial<BoundedTopicOptions> = {}) {
    const file = newFile()
    const dropped: string[] = []
    const topic = boundedTopic({
      file,
      maxBytes,
      onDropped: (records) => dropped.push(...records.map(({ n }) => n!)),
      ...options,
    })
    for (let n = 0; n < 100; n += 1)
      await topic.append([{ key: null, value: randomBytes(30_000), headers: { n: String(n) } }])
    return { file, topic, dropped }
  }

  test('takes the next record all the same: the oldest go, and are told', async () => {
    const { file, topic, dropped } = await filled()
    const kept = (await topic.read(first, 1_000)).map(({ headers }) => headers['n'])
    expect([...dropped, ...kept]).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
    expect(kept.length).toBeGreaterThan(25)
    expect(size(file)).toBeLessThanOrEqual(maxBytes)
    await topic.close()
  })

  test('refuses only what is larger than all of it', async () => {
    const { topic } = await filled()
    await expect(
      topic.append([{ key: null, value: randomBytes(2 * maxBytes) }]),
    ).rejects.toMatchObject({ code: 'LOG_FULL' })
    await topic.append([record('goes on')])
    expect(await texts(topic)).toContain('goes on')
    await topic.close()
  })

  test('becomes smaller when it is opened with a lower bound', async () => {
    const { file, topic } = await filled()
    await topic.close()
    const dropped: unknown[] = []
    const lower = boundedTopic({
      file,
      maxBytes: maxBytes / 4,
      onDropped: (records) => dropped.push(...records),
    })
    const kept = (await lower.read(first, 1_000)).map(({ headers }) => headers['n'])
    expect(kept.at(-1)).toBe('99')
    expect(dropped.length).toBeGreaterThan(15)
    await lower.close()
    expect(size(file)).toBeLessThanOrEqual(maxBytes / 4)
  })
})

describe('a file of few large records', () => {
  const large = (n: number, bytes = 300_000): NewRecord => ({
    key: null,
    value: randomBytes(bytes),
    headers: { n: String(n) },
  })
  async function opened(count: number, maxBytes: number) {
    const dropped: (string | undefined)[] = []
    const open = (bytes: number) =>
      boundedTopic({
        file,
        maxBytes: bytes,
        onDropped: (records) => dropped.push(...records.map(({ n }) => n)),
      })
    const file = newFile()
    const topic = open(maxBytes)
    for (let n = 0; n < count; n += 1) await topic.append([large(n)])
    return { file, topic, dropped, open }
  }

  test('loses one where one is enough, for the next or for a lower bound, and tells of it', async () => {
    const { topic, dropped, open } = await opened(3, 1_100_000)
    await topic.append([large(3, 200_000)])
    expect(dropped).toEqual(['0'])
    await topic.close()
    const lower = open(600_000)
    expect(dropped).toEqual(['0', '1'])
    await lower.close()
  })

  test('opens with a bound that is smaller than an empty file, and then holds nothing', async () => {
    const { topic, dropped, open } = await opened(2, 1_100_000)
    await topic.close()
    const none = open(4_096)
    expect([dropped, await none.read(first, 10)]).toEqual([['0', '1'], []])
    await none.close()
  })
})

test('what is removed leaves the disk', async () => {
  const file = newFile()
  const topic = boundedTopic({ file })
  const secrets = ['Mario Rossi', 'Anna Bianchi', 'Jane Roe'].map((name) => name.repeat(500))
  for (const secret of secrets) await topic.append([record(secret)])
  await topic.rewrite(({ value }) => {
    const text = Buffer.from(value!).toString()
    if (text === secrets[0]) return 'remove'
    return text === secrets[1] ? record('changed') : 'keep'
  })
  const bytes = await onDisk(file)
  expect([
    bytes.includes('Mario Rossi'),
    bytes.includes('Anna Bianchi'),
    bytes.includes('Jane Roe'),
  ]).toEqual([false, false, true])
  await topic.close()
})

test('so does what is too old, while the file is open', async () => {
  const file = newFile()
  let nowMs = 1
  const topic = boundedTopic({ file, now: () => nowMs as EpochMs })
  await topic.append([record('Mario Rossi'.repeat(500))])
  nowMs = 2
  await topic.append([record('Jane Roe'.repeat(500))])
  topic.removeBefore(2 as EpochMs)
  const bytes = await onDisk(file)
  expect([bytes.includes('Mario Rossi'), bytes.includes('Jane Roe')]).toEqual([false, true])
  await topic.close()
})

test('offsets are never given twice, and append times are what the clock says, also where it is put back', async () => {
  const times = [100, 50, 120] as EpochMs[]
  const file = newFile()
  const topic = boundedTopic({ file, now: () => times.shift()! })
  await topic.append([record('a')])
  await topic.append([record('b')])
  const [a, b] = await topic.read(first, 10)
  expect([a!.appendedAtMs, b!.appendedAtMs]).toEqual([100, 50])
  await topic.rewrite(() => 'remove')
  await topic.append([record('c')])
  const [c] = await topic.read(first, 10)
  expect(Number(c!.offset)).toBeGreaterThan(Number(b!.offset))
  await topic.close()
})

test('what a clock that was ahead has stamped keeps nothing else from being removed', async () => {
  const times = [10, 2_000_000, 20, 30] as EpochMs[]
  const topic = boundedTopic({ file: newFile(), now: () => times.shift()! })
  for (const text of ['a', 'from the future', 'b', 'c']) await topic.append([record(text)])
  topic.removeBefore(30 as EpochMs)
  expect(await texts(topic)).toEqual(['from the future', 'c'])
  await topic.close()
})

describe('a log with a topic apart', () => {
  const name = 'letters'
  const spec = { name, partitions: 1, settings: {} }

  function open(logFile: string, file: string, now: () => EpochMs = () => Date.now() as EpochMs) {
    const apart = boundedTopic({ file, now })
    const failures: unknown[] = []
    const options = {
      topic: name,
      apart,
      retentionMs: dayMs,
      now,
      onFailure: (error: unknown) => void failures.push(error),
    }
    return {
      log: logWithTopic({ ...options, log: embeddedEventLog({ file: logFile, now }) }),
      failures,
    }
  }

  test('writes nothing of it into its own file', async () => {
    const [logFile, file] = [newFile(), newFile()]
    const { log } = open(logFile, file)
    await log.ensureTopics([spec, { name: 'other', partitions: 2, settings: {} }])
    await log.append(name, partition, [record('a letter')])
    await log.append('other', partition, [record('a frame')])
    expect([await log.partitionCount(name), await log.partitionCount('other')]).toEqual([1, 2])
    expect(await texts({ read: (from, limit) => log.read(name, partition, from, limit) })).toEqual([
      'a letter',
    ])
    await expect(log.append(name, 1 as PartitionId, [record('nowhere')])).rejects.toMatchObject({
      code: 'LOG_TOPIC_UNKNOWN',
    })
    expect((await onDisk(logFile)).includes('a letter')).toBe(false)
    await log.close()
  })

  describe('lets go of what is too old, though nothing more comes', () => {
    const startMs = 100 * dayMs
    beforeEach(
      () =>
        void vi.useFakeTimers({
          now: startMs,
          toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
        }),
    )
    afterEach(() => void vi.useRealTimers())

    /** Opened with one letter of so long ago. */
    async function withLetter(ageMs: number) {
      const file = newFile()
      const before = boundedTopic({ file, now: () => (startMs - ageMs) as EpochMs })
      await before.append([record('a letter')])
      await before.close()
      const { log, failures } = open(newFile(), file)
      return {
        file,
        log,
        failures,
        kept: async () => (await log.read(name, partition, first, 10)).length,
      }
    }
    const setClock = (atMs: number) => void vi.setSystemTime(atMs)

    test('once the clock has stood for a minute', async () => {
      const { file, log, kept } = await withLetter(dayMs + 1)
      vi.advanceTimersByTime(minuteMs - 1)
      expect(await kept()).toBe(1)
      vi.advanceTimersByTime(1)
      expect(await kept()).toBe(0)
      await log.close()
      expect((await onDisk(file)).includes('a letter')).toBe(false)
    })

    test('within the hour, and a minute', async () => {
      const { log, kept } = await withLetter(dayMs - 2 * minuteMs)
      vi.advanceTimersByTime(hourMs)
      expect(await kept()).toBe(1)
      vi.advanceTimersByTime(minuteMs)
      expect(await kept()).toBe(0)
      await log.close()
    })

    test('and of nothing by a clock that is ahead when it opens, and is put right', async () => {
      setClock(startMs + 3_650 * dayMs)
      const { log, kept } = await withLetter(hourMs)
      vi.advanceTimersByTime(30 * secondMs)
      setClock(startMs + 30 * secondMs)
      vi.advanceTimersByTime(3 * hourMs)
      expect(await kept()).toBe(1)
      await log.close()
    })

    test.each([-10, 10, 50])(
      'and of nothing by a clock that leaps ahead for half a minute, %i s after a look has begun',
      async (afterS) => {
        const { log, kept } = await withLetter(hourMs)
        vi.advanceTimersByTime(hourMs + afterS * secondMs)
        const rightMs = Date.now()
        setClock(rightMs + 3_650 * dayMs)
        vi.advanceTimersByTime(30 * secondMs)
        setClock(rightMs + 30 * secondMs)
        vi.advanceTimersByTime(3 * hourMs)
        expect(await kept()).toBe(1)
        await log.close()
      },
    )

    test('and of nothing once it is closed', async () => {
      const { log, failures } = await withLetter(2 * dayMs)
      await log.close()
      vi.advanceTimersByTime(2 * hourMs)
      expect(failures).toEqual([])
    })
  })

  describe('takes over what the log’s file held', () => {
    async function oldLog(count: number): Promise<string> {
      const file = newFile()
      const log = embeddedEventLog({ file, now: () => 5 as EpochMs })
      await log.ensureTopics([spec, { name: 'other', partitions: 1, settings: {} }])
      await log.append('other', partition, [record('a frame')])
      for (let n = 0; n < count; n += 1)
        await log.append(name, partition, [{ ...record(`letter ${n}`), headers: { n: String(n) } }])
      await log.close()
      return file
    }

    test('with its times and headers, in order, behind what is there; it leaves the log’s file, and the rest of that stays', async () => {
      const [logFile, file] = [await oldLog(3), newFile()]
      const before = boundedTopic({ file, now: () => 4 as EpochMs })
      await before.append([{ ...record('x'), headers: { n: 'there before' } }])
      await before.close()
      adoptTopic({ logFile, topic: name, file, maxBytes: 1_000_000 })
      adoptTopic({ logFile, topic: name, file, maxBytes: 1_000_000 }) // Again: nothing is left to move.
      expect((await onDisk(logFile)).includes('letter 1')).toBe(false)
      const topic = boundedTopic({ file })
      const records = await topic.read(first, 10)
      expect(records.map(({ appendedAtMs, headers }) => [appendedAtMs, headers['n']])).toEqual([
        [4, 'there before'],
        [5, '0'],
        [5, '1'],
        [5, '2'],
      ])
      await topic.close()
      const log = embeddedEventLog({ file: logFile })
      expect(
        await texts({ read: (from, limit) => log.read('other', partition, from, limit) }),
      ).toEqual(['a frame'])
      await expect(log.partitionCount(name)).rejects.toMatchObject({ code: 'LOG_TOPIC_UNKNOWN' })
      await log.close()
    })

    describe('cut short', () => {
      const adopt = (logFile: string, file: string, maxBytes = 1_000_000) =>
        adoptTopic({ logFile, topic: name, file, maxBytes })

      function exec(file: string, sql: string): void {
        const db = new DatabaseSync(file)
        db.exec(sql)
        db.close()
      }

      async function textsIn(file: string): Promise<readonly string[]> {
        const topic = boundedTopic({ file })
        const found = await texts(topic)
        await topic.close()
        return found
      }

      async function textsInLog(file: string): Promise<readonly string[]> {
        const log = embeddedEventLog({ file })
        const found = await texts({ read: (from, limit) => log.read(name, partition, from, limit) })
        await log.close()
        return found
      }

      const failing = (event: string) =>
        `CREATE TRIGGER failing BEFORE ${event} BEGIN SELECT RAISE(ABORT, 'cut short'); END`
      const letters = ['letter 0', 'letter 1', 'letter 2']

      test('before the log’s file lets go: it is in both, and the next time in one, each letter once', async () => {
        const [logFile, file] = [await oldLog(3), newFile()]
        exec(logFile, failing('DELETE ON slots'))
        for (let n = 0; n < 2; n += 1) expect(() => adopt(logFile, file)).toThrow('cut short')
        expect([await textsIn(file), await textsInLog(logFile)]).toEqual([letters, letters])
        exec(logFile, 'DROP TRIGGER failing')
        adopt(logFile, file)
        expect(await textsIn(file)).toEqual(letters)
        await expect(textsInLog(logFile)).rejects.toMatchObject({ code: 'LOG_TOPIC_UNKNOWN' })
      })

      test('what was erased since does not come back, and what an earlier version appended since comes too', async () => {
        const [logFile, file] = [await oldLog(3), newFile()]
        exec(logFile, failing('DELETE ON slots'))
        expect(() => adopt(logFile, file)).toThrow('cut short')
        exec(logFile, 'DROP TRIGGER failing')
        const topic = boundedTopic({ file })
        await topic.rewrite(({ value }) =>
          Buffer.from(value!).toString() === 'letter 1' ? 'remove' : 'keep',
        )
        await topic.close()
        const log = embeddedEventLog({ file: logFile })
        await log.append(name, partition, [record('letter 3')])
        await log.close()
        adopt(logFile, file)
        expect(await textsIn(file)).toEqual(['letter 0', 'letter 2', 'letter 3'])
      })

      test('while it is copied: it stays where it was', async () => {
        const [logFile, file] = [await oldLog(3), newFile()]
        await boundedTopic({ file }).close()
        exec(file, failing(`INSERT ON records WHEN new.value = CAST('letter 2' AS BLOB)`))
        expect(() => adopt(logFile, file)).toThrow('cut short')
        expect([await textsIn(file), await textsInLog(logFile)]).toEqual([[], letters])
        exec(file, 'DROP TRIGGER failing')
        adopt(logFile, file)
        expect(await textsIn(file)).toEqual(letters)
      })

      test('what was taken over once hides nothing of another log in the same place', async () => {
        const file = newFile()
        adopt(await oldLog(3), file)
        const log = await oldLog(2)
        exec(log, 'UPDATE records_1 SET appended_ms = 6; UPDATE records_2 SET appended_ms = 6')
        adopt(log, file)
        expect(await textsIn(file)).toEqual([...letters, 'letter 0', 'letter 1'])
      })
    })

    test('of more than fits, the newest', async () => {
      const [logFile, file] = [await oldLog(50), newFile()]
      const letterBytes = 'letter 49'.length + '{"n":"49"}'.length
      adoptTopic({ logFile, topic: name, file, maxBytes: 10 * letterBytes })
      const topic = boundedTopic({ file })
      expect(await texts(topic)).toEqual(Array.from({ length: 10 }, (_, n) => `letter ${n + 40}`))
      await topic.close()
    })

    test('nothing, where there is no log yet, or one that never held it', async () => {
      adoptTopic({ logFile: newFile(), topic: name, file: newFile(), maxBytes: 1 })
      const logFile = newFile()
      await embeddedEventLog({ file: logFile }).close()
      const file = newFile()
      adoptTopic({ logFile, topic: name, file, maxBytes: 1 })
      expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
    })
  })
})
