import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventLogContract } from '../contract-suites/event-log.ts'
import type { EventLog, Offset, PartitionId } from '../event-log.ts'
import { embeddedEventLog } from './event-log.ts'

let folder: string
let files = 0
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'deskpulse-log-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))
const newFile = () => join(folder, `${files++}.db`)

const partition = 0 as PartitionId
const first = 0 as Offset
const settings = { 'cleanup.policy': 'delete' }
const value = (text: string) => ({ key: null, value: Buffer.from(text) })

describe('the contract', () => {
  eventLogContract(async () => {
    const file = newFile()
    let log = embeddedEventLog({ file })
    return {
      log,
      reopen: async () => {
        await log.close()
        log = embeddedEventLog({ file })
        return log
      },
      async truncate(topic, partitionIs, before) {
        await log.close()
        deleteBefore(file, topic, partitionIs, before)
        log = embeddedEventLog({ file })
        return log
      },
      dispose: async () => {},
    }
  })
})

test('a topic that says nothing of its records’ size takes what Kafka would: 1 MiB and 12 bytes', async () => {
  await withLog({}, async (log) => {
    await log.ensureTopics([{ name: 't', partitions: 1, settings: {} }])
    const limit = 1024 * 1024 + 12
    await log.append('t', partition, [{ key: null, value: new Uint8Array(limit) }])
    await expect(
      log.append('t', partition, [{ key: null, value: new Uint8Array(limit + 1) }]),
    ).rejects.toMatchObject({
      code: 'LOG_RECORD_TOO_LARGE',
      message: `a record of ${limit + 1} bytes is past max.message.bytes ${limit} of topic t`,
    })
  })
})

function deleteBefore(file: string, topic: string, partitionIs: PartitionId, before: Offset): void {
  const db = new DatabaseSync(file)
  const slot = db
    .prepare('SELECT id FROM slots WHERE topic = ? AND part = ?')
    .get(topic, partitionIs)
  db.prepare(`DELETE FROM records_${Number(slot?.['id'])} WHERE "offset" < ?`).run(before)
  db.close()
}

async function withLog(
  options: Partial<Parameters<typeof embeddedEventLog>[0]>,
  act: (log: EventLog, file: string) => Promise<void>,
): Promise<void> {
  const file = newFile()
  const log = embeddedEventLog({ file, ...options })
  try {
    await log.ensureTopics([{ name: 't', partitions: 1, settings }])
    await act(log, file)
  } finally {
    await log.close()
  }
}

test('append times are what the clock says, also where it is put back: what they are worth is judged by who folds the log', async () => {
  const times = [100, 50, 70, 120] as EpochMs[]
  await withLog({ now: () => times.shift() ?? (0 as EpochMs) }, async (log) => {
    for (const text of ['a', 'b', 'c', 'd']) await log.append('t', partition, [value(text)])
    expect(
      (await log.read('t', partition, first, 10)).map(({ appendedAtMs }) => appendedAtMs),
    ).toEqual([100, 50, 70, 120])
  })
})

test('a full disk refuses the append with LOG_FULL, writes none of it, and keeps what it had', async () => {
  await withLog({ maxBytes: 512 * 1024 }, async (log) => {
    await log.append('t', partition, [value('kept')])
    const large = { key: null, value: new Uint8Array(400 * 1024) }
    await expect(log.append('t', partition, [value('half'), large, large])).rejects.toMatchObject({
      code: 'LOG_FULL',
    })
    await log.append('t', partition, [value('small')])
    const records = await log.read('t', partition, first, 10)
    expect(records.map((record) => Buffer.from(record.value ?? []).toString())).toEqual([
      'kept',
      'small',
    ])
    expect(records.map(({ offset }) => offset)).toEqual([0, 1])
  })
})

test('the file never grows past its bytes, down to a part of a page', async () => {
  const maxBytes = 401_407 // 98 pages of 4,096 bytes less one byte.
  await withLog({ maxBytes }, async (log, file) => {
    const one = { key: null, value: new Uint8Array(2_500) } // Less than a page: the last one is used too.
    await expect(async () => {
      for (let nth = 0; nth < 200; nth++) await log.append('t', partition, [one])
    }).rejects.toMatchObject({ code: 'LOG_FULL' })
    await log.close()
    expect(statSync(file).size).toBeLessThanOrEqual(maxBytes)
    expect(statSync(file).size).toBeGreaterThan(maxBytes - 4_096)
  })
})

test('a second process is refused the file while the first has it', async () => {
  await withLog({}, async (_log, file) => {
    const script = `import { embeddedEventLog } from ${JSON.stringify(import.meta.resolve('./event-log.ts'))}
      try { embeddedEventLog({ file: ${JSON.stringify(file)} }) } catch (error) { console.log(error.code, error.message) }`
    const [line] = await once(createInterface(runNode(script).stdout), 'line')
    expect(line).toMatch(/LOG_UNAVAILABLE .*another process has it open/)
  })
})

test('what was acknowledged survives kill -9 at any moment', async () => {
  const file = newFile()
  const script = `import { embeddedEventLog } from ${JSON.stringify(import.meta.resolve('./event-log.ts'))}
    const log = embeddedEventLog({ file: ${JSON.stringify(file)} })
    await log.ensureTopics([{ name: 't', partitions: 1, settings: {} }])
    for (let n = 0; ; n++) { await log.append('t', 0, [{ key: null, value: Buffer.from(String(n)) }]); process.stdout.write(n + '\\n') }`
  const child = runNode(script)
  let acknowledged = -1
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line)
    if (acknowledged === 200) child.kill('SIGKILL')
  }
  const log = embeddedEventLog({ file })
  const texts = (await log.read('t', partition, first, 100_000)).map((record) =>
    Buffer.from(record.value ?? []).toString(),
  )
  await log.close()
  expect(texts).toEqual(texts.map((_, index) => String(index)))
  expect(texts.length).toBeGreaterThan(acknowledged)
})

test('records older than the topic keeps them are removed, and offsets go on', async () => {
  let now = 1_000 as EpochMs
  await withLog({ now: () => now }, async (log) => {
    await log.ensureTopics([
      {
        name: 'short',
        partitions: 1,
        settings: { 'cleanup.policy': 'delete', 'retention.ms': String(dayMs) },
      },
    ])
    await log.append('short', partition, [value('old'), value('old too')])
    await log.append('t', partition, [value('for good')])
    now = (now + 2 * dayMs) as EpochMs
    await log.append('short', partition, [value('new')])
    await log.append('t', partition, [value('more')])
    now = (now + 0.9 * dayMs) as EpochMs
    await log.append('t', partition, [value('more')])
    expect((await log.read('short', partition, first, 10)).map(({ offset }) => offset)).toEqual([2])
    expect(await log.read('t', partition, first, 10)).toHaveLength(3)
  })
})

function runNode(script: string) {
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
  })
}
