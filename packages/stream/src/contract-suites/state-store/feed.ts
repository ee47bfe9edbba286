import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Changed } from '../../changed/changed.ts'
import type { ChangeCursor, CommitNotice, FeedBreak, StateStore } from '../../state-store.ts'
import { at, bytes, changes, offset, opened, p0, p1, writer } from './fixture.ts'
import type { OpenStateStore, Parts } from './fixture.ts'

/** A follower that the test pulls from; it ends with the test at the latest. */
function following(store: StateStore, cursor: ChangeCursor | null, partition = p0) {
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const iterator = store.follow(partition, cursor, ending.signal)[Symbol.asyncIterator]()
  return {
    end: () => ending.abort(),
    next: () => iterator.next(),
    async take(count: number): Promise<readonly (CommitNotice | FeedBreak)[]> {
      const taken: (CommitNotice | FeedBreak)[] = []
      while (taken.length < count) {
        const { value, done } = await iterator.next()
        if (done) throw new Error(`the feed ended after ${taken.length} of ${count}`)
        taken.push(value)
      }
      return taken
    },
  }
}

const offsets = (notices: readonly (CommitNotice | FeedBreak)[]) =>
  notices.map((notice) => (typeof notice === 'string' ? notice : notice.offset))
const some = bytes('1')
const id = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.nat().map(String),
  fc.constantFrom('0', '00', '007', '9007199254740993', 'c-12', 'c-120', ''),
)
const tenantKey = (prefix: string) =>
  fc
    .tuple(fc.constantFrom('acme', 'b1', 'é'), id)
    .map(([tenant, rest]) => `${prefix}${tenant}:${rest.replaceAll('#', '')}`)
/** Of records that stand alone and of hashes, of fields, of lists; some of them private. */
const changeParts: fc.Arbitrary<Parts> = fc.record({
  puts: fc.array(
    fc.oneof(
      fc.record({
        key: fc.oneof(tenantKey('cfg:'), tenantKey('s:')),
        bytes: fc.option(fc.constant(some)),
      }),
      fc.record({
        key: fc.tuple(tenantKey('m:'), id).map(([hash, field]) => `${hash}#${field}`),
        bytes: fc.option(fc.constant(some)),
      }),
    ),
    { maxLength: 8 },
  ),
  fields: fc.uniqueArray(
    fc.record({ key: tenantKey('open:'), field: id, bytes: fc.option(fc.constant(some)) }),
    {
      maxLength: 6,
      selector: ({ key, field }) => nameOf(key, field),
    },
  ),
  lists: fc.array(fc.record({ key: tenantKey('o:'), member: id, score: fc.constant(null) }), {
    maxLength: 2,
  }),
})

const nameOf = (key: string, field: string | null): string => JSON.stringify([key, field])
const placeOf = (key: string): string => {
  const at = key.startsWith('m:') ? key.indexOf('#') : -1
  return at < 0 ? nameOf(key, null) : nameOf(key.slice(0, at), key.slice(at + 1))
}
const namedBy = ({ puts = [], fields = [], lists = [] }: Parts): ReadonlySet<string> =>
  new Set([
    ...puts.filter(({ key }) => !key.startsWith('s:')).map(({ key }) => placeOf(key)),
    ...fields.map(({ key, field }) => nameOf(key, field)),
    ...lists.map(({ key }) => nameOf(key, null)),
  ])
const told = (changed: Changed): ReadonlySet<string> =>
  new Set(
    [...changed].flatMap(([key, fields]) =>
      fields.size === 0 ? [nameOf(key, null)] : [...fields].map((field) => nameOf(key, field)),
    ),
  )

const cursorNow = async (store: StateStore) => (await store.read(p0, { keys: [] })).cursor

export function feedContract(open: OpenStateStore): void {
  const put = (key: string) => ({ key, bytes: bytes('1') })

  test('a follower that waits already is told of each commit as it comes', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const follower = following(store, await cursorNow(store))
    for (const key of ['m:a', 'm:b', 'm:c']) {
      const told = follower.take(1)
      await cursorNow(store) // By then it waits.
      await commit({ puts: [put(key)] })
      expect(await told).toMatchObject([{ changed: changes({ [key]: [] }) }])
    }
  })

  test('a notice says where the commit left the partition and what it changed', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const follower = following(store, await cursorNow(store))
    await commit({
      toOffset: offset(7),
      logTimeMs: at(50),
      watermarkMs: at(40),
      puts: [put('m:a'), put('m:h#2'), put('m:h#1'), put('s:a')],
      fields: [{ key: 'open:a', field: 'x', bytes: null }],
      lists: [{ key: 'o:a', member: 'x', score: 1 }],
    })
    const cursor = await cursorNow(store)
    expect(await follower.take(1)).toEqual([
      {
        offset: 7,
        logTimeMs: 50,
        watermarkMs: 40,
        cursor,
        changed: changes({ 'm:a': [], 'm:h': ['2', '1'], 'open:a': ['x'], 'o:a': [] }),
      },
    ])
  })

  test('whatever commits change, followers and readers are told of exactly that', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const follower = following(store, await cursorNow(store))
    await fc.assert(
      fc.asyncProperty(fc.array(changeParts, { minLength: 1, maxLength: 3 }), async (commits) => {
        const since = await cursorNow(store)
        for (const parts of commits) await commit(parts)
        const notices = await follower.take(commits.length)
        for (const [index, parts] of commits.entries())
          expect(told((notices[index] as CommitNotice).changed)).toEqual(namedBy(parts))
        const { changed } = await store.read(p0, { keys: [], since })
        expect(told(changed as Changed)).toEqual(
          new Set(commits.flatMap((parts) => [...namedBy(parts)])),
        )
        const keys = new Set(commits.flatMap(({ fields = [] }) => fields.map(({ key }) => key)))
        const { hashes } = await store.read(p0, {
          keys: [],
          hashes: [...keys].map((key) => ({ key, fields: [] })),
          since,
        })
        const read = [...keys].flatMap((key, place) =>
          [...hashes[place]!.fields.keys()].map((field) => nameOf(key, field)),
        )
        expect(new Set(read)).toEqual(
          new Set(
            commits.flatMap(({ fields = [] }) =>
              fields.map(({ key, field }) => nameOf(key, field)),
            ),
          ),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('every commit after the cursor comes once, in order: those before the call and those after it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit()
    const cursor = await cursorNow(store)
    for (let n = 0; n < 130; n++) await commit()
    const follower = following(store, cursor)
    const early = await follower.take(100)
    for (let n = 0; n < 20; n++) await commit()
    expect(offsets([...early, ...(await follower.take(50))])).toEqual(
      Array.from({ length: 150 }, (_, n) => n + 2),
    )
  })

  test('a commit that changes no key is told, too: time has passed', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const follower = following(store, await cursorNow(store))
    await commit()
    expect(await follower.take(1)).toMatchObject([{ offset: 1, changed: changes({}) }])
  })

  test('without a cursor the commits after the call come', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit()
    const follower = following(store, null)
    await commit()
    expect(offsets(await follower.take(1))).toEqual([2])
  })

  test('a partition that nobody has acquired yet can be followed', async () => {
    const store = await opened(open)
    const follower = following(store, null)
    const { commit } = await writer(store)
    await commit()
    expect(offsets(await follower.take(1))).toEqual([1])
  })

  test('the cursor of a notice goes on where the follower left', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const first = following(store, await cursorNow(store))
    for (let n = 0; n < 3; n++) await commit()
    const [, second] = await first.take(2)
    expect(offsets(await following(store, (second as CommitNotice).cursor).take(1))).toEqual([3])
  })

  test('followers do not take from each other, and hear of their partition alone', async () => {
    const store = await opened(open)
    const followers = [following(store, null), following(store, null)]
    const [first, second] = [await writer(store, p0), await writer(store, p1)]
    await second.commit({ toOffset: offset(99) })
    await first.commit()
    await first.commit()
    for (const follower of followers) expect(offsets(await follower.take(2))).toEqual([1, 2])
  })

  test('fenced and refused commits are not told', async () => {
    const store = await opened(open)
    const old = await writer(store)
    const young = await writer(store)
    const follower = following(store, await cursorNow(store))
    await expect(old.commit()).rejects.toThrow()
    await young.commit()
    expect(offsets(await follower.take(1))).toEqual([1])
  })

  test('where the feed no longer reaches back it says lost, once, and goes on from now', async () => {
    const store = await opened(open, { changesKept: 5 })
    const { commit } = await writer(store)
    await commit()
    const cursor = await cursorNow(store)
    for (let n = 0; n < 300; n++) await commit()
    const follower = following(store, cursor)
    expect(await follower.take(1)).toEqual(['lost'])
    await commit()
    expect(offsets(await follower.take(1))).toEqual([302])
  })

  test('a follower that was left behind while it paused hears lost, not a gap', async () => {
    const store = await opened(open, { changesKept: 5 })
    const { commit } = await writer(store)
    const follower = following(store, await cursorNow(store))
    await commit()
    expect(offsets(await follower.take(1))).toEqual([1])
    for (let n = 0; n < 600; n++) await commit()
    const seen = offsets(await follower.take(1))
    // An adapter may have fetched some of them before they were forgotten; whatever it tells is without a gap.
    expect([2, 'lost']).toContain(seen[0])
    while (seen.at(-1) !== 'lost' && seen.at(-1) !== 601)
      seen.push(...offsets(await follower.take(1)))
    const told = seen.filter((value) => value !== 'lost')
    expect(told).toEqual(told.map((_, n) => n + 2))
    expect(seen).toContain('lost')
  })

  test.each([
    { told: 0, rule: 'an abort ends a follower that has heard nothing yet, without an error' },
    {
      told: 1,
      rule: 'an abort ends a follower that waits for the next commit, promptly and without an error',
    },
  ])('$rule', async ({ told }) => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const follower = following(store, await cursorNow(store))
    for (let n = 0; n < told; n++) await commit()
    await follower.take(told)
    const waiting = follower.next()
    const abortedAt = performance.now()
    follower.end()
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(performance.now() - abortedAt).toBeLessThan(500)
  })

  test('a signal that is aborted already gives nothing', async () => {
    const store = await opened(open)
    const follower = following(store, null)
    follower.end()
    expect((await follower.next()).done).toBe(true)
  })

  test('closing the store ends its followers', async () => {
    const store = await opened(open)
    const follower = following(store, await cursorNow(store))
    const waiting = follower.next()
    await store.close()
    expect((await waiting).done).toBe(true)
  })
}
