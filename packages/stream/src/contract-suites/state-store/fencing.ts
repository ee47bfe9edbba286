import { expect, test } from 'vitest'
import { at, bytes, changeOf, dueAt, offset, opened, p0, p1, seen, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

export function fencingContract(open: OpenStateStore): void {
  test('a new partition stands at offset 0, log time 0 and watermark 0', async () => {
    const store = await opened(open)
    expect(await store.acquire(p0)).toMatchObject({ offset: 0, logTimeMs: 0, watermarkMs: 0 })
  })

  test('what nobody has acquired can be read: nothing is there', async () => {
    const store = await opened(open)
    const snapshot = await store.read(p0, { keys: ['m:a'], lists: [{ key: 'o:a', members: 3 }] })
    expect(snapshot).toMatchObject({
      offset: 0,
      logTimeMs: 0,
      watermarkMs: 0,
      values: [null],
      lists: [{ count: 0, first: [] }],
    })
    expect(await store.load(p0, ['s:a'], dueAt(1), ['open:a'])).toEqual({
      epoch: null,
      values: [null],
      wakes: [],
      hashes: [new Map()],
    })
    expect(await store.readOutbox(p0, 10)).toEqual([])
  })

  test('acquiring returns where the last commit left the partition', async () => {
    const store = await opened(open)
    const first = await writer(store)
    await first.commit({ toOffset: offset(70), logTimeMs: at(5_000), watermarkMs: at(4_000) })
    expect(await store.acquire(p0)).toMatchObject({
      offset: 70,
      logTimeMs: 5_000,
      watermarkMs: 4_000,
    })
  })

  test('every acquisition has its own epoch, also when many acquire at once', async () => {
    const store = await opened(open)
    const acquired = await Promise.all(Array.from({ length: 20 }, () => store.acquire(p0)))
    expect(new Set(acquired.map(({ epoch }) => epoch)).size).toBe(20)
  })

  test('what is loaded comes with the owner of that moment, so that a worker knows whether it is still its own', async () => {
    const store = await opened(open)
    const old = await store.acquire(p0)
    expect((await store.load(p0, [], null)).epoch).toBe(old.epoch)
    const young = await store.acquire(p0)
    expect((await store.load(p0, ['s:a'], dueAt(1))).epoch).toBe(young.epoch)
  })

  test('an older epoch cannot commit once a newer one has acquired, and writes nothing', async () => {
    const store = await opened(open)
    const old = await store.acquire(p0)
    const young = await store.acquire(p0)
    const before = await seen(store, ['m:a'], ['o:a'])
    expect(await store.commit(p0, changeOf(old, everything))).toEqual({ kind: 'fenced' })
    expect(await seen(store, ['m:a'], ['o:a'])).toEqual(before)
    expect(await store.commit(p0, changeOf(young))).toEqual({ kind: 'committed' })
  })

  test('a partition that nobody has acquired takes no commit', async () => {
    const store = await opened(open)
    const elsewhere = await store.acquire(p1)
    expect(await store.commit(p0, changeOf(elsewhere, everything))).toEqual({ kind: 'fenced' })
  })

  test('a fenced worker learns that it is fenced, not that it is behind', async () => {
    const store = await opened(open)
    const old = await store.acquire(p0)
    await store.acquire(p0)
    expect(await store.commit(p0, changeOf(old, { fromOffset: offset(9) }))).toEqual({
      kind: 'fenced',
    })
  })

  test('acquiring fences its own partition alone', async () => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    await store.acquire(p1)
    expect(await store.commit(p0, changeOf(owner))).toEqual({ kind: 'committed' })
  })

  test.each([
    { fromOffset: 3, rule: 'a worker that stands before the stored offset is told where to go on' },
    {
      fromOffset: 9,
      rule: 'a worker that has read ahead of the stored offset is told where to go back to',
    },
  ])('$rule, and writes nothing', async ({ fromOffset }) => {
    const store = await opened(open)
    const { owner, commit } = await writer(store)
    await commit({ toOffset: offset(5) })
    const before = await seen(store, ['m:a'], ['o:a'])
    const change = changeOf(owner, { ...everything, fromOffset: offset(fromOffset) })
    expect(await store.commit(p0, change)).toEqual({ kind: 'behind', offset: 5 })
    expect(await seen(store, ['m:a'], ['o:a'])).toEqual(before)
  })

  test('a commit that is sent twice counts once', async () => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    const change = changeOf(owner, { appends: [{ key: 'j:a', bytes: bytes('x') }] })
    expect(await store.commit(p0, change)).toEqual({ kind: 'committed' })
    expect(await store.commit(p0, change)).toEqual({ kind: 'behind', offset: change.toOffset })
    expect((await seen(store, ['j:a'])).values).toEqual(['x'])
  })

  test('a commit that leaves the offset and is sent twice counts once', async () => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    const staying = changeOf(owner, {
      toOffset: owner.offset,
      step: 0,
      appends: [{ key: 'j:a', bytes: bytes('x') }],
    })
    expect(await store.commit(p0, staying)).toEqual({ kind: 'committed' })
    expect(await store.commit(p0, staying)).toEqual({ kind: 'behind', offset: owner.offset })
    expect((await seen(store, ['j:a'])).values).toEqual(['x'])
    expect(await store.commit(p0, { ...staying, step: 1 })).toEqual({ kind: 'committed' })
    expect(await store.commit(p0, changeOf(owner, { step: 2 }))).toEqual({ kind: 'committed' })
    expect(await store.commit(p0, changeOf(owner, { fromOffset: offset(1), step: 0 }))).toEqual({
      kind: 'committed',
    })
  })

  test('a new owner counts the commits that leave the offset from 0', async () => {
    const store = await opened(open)
    const before = await store.acquire(p0)
    await store.commit(p0, changeOf(before, { toOffset: before.offset, step: 0 }))
    const owner = await store.acquire(p0)
    expect(await store.commit(p0, changeOf(owner, { step: 0 }))).toEqual({ kind: 'committed' })
  })

  test('who does not count the commits that leave the offset is held by the offset alone', async () => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    const staying = changeOf(owner, { toOffset: owner.offset })
    for (let times = 0; times < 2; times += 1)
      expect(await store.commit(p0, staying)).toEqual({ kind: 'committed' })
    expect(await store.commit(p0, changeOf(owner, { step: 0 }))).toEqual({
      kind: 'behind',
      offset: owner.offset,
    })
  })

  test('of commits from the same offset at once exactly one is written', async () => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        store.commit(p0, changeOf(owner, { appends: [{ key: 'j:a', bytes: bytes('x') }] })),
      ),
    )
    expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'behind')).toHaveLength(9)
    expect((await seen(store, ['j:a'])).values).toEqual(['x'])
  })
}

/** A change with something of each kind. */
const everything = {
  puts: [{ key: 'm:a', bytes: bytes('1') }],
  appends: [{ key: 'j:a', bytes: bytes('2') }],
  lists: [{ key: 'o:a', member: 'm', score: 3 }],
  wakes: [{ subject: 'w', atMs: at(4) }],
  out: [{ id: '0/0', topic: 't', key: 'k', bytes: bytes('5') }],
}
