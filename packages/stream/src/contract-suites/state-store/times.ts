import { expect, test } from 'vitest'
import { at, dueAt, opened, p0, seen, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

export function timesContract(open: OpenStateStore): void {
  const going = (member: string, sinceMs: number | null) => ({ key: 'o:a', member, sinceMs: sinceMs === null ? null : at(sinceMs) })
  const wake = (subject: string, atMs: number | null) => ({ subject, atMs: atMs === null ? null : at(atMs) })

  test('open intervals come oldest first, ties in the order of their members', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ open: [going('b', 20), going('c', 10), going('a', 20), going('B', 20), going('d', 3)] })
    const { open: result } = await seen(store, [], ['o:a'])
    expect(result).toEqual([
      { count: 5, oldest: ['d', 'c', 'B', 'a', 'b'].map((member) => ({ member, sinceMs: { d: 3, c: 10 }[member] ?? 20 })) },
    ])
  })

  test.each([
    { members: 0, oldest: [] },
    { members: 1, oldest: ['a'] },
    { members: 2, oldest: ['a', 'b'] },
    { members: 9, oldest: ['a', 'b', 'c'] },
  ])('all are counted, and the $members oldest are named', async ({ members, oldest }) => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ open: [going('a', 1), going('b', 2), going('c', 3)] })
    const { open: results } = await store.read(p0, { keys: [], open: [{ key: 'o:a', members }] })
    expect(results.map(({ count, oldest: named }) => ({ count, named: named.map(({ member }) => member) }))).toEqual([
      { count: 3, named: oldest },
    ])
  })

  test('what begins after the log time is not there yet; what begins at it is', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ logTimeMs: at(1_000), open: [going('before', 999), going('at', 1_000), going('after', 1_001)] })
    const upTo = async () =>
      (await seen(store, [], ['o:a'])).open.map(({ count, oldest }) => [count, ...oldest.map(({ member }) => member)])
    expect(await upTo()).toEqual([[2, 'before', 'at']])
    await commit({ logTimeMs: at(1_001) })
    expect(await upTo()).toEqual([[3, 'before', 'at', 'after']])
  })

  test('a member has one since: the last; null ends it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ open: [going('a', 1), going('b', 2), going('c', null), going('d', 4), going('d', 5)] })
    await commit({ open: [going('a', 7), going('b', null)] })
    expect((await seen(store, [], ['o:a'])).open).toEqual([
      {
        count: 2,
        oldest: [
          { member: 'd', sinceMs: 5 },
          { member: 'a', sinceMs: 7 },
        ],
      },
    ])
  })

  test('the last change of a member in one commit wins, whichever key came between', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ open: [going('a', 1), { key: 'o:b', member: 'a', sinceMs: at(2) }, going('a', null), going('a', 3)] })
    expect((await seen(store, [], ['o:a', 'o:b'])).open).toEqual(
      [3, 2].map((sinceMs) => ({ count: 1, oldest: [{ member: 'a', sinceMs }] })),
    )
  })

  test('due wakes come in the order of time, then subject, up to and at the time asked for', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('z', 10), wake('b', 20), wake('a', 20), wake('late', 21)] })
    expect((await store.load(p0, [], dueAt(20))).wakes).toEqual([wake('z', 10), wake('a', 20), wake('b', 20)])
  })

  test('of more due wakes than asked for the first ones come', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('z', 10), wake('b', 20), wake('a', 20), wake('late', 21)] })
    const first = async (limit: number) => (await store.load(p0, [], { ...dueAt(20), limit })).wakes.map(({ subject }) => subject)
    expect([await first(1), await first(2), await first(3), await first(4)]).toEqual([['z'], ['z', 'a'], ['z', 'a', 'b'], ['z', 'a', 'b']])
  })

  test('a subject has one wake: the last; null cancels it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('moved', 10), wake('cancelled', 10), wake('kept', 10), wake('none', null)] })
    await commit({ wakes: [wake('moved', 99), wake('moved', 30), wake('cancelled', null)] })
    expect((await store.load(p0, [], dueAt(50))).wakes).toEqual([wake('kept', 10), wake('moved', 30)])
  })

  test('a wake stays until it is replaced or cancelled: loading does not take it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('a', 1)] })
    await store.load(p0, [], dueAt(5))
    expect((await store.load(p0, [], dueAt(5))).wakes).toEqual([wake('a', 1)])
  })

  test('no time asked for, no wakes', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('a', 1)] })
    expect((await store.load(p0, ['s:a'], null)).wakes).toEqual([])
  })
}
