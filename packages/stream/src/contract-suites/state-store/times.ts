import { expect, test } from 'vitest'
import { at, dueAt, opened, p0, seen, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

export function timesContract(open: OpenStateStore): void {
  const listed = (member: string, score: number | null) => ({ key: 'o:a', member, score })
  const wake = (subject: string, atMs: number | null) => ({
    subject,
    atMs: atMs === null ? null : at(atMs),
  })

  test('members come in the order of their scores, ties in that of their names', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      lists: [listed('b', 20), listed('c', 10), listed('a', 20), listed('B', 20), listed('d', 3)],
    })
    const { lists: result } = await seen(store, [], ['o:a'])
    expect(result).toEqual([
      {
        count: 5,
        first: ['d', 'c', 'B', 'a', 'b'].map((member) => ({
          member,
          score: { d: 3, c: 10 }[member] ?? 20,
        })),
      },
    ])
  })

  test.each([
    { members: 0, first: [] },
    { members: 1, first: ['a'] },
    { members: 2, first: ['a', 'b'] },
    { members: 9, first: ['a', 'b', 'c'] },
  ])('all are counted, and the $members first are named', async ({ members, first }) => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ lists: [listed('a', 1), listed('b', 2), listed('c', 3)] })
    const { lists: results } = await store.read(p0, { keys: [], lists: [{ key: 'o:a', members }] })
    expect(
      results.map(({ count, first: named }) => ({
        count,
        named: named.map(({ member }) => member),
      })),
    ).toEqual([{ count: 3, named: first }])
  })

  test('what has a score past the log time is not there yet; what has that one is', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      logTimeMs: at(1_000),
      lists: [listed('before', 999), listed('at', 1_000), listed('after', 1_001)],
    })
    const upTo = async () =>
      (await seen(store, [], ['o:a'])).lists.map(({ count, first }) => [
        count,
        ...first.map(({ member }) => member),
      ])
    expect(await upTo()).toEqual([[2, 'before', 'at']])
    await commit({ logTimeMs: at(1_001) })
    expect(await upTo()).toEqual([[3, 'before', 'at', 'after']])
  })

  test('a member has one score: the last; null removes it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      lists: [listed('a', 1), listed('b', 2), listed('c', null), listed('d', 4), listed('d', 5)],
    })
    await commit({ lists: [listed('a', 7), listed('b', null)] })
    expect((await seen(store, [], ['o:a'])).lists).toEqual([
      {
        count: 2,
        first: [
          { member: 'd', score: 5 },
          { member: 'a', score: 7 },
        ],
      },
    ])
  })

  test('the last change of a member in one commit wins, whichever key came between', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      lists: [
        listed('a', 1),
        { key: 'o:b', member: 'a', score: 2 },
        listed('a', null),
        listed('a', 3),
      ],
    })
    expect((await seen(store, [], ['o:a', 'o:b'])).lists).toEqual(
      [3, 2].map((score) => ({ count: 1, first: [{ member: 'a', score }] })),
    )
  })

  test('due wakes come in the order of time, then subject, up to and at the time asked for', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('z', 10), wake('b', 20), wake('a', 20), wake('late', 21)] })
    expect((await store.load(p0, [], dueAt(20))).wakes).toEqual([
      wake('z', 10),
      wake('a', 20),
      wake('b', 20),
    ])
  })

  test('of more due wakes than asked for the first ones come', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ wakes: [wake('z', 10), wake('b', 20), wake('a', 20), wake('late', 21)] })
    const first = async (limit: number) =>
      (await store.load(p0, [], { ...dueAt(20), limit })).wakes.map(({ subject }) => subject)
    expect([await first(1), await first(2), await first(3), await first(4)]).toEqual([
      ['z'],
      ['z', 'a'],
      ['z', 'a', 'b'],
      ['z', 'a', 'b'],
    ])
  })

  test('a subject has one wake: the last; null cancels it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      wakes: [wake('moved', 10), wake('cancelled', 10), wake('kept', 10), wake('none', null)],
    })
    await commit({ wakes: [wake('moved', 99), wake('moved', 30), wake('cancelled', null)] })
    expect((await store.load(p0, [], dueAt(50))).wakes).toEqual([
      wake('kept', 10),
      wake('moved', 30),
    ])
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
