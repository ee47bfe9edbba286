import { expect, test } from 'vitest'
import type { Change } from '../../state-store.ts'
import {
  at,
  bytes,
  changeOf,
  dueAt,
  offset,
  opened,
  p0,
  p1,
  seen,
  text,
  writer,
} from './fixture.ts'
import type { OpenStateStore, Parts } from './fixture.ts'

export function commitContract(open: OpenStateStore): void {
  test('a commit moves offset, log time and watermark together', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      toOffset: offset(40),
      logTimeMs: at(1_772_413_227_017),
      watermarkMs: at(1_772_413_225_017),
    })
    expect(await seen(store, [])).toMatchObject({
      offset: 40,
      logTimeMs: 1_772_413_227_017,
      watermarkMs: 1_772_413_225_017,
    })
  })

  test('one change may hold nothing but a new offset', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit()
    expect((await seen(store, [])).offset).toBe(1)
  })

  type Case = { rule: string; first: Parts; then: Parts; value: string | null }
  const a = (value: string) => ({ key: 'm:a', bytes: bytes(value) })
  const gone = { key: 'm:a', bytes: null }
  test.each<Case>([
    {
      rule: 'a put replaces the whole record',
      first: { puts: [a('long value')] },
      then: { puts: [a('new')] },
      value: 'new',
    },
    {
      rule: 'a put of null removes the record',
      first: { puts: [a('1')] },
      then: { puts: [gone] },
      value: null,
    },
    {
      rule: 'a put of null for what is not there is no error',
      first: {},
      then: { puts: [gone] },
      value: null,
    },
    {
      rule: 'a record may be empty, which is not absent',
      first: {},
      then: { puts: [a('')] },
      value: '',
    },
    {
      rule: 'an append to nothing makes the record',
      first: {},
      then: { appends: [a('1')] },
      value: '1',
    },
    {
      rule: 'an append goes to the end',
      first: { puts: [a('1')] },
      then: { appends: [a('2')] },
      value: '12',
    },
    {
      rule: 'appends of one key keep their order',
      first: {},
      then: { appends: [a('1'), a('2'), a('3')] },
      value: '123',
    },
    {
      rule: 'a put and an append of one key give put + append',
      first: { appends: [a('1')] },
      then: { puts: [a('2')], appends: [a('3')] },
      value: '23',
    },
    {
      rule: 'an append after a put of null begins anew',
      first: { puts: [a('1')] },
      then: { puts: [gone], appends: [a('2')] },
      value: '2',
    },
    {
      rule: 'of several puts of one key the last wins',
      first: {},
      then: { puts: [a('1'), gone, a('2')] },
      value: '2',
    },
    {
      rule: 'of several puts of one key the last wins, also when it removes',
      first: {},
      then: { puts: [a('1'), gone] },
      value: null,
    },
    {
      rule: 'a record that nothing touched stays',
      first: { puts: [a('1')] },
      then: { puts: [{ key: 'm:b', bytes: bytes('2') }] },
      value: '1',
    },
  ])('$rule', async ({ first, then, value }) => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit(first)
    await commit(then)
    expect((await seen(store, ['m:a'])).values).toEqual([value])
    expect((await store.load(p0, ['m:a'], null)).values.map(text)).toEqual([value])
  })

  test('a record with an expiry is there before it expires', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ puts: [{ key: 'm:a', bytes: bytes('1'), expiresInMs: 3_600_000 }] })
    expect((await seen(store, ['m:a'])).values).toEqual(['1'])
  })

  test('bytes come back as they were, all 256 of them, put or appended', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const all = Uint8Array.from({ length: 512 }, (_, i) => i)
    await commit({ puts: [{ key: 's:a', bytes: all }], appends: [{ key: 'j:a', bytes: all }] })
    await commit({ appends: [{ key: 'j:a', bytes: all }] })
    const { values } = await store.load(p0, ['s:a', 'j:a'], null)
    expect(values.map((value) => value && [...value])).toEqual([[...all], [...all, ...all]])
  })

  test('a value that is a view into a larger buffer is stored without its surroundings', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [{ key: 'm:a', bytes: bytes('xx1yy').subarray(2, 3) }],
      appends: [{ key: 'j:a', bytes: bytes('xx2yy').subarray(2, 3) }],
    })
    expect((await seen(store, ['m:a', 'j:a'])).values).toEqual(['1', '2'])
  })

  test('keys, members and subjects are any text', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const name = `q%3Aé 客户 "{}:,=\\ \u{1f600}`
    await commit({
      puts: [{ key: `m:${name}`, bytes: bytes('1') }],
      lists: [{ key: `o:${name}`, member: name, score: 1 }],
      wakes: [{ subject: name, atMs: at(2) }],
    })
    expect(await seen(store, [`m:${name}`], [`o:${name}`])).toMatchObject({
      values: ['1'],
      lists: [{ count: 1, first: [{ member: name, score: 1 }] }],
      wakes: [{ subject: name, atMs: 2 }],
    })
  })

  test('partitions see nothing of each other', async () => {
    const store = await opened(open)
    for (const [partition, value] of [
      [p0, '0'],
      [p1, '1'],
    ] as const) {
      const { commit } = await writer(store, partition)
      const out = [{ id: value, topic: 't', key: 'k', bytes: bytes(value) }]
      await commit({
        puts: [{ key: 'm:a', bytes: bytes(value) }],
        lists: [{ key: 'o:a', member: value, score: 1 }],
        wakes: [{ subject: value, atMs: at(1) }],
        out,
      })
    }
    for (const [partition, value] of [
      [p0, '0'],
      [p1, '1'],
    ] as const) {
      const {
        values,
        lists: intervals,
        wakes,
        out,
      } = await seen(store, ['m:a'], ['o:a'], partition)
      expect({ values, intervals, wakes, ids: out.map(({ entry }) => entry.id) }).toEqual({
        values: [value],
        intervals: [{ count: 1, first: [{ member: value, score: 1 }] }],
        wakes: [{ subject: value, atMs: 1 }],
        ids: [value],
      })
    }
  })

  test('a commit may be large: 5,000 of everything, a megabyte of values', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const numbers = Array.from({ length: 5_000 }, (_, i) => i)
    const value = (i: number) => new Uint8Array(200).fill(i % 251)
    await commit({
      logTimeMs: at(10_000),
      puts: numbers.map((i) => ({ key: `m:${i}`, bytes: value(i) })),
      appends: numbers.map((i) => ({ key: `j:${i}`, bytes: bytes(`${i}`) })),
      lists: numbers.map((i) => ({ key: `o:${i % 1_000}`, member: `${i}`, score: i })),
      wakes: numbers.map((i) => ({ subject: `${i}`, atMs: at(i) })),
      out: numbers.map((i) => ({ id: `${i}`, topic: 't', key: 'k', bytes: bytes(`${i}`) })),
    })
    const { values, wakes } = await store.load(
      p0,
      numbers.flatMap((i) => [`m:${i}`, `j:${i}`]),
      dueAt(10_000),
    )
    expect(
      values.every((stored, i) =>
        Buffer.from(stored ?? []).equals(i % 2 === 0 ? value(i / 2) : bytes(`${(i - 1) / 2}`)),
      ),
    ).toBe(true)
    expect(wakes).toEqual(numbers.map((i) => ({ subject: `${i}`, atMs: i })))
    const snapshot = await store.read(p0, {
      keys: numbers.map((i) => `m:${i}`),
      lists: numbers.slice(0, 1_000).map((i) => ({ key: `o:${i}`, members: 1 })),
    })
    expect(snapshot.values.every((stored) => stored?.length === 200)).toBe(true)
    expect(snapshot.lists).toEqual(
      numbers.slice(0, 1_000).map((i) => ({ count: 5, first: [{ member: `${i}`, score: i }] })),
    )
    expect((await store.readOutbox(p0, 10_000)).map(({ entry }) => entry.id)).toEqual(
      numbers.map(String),
    )
  })

  test.each<{ rule: string; broken: Partial<Change> }>([
    {
      rule: 'a record cannot have a list’s key',
      broken: { puts: [{ key: 'o:a', bytes: bytes('1') }] },
    },
    {
      rule: 'nothing can be appended to a list’s key',
      broken: { appends: [{ key: 'o:a', bytes: bytes('1') }] },
    },
    {
      rule: 'a record cannot have a key that is the store’s own',
      broken: { puts: [{ key: 'meta', bytes: bytes('1') }] },
    },
    {
      rule: 'a list’s key starts with o:',
      broken: { lists: [{ key: 'm:a', member: 'm', score: 1 }] },
    },
    { rule: 'a change does not go back', broken: { fromOffset: offset(2), toOffset: offset(1) } },
  ])('$rule: a bug, and nothing is written', async ({ broken }) => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    const good = { key: 'm:b', bytes: bytes('1') }
    const change = changeOf(owner, { ...broken, puts: [good, ...(broken.puts ?? [])] })
    await expect(store.commit(p0, change)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_ASSERTION' }),
    )
    expect(await seen(store, ['m:b'])).toMatchObject({ offset: 0, values: [null] })
  })
}
