import {
  embeddedEventLog,
  embeddedStateStore,
  type Change,
  type Folder,
  logMarkKey,
  markOf,
  type Offset,
  type PartitionId,
  putOfMark,
} from '@deskpulse/stream'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { recordOf } from '@deskpulse/engine/testing'
import { nothingTold, silentUpTo, toldBy } from './told.ts'

const partition = 0 as PartitionId
const topic = 'log'

/** A log of three records, and a state that was folded up to `offset`, with `waiting` in its outbox. */
async function world({
  offset,
  waiting = [],
  mark = offset - 1,
}: {
  offset: number
  waiting?: readonly string[]
  mark?: number
}) {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-told-'))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  onTestFinished(async () => {
    await Promise.all([log.close(), store.close()])
    rmSync(folder, { recursive: true })
  })
  await log.ensureTopics([{ name: topic, partitions: 1, settings: {} }])
  await log.append(
    topic,
    partition,
    ['a', 'b', 'c'].map((text) => ({ key: null, value: Buffer.from(text) })),
  )
  const records = await log.read(topic, partition, 0 as Offset, 10)
  const { epoch, logTimeMs, watermarkMs } = await store.acquire(partition)
  const change: Change = {
    ...{
      epoch,
      fromOffset: 0 as Offset,
      toOffset: offset as Offset,
      logTimeMs,
      watermarkMs,
      appends: [],
      wakes: [],
    },
    puts:
      offset === 0
        ? []
        : [putOfMark({ ...markOf(records[mark]!), offset: (offset - 1) as Offset })],
    out: waiting.map((id) => ({ id, topic: 'alerts', key: 'k', bytes: Buffer.from(id) })),
  }
  await store.commit(partition, change)
  return { log, store, topic }
}

test('what the state before has folded was told, but for what still waits in its outbox', async () => {
  expect(await toldBy(await world({ offset: 2, waiting: ['w'] }), partition)).toEqual({
    upTo: 2,
    waiting: new Set(['w']),
  })
})

test.each([
  { rule: 'a state of which nothing is left has told nothing', state: { offset: 0 } },
  { rule: 'a state of another log has told nothing of this one', state: { offset: 2, mark: 0 } },
])('$rule', async ({ state }) => {
  expect(await toldBy(await world(state), partition)).toBe(nothingTold)
})

test('a log that ends before what was folded is another one', async () => {
  const at = await world({ offset: 9, mark: 2 })
  expect(await at.store.load(partition, [logMarkKey], null)).toMatchObject({
    epoch: expect.any(String) as string,
  })
  expect(await toldBy(at, partition)).toBe(nothingTold)
})

/** Says of each record that it was folded, in the outbox. */
const speaking: Folder = {
  fold: async (records) => ({
    taken: records.length,
    entries: 0,
    change: {
      ...{ logTimeMs: 0 as never, watermarkMs: 0 as never, puts: [], appends: [], wakes: [] },
      out: records.map(({ offset }) => ({
        id: `${offset}`,
        topic: 't',
        key: 'k',
        bytes: Buffer.from('x'),
      })),
    },
  }),
}

test.each([
  {
    upTo: 0,
    waiting: [],
    taken: 4,
    out: ['0', '1', '2', '3'],
    rule: 'nothing was told: all of it is',
  },
  {
    upTo: 2,
    waiting: [],
    taken: 2,
    out: [],
    rule: 'a fold ends where the told ones end, and says nothing',
  },
  { upTo: 2, waiting: ['1'], taken: 2, out: ['1'], rule: 'but for what waits' },
  {
    upTo: 9,
    waiting: ['3'],
    taken: 4,
    out: ['3'],
    rule: 'a state that was ahead of the batch has told it all',
  },
])('$rule', async ({ upTo, waiting, taken, out }) => {
  const records = [0, 1, 2, 3].map((offset) => recordOf(offset, 0 as never, []))
  const folder = silentUpTo({ upTo: upTo as Offset, waiting: new Set(waiting) }, speaking)
  const folded = await folder.fold(records, () => Promise.reject(new Error('nothing is loaded')))
  expect(folded.taken).toBe(taken)
  expect(folded.change.out.map(({ id }) => id)).toEqual(out)
})

test('after the told ones the folder is asked as it is', async () => {
  const records = [2, 3].map((offset) => recordOf(offset, 0 as never, []))
  const folded = await silentUpTo({ upTo: 2 as Offset, waiting: new Set() }, speaking).fold(
    records,
    () => Promise.reject(new Error()),
  )
  expect(folded.change.out).toHaveLength(2)
})
