import { expect, test } from 'vitest'
import type { Change } from '../../state-store.ts'
import { bytes, changeOf, changes, opened, p0, p1, seen, text, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

const put = (key: string, value: string | null) => ({
  key,
  bytes: value === null ? null : bytes(value),
})
const day = 86_400_000

/** Records with a key `m:<hash>#<field>`: each is read, put and told of by its own key; they can be loaded, and expire, as one. */
export function recordsOfHashesContract(open: OpenStateStore): void {
  test('a record of a hash is what the last put made it, beside its like and beside records that stand alone', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [
        put('m:a#1', 'a1'),
        put('m:a#2', 'a2'),
        put('m:b#1', 'b1'),
        put('m:c', 'alone'),
        put('m:a#3', 'a3'),
      ],
    })
    await commit({ puts: [put('m:a#1', 'again'), put('m:a#2', null), put('m:a#never', null)] })
    const keys = ['m:b#1', 'm:c', 'm:a#2', 'm:a#1', 'm:none#1', 'm:a#3', 'm:a#1', 'm:a']
    const values = ['b1', 'alone', null, 'again', null, 'a3', 'again', null]
    expect((await seen(store, keys)).values).toEqual(values)
    expect((await store.load(p0, keys, null)).values.map(text)).toEqual(values)
  })

  test('a hash is loaded whole: its records and no others', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [
        put('m:a#1', '1'),
        put('m:a#20', '20'),
        put('m:ab#1', 'x'),
        put('m:a$', 'x'),
        put('m:a!', 'x'),
      ],
    })
    const { hashes } = await store.load(p0, [], null, ['m:a', 'm:none', 'm:ab'])
    expect(
      hashes.map((hash) =>
        Object.fromEntries([...hash].map(([field, value]) => [field, text(value)])),
      ),
    ).toEqual([{ 1: '1', 20: '20' }, {}, { 1: 'x' }])
  })

  test('what is closed, and what is to be, are hashes, too: a period with its revisions, a tenant with its periods', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [
        put('closed:acme:day:-5#7', 'second'),
        put('closed:acme:day:-5#7.1', 'first'),
        put('closing:acme#to', 'to'),
        put('closing:acme#day.-5', 'day'),
        put('closing:acme.de#to', 'other'),
      ],
    })
    await commit({ puts: [put('closing:acme#day.-5', null)] })
    const { hashes } = await store.load(p0, [], null, ['closed:acme:day:-5', 'closing:acme'])
    expect(
      hashes.map((hash) =>
        Object.fromEntries([...hash].map(([field, value]) => [field, text(value)])),
      ),
    ).toEqual([{ '7': 'second', '7.1': 'first' }, { to: 'to' }])
    const keys = ['closed:acme:day:-5#7.1', 'closing:acme#day.-5', 'closing:acme.de#to']
    expect((await seen(store, keys)).values).toEqual(['first', null, 'other'])
  })

  test('the change feed names records of hashes by their hash', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const { cursor } = await store.read(p0, { keys: [] })
    await commit({
      puts: [put('m:a#1', '1'), put('m:a#2', null)],
      expiries: [{ key: 'm:b', expiresInMs: day }],
    })
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toEqual(
      changes({ 'm:a': ['1', '2'] }),
    )
  })

  test('they are there before they expire, whoever said when; to say so of a hash that is not there is no error', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [{ ...put('m:a#1', '1'), expiresInMs: day }, put('m:a#2', '2')],
      expiries: [{ key: 'm:none', expiresInMs: day }],
    })
    await commit({
      puts: [put('m:a#1', 'again')],
      expiries: [{ key: 'm:a', expiresInMs: 2 * day }],
    })
    expect((await seen(store, ['m:a#1', 'm:a#2'])).values).toEqual(['again', '2'])
  })

  test('in no time means at once: all of it is gone, and nothing else', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [put('m:a#1', '1'), put('m:a#2', '2'), put('m:ab#1', '3'), put('m:b#1', '4')],
    })
    await commit({
      puts: [put('m:b#2', '5')],
      expiries: ['m:a', 'm:none'].map((key) => ({ key, expiresInMs: 0 })),
    })
    expect((await seen(store, ['m:a#1', 'm:a#2', 'm:ab#1', 'm:b#1', 'm:b#2'])).values).toEqual([
      null,
      null,
      '3',
      '4',
      '5',
    ])
    expect((await store.load(p0, [], null, ['m:a'])).hashes[0]!.size).toBe(0)
    await commit({ puts: [put('m:a#1', 'again')] })
    expect((await seen(store, ['m:a#1'])).values).toEqual(['again'])
  })

  test('thousands of records of many hashes come as they were put, beside others', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const keys = Array.from({ length: 9_000 }, (_, n) =>
      n % 10 === 0 ? `m:alone-${n}` : `m:h${n % 3}#${n}`,
    )
    await commit({ puts: keys.map((key, n) => put(key, `${n}`)) })
    const expected = keys.map((_, n) => `${n}`)
    expect((await store.read(p0, { keys })).values.map(text)).toEqual(expected)
    expect((await store.load(p0, keys, null)).values.map(text)).toEqual(expected)
    expect((await store.load(p0, [], null, ['m:h1'])).hashes[0]!.size).toBe(
      keys.filter((key) => key.startsWith('m:h1#')).length,
    )
  })

  test('a sign # elsewhere means nothing: such a record stands alone', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [put('s:c/acme/a#1', '1')],
      appends: [{ key: 's:c/acme/a#1', bytes: bytes('2') }],
    })
    expect((await store.load(p0, ['s:c/acme/a#1'], null)).values.map(text)).toEqual(['12'])
  })

  test('a commit that is fenced or behind leaves them as they are; partitions have their own', async () => {
    const store = await opened(open)
    const older = await store.acquire(p0)
    const { owner, commit } = await writer(store)
    await commit({ puts: [put('m:a#1', '1')] })
    const puts = [put('m:a#1', '2')]
    expect(await store.commit(p0, changeOf(older, { puts }))).toEqual({ kind: 'fenced' })
    expect(await store.commit(p0, changeOf(owner, { puts }))).toMatchObject({ kind: 'behind' })
    expect((await seen(store, ['m:a#1'])).values).toEqual(['1'])
    expect((await seen(store, ['m:a#1'], [], p1)).values).toEqual([null])
  })

  test.each<{ rule: string; broken: Partial<Change> }>([
    { rule: 'a record of a hash has bytes', broken: { puts: [put('m:a#1', '')] } },
    {
      rule: 'nothing is appended to it',
      broken: { appends: [{ key: 'm:a#1', bytes: bytes('1') }] },
    },
    {
      rule: 'a hash alone expires as one, not a record of it',
      broken: { expiries: [{ key: 'm:a#1', expiresInMs: day }] },
    },
    {
      rule: 'nor what is no hash of records',
      broken: { expiries: [{ key: 'open:a', expiresInMs: day }] },
    },
  ])('$rule: else a bug, and nothing is written', async ({ broken }) => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    await expect(store.commit(p0, changeOf(owner, broken))).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_ASSERTION' }),
    )
    expect((await store.read(p0, { keys: [] })).offset).toBe(0)
  })
}
