import { encodeOpen, openField, openKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import {
  DeskpulseError,
  type FeedBreak,
  type PartitionId,
  type ReadQuery,
  type StateStore,
} from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openFloor } from '../testing/floor.ts'
import { feedTrustedMs, type PartitionView, partitionView } from './partition-view.ts'

const p0 = 0 as PartitionId
const keysOf = (names: readonly string[]) => ({ keys: [...names], open: [] })
const waitersOf = (tenant: string) => ({
  tenant,
  slice: 0,
  kind: 'reply.live' as const,
  members: 0,
})

/** A contact that waits since an instant; `null`: no more. */
type Waits = {
  readonly tenant: string
  readonly contactId: string
  readonly sinceMs: number | null
}

function fieldOf({ tenant, contactId, sinceMs }: Waits) {
  const at = (sinceMs ?? 0) as EpochMs
  const row = { contactId, dueAtMs: at, first: true, channel: 'chat' }
  const entry = { row, intervals: [{ kind: 'reply.live' as const, sinceMs: at, slices: [0] }] }
  return {
    key: openKey(tenant),
    field: openField(row),
    bytes: sinceMs === null ? null : encodeOpen(entry),
  }
}

const text = (bytes: Uint8Array | null | undefined): string | undefined =>
  bytes ? Buffer.from(bytes).toString() : undefined

/** A store in memory whose commits put texts, with a view of it. */
async function seen(
  options: { onRead?: (query: ReadQuery) => Promise<void>; changesKept?: number } = {},
) {
  const floor = await openFloor()
  const store = floor.store
  const { epoch, offset } = await store.acquire(p0)
  const queries: ReadQuery[] = []
  let [next, nowMs, follows] = [offset as number, 1_000, 0]
  const watched: Pick<StateStore, 'read' | 'follow'> = {
    async read(partition, query) {
      queries.push(query)
      const snapshot = await store.read(partition, query)
      await options.onRead?.(query)
      return snapshot
    },
    follow(...args) {
      follows += 1
      return store.follow(...args)
    },
  }
  const view = partitionView({
    store: watched,
    partition: p0,
    nowMs: () => nowMs,
    onFeedFailed: () => {},
    onUnreadable: () => {},
  })
  onTestFinished(async () => {
    view.close()
    await floor.close()
  })
  return {
    view,
    queries,
    follows: () => follows,
    wait: (ms: number) => void (nowMs += ms),
    async commit(puts: Readonly<Record<string, string>>, waits: readonly Waits[] = []) {
      const outcome = await store.commit(p0, {
        ...{
          epoch,
          fromOffset: next as never,
          toOffset: ++next as never,
          logTimeMs: next as EpochMs,
          watermarkMs: 0 as EpochMs,
        },
        puts: Object.entries(puts).map(([key, value]) => ({ key, bytes: Buffer.from(value) })),
        fields: waits.map(fieldOf),
        ...{ appends: [], wakes: [], out: [] },
      })
      expect(outcome).toEqual({ kind: 'committed' })
    },
  }
}

const read = async (view: PartitionView, ...names: string[]) =>
  (await view.read(keysOf(names))).values.map(text)

test('what is held is answered without a read until something is committed', async () => {
  const { view, queries, commit } = await seen()
  await commit({ a: '1', b: '1' })
  expect(await read(view, 'a', 'b')).toEqual(['1', '1'])
  expect(await read(view, 'b', 'a')).toEqual(['1', '1'])
  expect(queries).toHaveLength(1)
})

test('a commit shows at the next request, which reads what changed alone', async () => {
  const { view, queries, commit } = await seen()
  await commit({ a: '1', b: '1' })
  await read(view, 'a', 'b')
  await commit({ a: '2' })
  await vi.waitUntil(async () => (await read(view, 'a', 'b'))[0] === '2')
  expect(queries.at(-1)?.keys).toEqual(['a'])
})

test('a record that is absent is held as absent, and shows when it comes', async () => {
  const { view, queries, commit } = await seen()
  await commit({ a: '1' })
  expect(await read(view, 'a', 'none')).toEqual(['1', undefined])
  expect(await read(view, 'none')).toEqual([undefined])
  expect(queries).toHaveLength(1)
  await commit({ none: 'some' })
  await vi.waitUntil(async () => (await read(view, 'none'))[0] === 'some')
})

test('requests of one moment share a read', async () => {
  const { view, queries, commit } = await seen()
  await commit({ a: '1', b: '1', c: '1' })
  await Promise.all([read(view, 'a'), read(view, 'b'), read(view, 'b', 'c')])
  expect(queries.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']])
})

test('what goes on is counted at the moment: it begins with log time, though nothing of it changed', async () => {
  const { view, commit } = await seen()
  const count = async () => (await view.read({ keys: [], open: [waitersOf('x')] })).open[0]?.count
  await commit({}, [{ tenant: 'x', contactId: 'c', sinceMs: 3 }]) // Begins after log time, which is the offset here.
  expect(await count()).toBe(0)
  await commit({})
  await commit({})
  await vi.waitUntil(async () => (await count()) === 1)
})

test('of what goes on a commit costs what it changed: the whole is read once', async () => {
  const { view, queries, commit } = await seen()
  const contacts = Array.from({ length: 500 }, (_, n) => ({
    tenant: 'x',
    contactId: `c-${n}`,
    sinceMs: 1,
  }))
  const count = async () => (await view.read({ keys: [], open: [waitersOf('x')] })).open[0]?.count
  await commit({}, contacts)
  expect(await count()).toBe(500)
  await commit({}, [{ tenant: 'x', contactId: 'c-7', sinceMs: null }])
  await vi.waitUntil(async () => (await count()) === 499)
  await commit({}, [{ tenant: 'y', contactId: 'c-7', sinceMs: 1 }])
  await commit({}, [{ tenant: 'x', contactId: 'c-8', sinceMs: null }])
  await view.read({ keys: ['a'], open: [] }) // Learns what changed, and reads nothing of it.
  await vi.waitUntil(async () => (await count()) === 498)
  const asked = queries.flatMap(({ hashes = [] }) => hashes)
  expect(asked.filter(({ fields }) => fields === null)).toEqual([{ key: 'open:x', fields: null }])
  expect(
    asked
      .flatMap(({ fields }) => fields ?? [])
      .every((field) => field === 'cc-7' || field === 'cc-8'),
  ).toBe(true)
})

test('a commit between two reads of one answer does not mix two moments', async () => {
  let between: (() => Promise<void>) | null = null
  const { view, queries, commit } = await seen({ onRead: async () => between?.() })
  await commit({ a: '1', b: '1' })
  await read(view, 'a')
  // `a` is held of the first moment; a commit changes both before `b` is read, and the feed has not told yet.
  await commit({ a: '2', b: '2' })
  between = async () => {
    between = null
    await commit({ a: '3', b: '3' })
  }
  const [a, b] = await read(view, 'a', 'b')
  expect(a).toBe(b)
  expect(queries.length).toBeGreaterThan(1)
})

test('a commit that is told of during a read of the moment before it is not forgotten by the next one', async () => {
  let after: (() => Promise<void>) | null = null
  const { view, commit } = await seen({ onRead: async () => after?.() })
  const count = async () =>
    (await view.read({ keys: ['a'], open: [waitersOf('x')] })).open[0]?.count
  await commit({ a: '1' }, [{ tenant: 'x', contactId: 'c-1', sinceMs: 0 }])
  expect(await count()).toBe(1)
  await commit({ a: '2' })
  // The read brings the moment of this commit; before it is there, the feed tells of the next.
  after = async () => {
    after = null
    await commit({}, [{ tenant: 'x', contactId: 'c-2', sinceMs: 0 }])
    await new Promise(setImmediate)
  }
  await vi.waitUntil(async () => (await count()) === 1 && after === null)
  await commit({ a: '3' })
  await vi.waitUntil(async () => text((await view.read(keysOf(['a']))).values[0]) === '3')
  expect(await count()).toBe(2)
})

test('whatever is committed meanwhile, records and what goes on that are written together are answered together', async () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('commit' as const),
      keys: fc.subarray(['x', 'y', 'z'], { minLength: 0 }),
    }),
    fc.record({
      do: fc.constant('read' as const),
      pairs: fc.subarray(['x', 'y', 'z'], { minLength: 1 }),
    }),
    fc.record({ do: fc.constant('wait' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { view, commit } = await seen()
      const reads: Promise<void>[] = []
      let version = 0
      const waiting = new Map<string, number>()
      for (const one of steps) {
        if (one.do === 'commit') {
          version += 1
          for (const key of one.keys) waiting.set(key, (waiting.get(key) ?? 0) + 1)
          const puts = one.keys.flatMap((key) =>
            [1, 2].map((n) => [`${key}${n}`, `${waiting.get(key)}`]),
          )
          await commit(
            Object.fromEntries(puts) as Record<string, string>,
            one.keys.map((tenant) => ({ tenant, contactId: `${version}`, sinceMs: 0 })),
          )
        } else if (one.do === 'wait') await new Promise(setImmediate)
        else {
          const names = one.pairs.flatMap((key) => [`${key}1`, `${key}2`])
          const check = async (): Promise<void> => {
            const { values, open } = await view.read({
              keys: names,
              open: one.pairs.map(waitersOf),
            })
            open.forEach(({ count }, at) => {
              const told = [values[2 * at], values[2 * at + 1]].map((value) =>
                Number(text(value) ?? 0),
              )
              expect(told).toEqual([count, count])
            })
          }
          reads.push(check())
        }
      }
      await Promise.all(reads)
    }),
    { numRuns: 200 },
  )
})

test('a feed that is silent for long is not trusted: the store is asked', async () => {
  const { view, queries, wait, commit } = await seen()
  await commit({ a: '1' })
  await read(view, 'a')
  wait(feedTrustedMs)
  expect(await read(view, 'a')).toEqual(['1'])
  expect(queries).toHaveLength(2)
  expect(queries[1]?.keys).toEqual([])
})

test('a store that does not answer fails the request, and the next one asks again', async () => {
  let fails = false
  const { view, commit } = await seen({
    onRead: async () => {
      if (fails) throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
    },
  })
  await commit({ a: '1' })
  fails = true
  await expect(read(view, 'a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  fails = false
  expect(await read(view, 'a')).toEqual(['1'])
})

test('a commit that has been told costs the next read nothing: it asks for what changed after it', async () => {
  const { view, queries, commit } = await seen()
  await commit({ a: '1', 'm:x:minute:0#1': '1', 'm:x:minute:0#2': '1' })
  const keys = ['a', 'm:x:minute:0#1', 'm:x:minute:0#2']
  await read(view, ...keys)
  await commit({ 'm:x:minute:0#2': '2', 'm:x:minute:0#3': '2', b: '2' })
  await vi.waitUntil(async () => (await read(view, ...keys))[2] === '2')
  expect(queries.at(-1)).toMatchObject({ keys: ['m:x:minute:0#2'] })
  expect(queries.at(-1)?.since).not.toBe(queries.at(-2)?.since)
  expect(await read(view, ...keys)).toEqual(['1', '1', '2'])
})

/** A store whose feed tells what the test says, and whose records all hold one value, at one cursor. */
function scripted(): {
  store: Pick<StateStore, 'read' | 'follow'>
  set(value: string): void
  tell(notice: FeedBreak): void
  follows(): number
} {
  const told = Promise.withResolvers<FeedBreak>()
  let [value, follows] = ['1', 0]
  const position = {
    offset: 1 as never,
    logTimeMs: 1 as EpochMs,
    watermarkMs: 1 as EpochMs,
    cursor: 'c1' as never,
  }
  return {
    set: (to) => void (value = to),
    tell: told.resolve,
    follows: () => follows,
    store: {
      read: async (_partition, query) => ({
        ...{ ...position, lists: [], hashes: [], values: query.keys.map(() => Buffer.from(value)) },
        changed: query.since === undefined ? 'lost' : new Map(),
      }),
      async *follow() {
        follows += 1
        if (follows > 1) return
        yield told.promise
      },
    },
  }
}

test.each(['lost', 'unreadable'] as const)(
  'where the feed is %s, and once it has ended, nothing held is used',
  async (why) => {
    const { store, set, tell, follows } = scripted()
    let unreadable = 0
    const onUnreadable = (): void => void (unreadable += 1)
    const view = partitionView({
      store,
      partition: p0,
      nowMs: () => 0,
      onFeedFailed: () => {},
      onUnreadable,
    })
    expect(await read(view, 'a')).toEqual(['1'])
    set('2') // Another value at the same cursor, as of a store that was restored.
    expect(await read(view, 'a')).toEqual(['1'])
    tell(why)
    await vi.waitUntil(async () => (await read(view, 'a'))[0] === '2')
    await vi.waitUntil(() => follows() > 1)
    expect(unreadable).toBe(why === 'unreadable' ? 1 : 0)
  },
)
