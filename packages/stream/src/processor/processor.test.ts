import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { embeddedStateStore } from '../embedded/state-store.ts'
import { DeskpulseError } from '../errors.ts'
import type { BatchHandler, LogBatch, Offset } from '../event-log.ts'
import type { StateStore } from '../state-store.ts'
import type { Folder, LogGap, OpenFolder } from './folder.ts'
import {
  offset,
  partition,
  storedSum as sumIn,
  summing,
  TestLog,
} from './processor.test-support.ts'
import { logMarkKey } from './same-log.ts'

let folder: string
let store: StateStore
let log: TestLog

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-processor-'))
  store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  log = new TestLog()
})

afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const started = (usedStore: StateStore, openFolder?: OpenFolder) => log.start(usedStore, openFolder)
const handlerOf = async (
  usedStore: StateStore = store,
  openFolder?: OpenFolder,
): Promise<BatchHandler> => (await started(usedStore, openFolder)).handle
const batchOf = (...args: Parameters<TestLog['batchOf']>): LogBatch => log.batchOf(...args)
const storedSum = (): Promise<number> => sumIn(store)

test('a batch is folded and committed in steps, until all of it is in the store', async () => {
  const handle = await handlerOf()
  expect(await handle(batchOf(0, 5))).toBe(5)
  expect(log.told).toEqual(['committed 2 to 2', 'committed 2 to 4', 'committed 1 to 5'])
  expect(await storedSum()).toBe(10)
})

test('what the owner before left in the outbox is published, and what a commit puts there; nothing else wakes the relay', async () => {
  const publishing = (): Folder => {
    const { fold } = summing()
    return {
      async fold(records, load) {
        const folded = await fold(records, load)
        const isTold = records[0]!.offset === 2
        const out = isTold ? [{ id: 'a', topic: 'out', key: 'acme', bytes: Buffer.of(1) }] : []
        return { ...folded, change: { ...folded.change, out } }
      },
    }
  }
  const handle = await handlerOf(store, publishing)
  const wakes: number[] = []
  for (const first of [0, 2, 4]) {
    await handle(batchOf(first, first + 2))
    wakes.push(log.wakes)
  }
  expect(wakes).toEqual([1, 2, 2])
})

test('a stop ends the consumption, then the relay, which tries nothing again from its beginning on', async () => {
  const { stop } = await started(store)
  await stop()
  expect(log.ending).toEqual(['no retries', 'consumption', 'relay'])
})

test('a batch that goes on where the last one ended is folded without a look into the log', async () => {
  const handle = await handlerOf()
  for (const first of [0, 2, 4]) await handle(batchOf(first, first + 2))
  expect(log.reads).toBe(0)
  await handle(batchOf(5, 8))
  expect(log.reads).toBe(1)
})

test('records that are committed already are skipped', async () => {
  await (
    await handlerOf()
  )(batchOf(0, 3))
  const handle = await handlerOf()
  expect(await handle(batchOf(0, 4))).toBe(4)
  expect(await storedSum()).toBe(6)
  expect(await handle(batchOf(1, 3))).toBe(4)
})

test('a batch that begins after the stored offset is sought back, and what is missed is folded', async () => {
  const handle = await handlerOf()
  expect(await handle(batchOf(3, 5))).toBe(0)
  expect(await handle(batchOf(0, 5))).toBe(5)
  expect(await storedSum()).toBe(10)
})

test('records that the log no longer holds are log.told as a gap, and the rest goes on', async () => {
  log.retainedFrom = 3
  const handle = await handlerOf()
  expect(await handle(batchOf(3, 4))).toBe(0)
  expect(await handle(batchOf(3, 4))).toBe(4)
  expect(log.told).toEqual(['gap 0–3', 'committed 1 to 4'])
})

test('a fold is given the gap before its first record, until a change with it is committed', async () => {
  const gaps: (LogGap | undefined)[] = []
  const telling = (): Folder => {
    const { fold } = summing()
    return {
      fold(records, load, gap) {
        gaps.push(gap)
        return fold(records, load)
      },
    }
  }
  let isAway = true
  const flaky: StateStore = {
    ...store,
    async commit(id, change) {
      if (!isAway) return store.commit(id, change)
      isAway = false
      return { kind: 'fenced' }
    },
  }
  log.retainedFrom = 3
  const handle = await handlerOf(flaky, telling)
  expect([await handle(batchOf(3, 6)), await handle(batchOf(3, 6))]).toEqual([0, 3])
  expect([await handle(batchOf(3, 6)), await handle(batchOf(3, 6))]).toEqual([0, 6])
  expect(gaps).toEqual([{ from: 0, to: 3 }, { from: 0, to: 3 }, undefined])
})

test('a seek that a rebalance undid is no gap: it is sought again, and nothing is left out', async () => {
  const handle = await handlerOf()
  expect(await handle(batchOf(3, 4))).toBe(0)
  expect(await handle(batchOf(2, 4))).toBe(0)
  expect(await handle(batchOf(0, 4))).toBe(4)
  expect(log.told).toEqual(['committed 2 to 2', 'committed 2 to 4'])
})

test('an old owner is fenced, writes nothing, and acquires again when the group gives it another batch', async () => {
  const old = await handlerOf()
  await old(batchOf(0, 1))
  await (
    await handlerOf()
  )(batchOf(1, 3))
  expect(await old(batchOf(1, 2))).toBe(1)
  expect(log.told.at(-1)).toBe('lost: fenced')
  expect(await storedSum()).toBe(3)
  expect(await old(batchOf(1, 4))).toBe(4)
  expect(await storedSum()).toBe(6)
})

test('a worker whose partition was given to another member does not take it back', async () => {
  const { epoch } = await store.acquire(partition)
  const handle = await handlerOf()
  await handle(batchOf(0, 1, () => false))
  const change = {
    epoch,
    fromOffset: offset(0),
    toOffset: offset(1),
    logTimeMs: 1 as EpochMs,
    watermarkMs: 1 as EpochMs,
  }
  expect(
    await store.commit(partition, { ...change, puts: [], appends: [], wakes: [], out: [] }),
  ).toEqual({ kind: 'committed' })
})

test('a store that was put back to an older moment is followed back, with nothing of the caches kept', async () => {
  let restoredTo: Offset | null = null
  const restored: StateStore = {
    ...store,
    commit: (id, change) =>
      restoredTo === null
        ? store.commit(id, change)
        : Promise.resolve({ kind: 'behind', offset: restoredTo }),
  }
  const handle = await handlerOf(restored)
  await handle(batchOf(0, 2))
  restoredTo = offset(2)
  expect(await handle(batchOf(2, 3))).toBe(2)
  expect(log.told.at(-1)).toBe('lost: behind')
  restoredTo = null
  expect(await handle(batchOf(2, 3))).toBe(3)
  expect(await storedSum()).toBe(3)
})

test('while the store is away the same change is tried again, and counted once although its first commit had been written', async () => {
  let failures = 2
  const flaky: StateStore = {
    ...store,
    async commit(id, change) {
      const outcome = await store.commit(id, change)
      if (failures-- > 0) throw new DeskpulseError('STORE_UNAVAILABLE', 'the answer was lost')
      return outcome
    },
  }
  const handle = await handlerOf(flaky)
  expect(await handle(batchOf(0, 2))).toBe(2)
  expect(log.told).toEqual([
    'waiting: STORE_UNAVAILABLE',
    'waiting: STORE_UNAVAILABLE',
    'lost: behind',
  ])
  expect(await storedSum()).toBe(1)
  expect(await handle(batchOf(2, 3))).toBe(3)
  expect(await storedSum()).toBe(3)
})

test('what cannot be done is tried again after 50 ms, then after twice as long each time, up to a second', async () => {
  let failures = 7
  const away: StateStore = {
    ...store,
    commit: (id, change) =>
      failures-- > 0
        ? Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away'))
        : store.commit(id, change),
  }
  const handle = await handlerOf(away)
  expect(await handle(batchOf(0, 2))).toBe(2)
  expect(log.waitedMs).toEqual([50, 100, 200, 400, 800, 1_000, 1_000])
})

test('a worker that loses the partition while it waits for the store drops its work', async () => {
  const away: StateStore = {
    ...store,
    commit: () => Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away')),
  }
  const handle = await handlerOf(away)
  let asked = 0
  await handle(batchOf(0, 1, () => ++asked < 3))
  expect(log.told.at(-1)).toBe('lost: reassigned')
  expect(await storedSum()).toBe(0)
})

test.each([
  { operation: 'acquire', of: 'its partition', isOwned: false },
  { operation: 'load', of: 'the mark', isOwned: false },
  { operation: 'load', of: 'a fold', isOwned: true },
  { operation: 'commit', of: 'a fold', isOwned: true },
] as const)(
  'a worker that is to end does not wait for a store that is away: $operation of $of',
  async ({ operation, of, isOwned }) => {
    let asked = 0
    const away: StateStore = {
      ...store,
      [operation]: (...args: Parameters<StateStore['load']>) => {
        if (of === 'a fold' && operation === 'load' && args[1][0] === logMarkKey)
          return store.load(...args)
        if (++asked === 3) void stop()
        return Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away'))
      },
    }
    const { handle, stop } = await started(away)
    expect(await handle(batchOf(0, 1))).toBe(0)
    expect(asked).toBe(3)
    expect(await storedSum()).toBe(0)
    expect(log.told.filter((what) => what.startsWith('lost'))).toEqual(
      isOwned ? ['lost: stopped'] : [],
    )
  },
)

/** Loads twice, and takes it as a bug that the two do not fit together. */
const suspicious = (between: () => Promise<unknown>): Folder => ({
  async fold(records, load) {
    const before = await load(['s:sum'], null)
    await between()
    const after = await load(['s:sum'], null)
    if (before.values[0]?.length !== after.values[0]?.length)
      throw new TypeError('these do not fit together')
    return summing().fold(records, load)
  },
})

test('a fold that reads what another owner wrote meanwhile is fenced, before it commits or stumbles', async () => {
  const another = await handlerOf()
  const handle = await handlerOf(store, () => suspicious(() => another(batchOf(0, 2))))
  expect(await handle(batchOf(0, 1))).toBe(0)
  expect(log.told.at(-1)).toBe('lost: fenced')
  expect(await storedSum()).toBe(1)
})

test('a fold that stumbles because the store was put back meanwhile has lost the partition: it is no bug', async () => {
  const handle = await handlerOf()
  await handle(batchOf(0, 2))
  let putBack = false
  const restored: StateStore = {
    ...store,
    load: async (id, keys, due) => ({
      ...(await store.load(id, keys, due)),
      ...(putBack && { values: [null] }),
    }),
    read: async (id, query) => ({
      ...(await store.read(id, query)),
      ...(putBack && { offset: offset(1) }),
    }),
  }
  const stumbling = await handlerOf(restored, () =>
    suspicious(() => Promise.resolve((putBack = true))),
  )
  expect(await stumbling(batchOf(2, 3))).toBe(1)
  expect(log.told.at(-1)).toBe('lost: behind')
})

test('a fold that stumbles over a store at rest ends the consumption', async () => {
  const broken: Folder = { fold: () => Promise.reject(new TypeError('a bug')) }
  await expect((await handlerOf(store, () => broken))(batchOf(0, 1))).rejects.toThrow('a bug')
})

test('an error that is no outage ends the consumption: it is a bug', async () => {
  const broken: StateStore = { ...store, commit: () => Promise.reject(new TypeError('a bug')) }
  await expect((await handlerOf(broken))(batchOf(0, 1))).rejects.toThrow('a bug')
})

test('a log that ends before what is folded is another log: the consumption ends, and says so', async () => {
  await (
    await handlerOf()
  )(batchOf(0, 5))
  log.end = 3
  const handle = await handlerOf()
  await expect(handle(batchOf(0, 3))).rejects.toMatchObject({ code: 'STORE_AHEAD' })
})

test('a batch that another worker has folded since it was fetched is skipped, though it ends before the stored offset', async () => {
  await (
    await handlerOf()
  )(batchOf(0, 5))
  const handle = await handlerOf()
  expect(await handle(batchOf(0, 3))).toBe(5)
})

/** Before the first record it passes one due wake a fold, and counts them by an append: one that is written twice shows. */
function waking(): Folder {
  const folder = summing()
  return {
    async fold(records, load) {
      const { wakes } = await load([], { upToMs: records[0]!.appendedAtMs, limit: 1 })
      if (wakes.length === 0) return folder.fold(records, load)
      const { subject, atMs } = wakes[0]!
      const times = { logTimeMs: atMs, watermarkMs: 0 as EpochMs }
      const appends = [{ key: 'j:woken', bytes: Buffer.from(subject) }]
      return {
        taken: 0,
        entries: 0,
        change: { ...times, puts: [], appends, wakes: [{ subject, atMs: null }], out: [] },
      }
    },
  }
}

async function withWakes(subjects: readonly string[]): Promise<void> {
  const { epoch } = await store.acquire(partition)
  const times = { logTimeMs: 1 as EpochMs, watermarkMs: 1 as EpochMs }
  const wakes = subjects.map((subject, index) => ({ subject, atMs: (2 + index) as EpochMs }))
  const change = {
    epoch,
    fromOffset: offset(0),
    toOffset: offset(5),
    ...times,
    puts: [],
    appends: [],
    wakes,
    out: [],
  }
  expect(await store.commit(partition, change)).toEqual({ kind: 'committed' })
}

async function woken(): Promise<string> {
  const { values } = await store.load(partition, ['j:woken'], null)
  return Buffer.from(values[0] ?? '').toString()
}

test('a fold may take no record, for the wakes that are due before the first one, and the records follow', async () => {
  await withWakes(['a', 'b', 'c'])
  const handle = await handlerOf(store, waking)
  expect(await handle(batchOf(5, 7))).toBe(7)
  expect(log.told).toEqual([
    'committed 0 to 5',
    'committed 0 to 5',
    'committed 0 to 5',
    'committed 2 to 7',
  ])
  expect([await woken(), await storedSum()]).toEqual(['abc', 11])
})

test('a commit of wakes whose answer was lost is not written a second time', async () => {
  await withWakes(['a', 'b', 'c'])
  let failures = 1
  const flaky: StateStore = {
    ...store,
    async commit(id, change) {
      const outcome = await store.commit(id, change)
      if (failures-- > 0) throw new DeskpulseError('STORE_UNAVAILABLE', 'the answer was lost')
      return outcome
    },
  }
  const handle = await handlerOf(flaky, waking)
  expect(await handle(batchOf(5, 7))).toBe(5)
  expect(log.told).toEqual(['waiting: STORE_UNAVAILABLE', 'lost: behind'])
  expect(await handle(batchOf(5, 7))).toBe(7)
  expect(await woken()).toBe('abc')
})

test('a store that was put back to before some wakes, at the same offset, is noticed', async () => {
  await withWakes(['a', 'b', 'c'])
  let commits = 0
  const restored: StateStore = {
    ...store,
    async commit(id, change) {
      if ((commits += 1) === 2) {
        // As a file of before the first of them, put back, would have it: the epoch is this worker's.
        const file = new DatabaseSync(join(folder, 'store.sqlite'))
        file.exec('UPDATE positions SET step = 0')
        file.close()
      }
      return store.commit(id, change)
    },
  }
  const handle = await handlerOf(restored, waking)
  expect(await handle(batchOf(5, 7))).toBe(5)
  expect(log.told).toEqual(['committed 0 to 5', 'lost: behind'])
})

test('a worker that loses the partition between two commits of a batch drops the rest of it', async () => {
  let asked = 0
  const handle = await handlerOf()
  await handle(batchOf(0, 5, () => ++asked < 3))
  expect(log.told).toEqual(['committed 2 to 2', 'committed 2 to 4', 'lost: reassigned'])
})

test('a worker that loses the partition between two folds of wakes drops its work', async () => {
  await withWakes(['a', 'b', 'c'])
  let asked = 0
  const handle = await handlerOf(store, waking)
  await handle(batchOf(5, 7, () => ++asked < 2))
  expect(log.told).toEqual(['committed 0 to 5', 'lost: reassigned'])
})

test.each([
  { rule: 'changes no wake', wakes: [] },
  { rule: 'leaves a wake that is over', wakes: [{ subject: 'a', atMs: 3 as EpochMs }] },
])('a fold that takes nothing and $rule is a bug, and ends the consumption', async ({ wakes }) => {
  const stuck: Folder = {
    fold: () =>
      Promise.resolve({
        taken: 0,
        entries: 0,
        change: {
          logTimeMs: 3 as EpochMs,
          watermarkMs: 0 as EpochMs,
          puts: [],
          appends: [],
          wakes,
          out: [],
        },
      }),
  }
  await expect((await handlerOf(store, () => stuck))(batchOf(0, 1))).rejects.toThrow(
    'left as many wakes due',
  )
})
