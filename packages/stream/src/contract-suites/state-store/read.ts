import { expect, test } from 'vitest'
import { at, bytes, changes, opened, p0, p1, seen, text, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

export function readContract(open: OpenStateStore): void {
  const put = (key: string, value = '1') => ({ key, bytes: bytes(value) })

  test('values are parallel to the keys, lists to their queries, repeated ones too', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [put('m:a', 'A'), put('m:b', 'B')],
      lists: [{ key: 'o:a', member: 'x', score: 1 }],
    })
    const query = {
      keys: ['m:b', 'm:none', 'm:a', 'm:b'],
      lists: ['o:none', 'o:a', 'o:a'].map((key) => ({ key, members: 0 })),
    }
    const { values, lists: intervals } = await store.read(p0, query)
    expect({ values: values.map(text), counts: intervals.map(({ count }) => count) }).toEqual({
      values: ['B', null, 'A', 'B'],
      counts: [0, 1, 1],
    })
    expect((await store.load(p0, query.keys, null)).values.map(text)).toEqual(['B', null, 'A', 'B'])
  })

  test('who holds a value that was read holds nothing else with it', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      puts: [put('m:a', 'A'), put('m:b', 'B'.repeat(3_000)), put('m:acme:minute:0#1', 'C')],
    })
    const { values } = await store.read(p0, { keys: ['m:a', 'm:b', 'm:acme:minute:0#1'] })
    expect(values.map((value) => value?.buffer.byteLength)).toEqual([1, 3_000, 1])
  })

  test('however many lists are asked for at once, each answer is what it is alone', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const keys = Array.from({ length: 300 }, (_, n) =>
      n % 2 === 0 ? `o:"${n}"` : `o:退${n}\u{1F600}`,
    )
    const begun = keys.flatMap((key, n) =>
      Array.from({ length: n % 4 }, (_, member) => ({
        key,
        member: `m${member}`,
        score: member * 10,
      })),
    )
    await commit({ lists: begun, logTimeMs: at(15) })
    const queries = [...keys, 'o:none', keys[3]!].map((key, n) => ({ key, members: n % 3 }))
    const { lists: together } = await store.read(p0, { keys: [], lists: queries })
    for (const [n, query] of queries.entries()) {
      const alone = (await store.read(p0, { keys: [], lists: [query] })).lists[0]
      expect(together[n], query.key).toEqual(alone)
    }
    expect(together.map(({ count }) => count).slice(0, 4)).toEqual([0, 1, 2, 2])
  })

  test('a read is of one moment: numbers that each commit keeps equal are equal, whenever it is read', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const commits = 150
    let done = false
    const write = async () => {
      for (let n = 1; n <= commits; n++) {
        await commit({
          logTimeMs: at(n),
          watermarkMs: at(n),
          puts: [put('m:a', `${n}`), put('m:b', `${n}`)],
          lists: [{ key: 'o:a', member: `${n}`, score: n }],
        })
      }
      done = true
    }
    const read = async () => {
      while (!done) {
        const snapshot = await store.read(p0, {
          keys: ['m:a', 'm:b'],
          lists: [{ key: 'o:a', members: 0 }],
        })
        const n = snapshot.offset
        expect({
          ...snapshot,
          values: snapshot.values.map((value) => Number(text(value))),
          cursor: null,
          changed: null,
        }).toEqual({
          ...{ offset: n, logTimeMs: n, watermarkMs: n, values: [n, n] },
          ...{ lists: [{ count: n, first: [] }], hashes: [], cursor: null, changed: null },
        })
      }
    }
    await Promise.all([write(), read(), read(), read()])
  })

  test('a read names the keys that changed after its cursor, each once, and the ones before it no more', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ puts: [put('m:old')] })
    const before = await store.read(p0, { keys: [] })
    await commit({ puts: [put('m:a'), put('m:b')] })
    await commit({
      puts: [put('m:b', '2'), { key: 'm:removed', bytes: null }],
      lists: [{ key: 'o:a', member: 'x', score: null }],
    })
    const after = await store.read(p0, { keys: [], since: before.cursor })
    expect(after.changed).toEqual(changes({ 'm:a': [], 'm:b': [], 'm:removed': [], 'o:a': [] }))
    expect((await store.read(p0, { keys: [], since: after.cursor })).changed).toEqual(changes({}))
  })

  test('states, appends, wakes and the outbox are private: the feed does not name them', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const { cursor } = await store.read(p0, { keys: [] })
    const out = [{ id: '1', topic: 't', key: 'k', bytes: bytes('1') }]
    await commit({
      puts: [put('s:a'), put('j:b')],
      appends: [put('j:a')],
      wakes: [{ subject: 'w', atMs: at(1) }],
      out,
    })
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toEqual(
      changes({ 'j:b': [] }),
    )
  })

  test('a cursor from before the first commit of a partition reaches back to it', async () => {
    const store = await opened(open)
    const { cursor } = await store.read(p0, { keys: [] })
    const { commit } = await writer(store)
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toEqual(changes({}))
    await commit({ puts: [put('m:a')] })
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toEqual(
      changes({ 'm:a': [] }),
    )
  })

  test('without a cursor all may have changed', async () => {
    const store = await opened(open)
    expect((await store.read(p0, { keys: [] })).changed).toBe('lost')
  })

  test('a cursor that the feed no longer reaches back to is lost, the first one of a partition too', async () => {
    const store = await opened(open, { changesKept: 5 })
    const { commit } = await writer(store)
    const first = await store.read(p0, { keys: [] })
    await commit()
    const second = await store.read(p0, { keys: [] })
    for (let n = 0; n < 300; n++) await commit()
    for (const { cursor } of [first, second])
      expect((await store.read(p0, { keys: [], since: cursor })).changed).toBe('lost')
  })

  test('the newest commits, as many as are to be kept, can be asked for', async () => {
    const store = await opened(open, { changesKept: 5 })
    const { commit } = await writer(store)
    for (let n = 0; n < 20; n++) await commit()
    const { cursor } = await store.read(p0, { keys: [] })
    for (const key of ['m:1', 'm:2', 'm:3', 'm:4']) await commit({ puts: [put(key)] })
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toEqual(
      changes({ 'm:1': [], 'm:2': [], 'm:3': [], 'm:4': [] }),
    )
  })

  test('a cursor of another partition is lost', async () => {
    const store = await opened(open)
    const [first, second] = [await writer(store, p0), await writer(store, p1)]
    await first.commit()
    await second.commit()
    await second.commit()
    const { cursor } = await store.read(p1, { keys: [] })
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toBe('lost')
  })

  test('the store says that it answers, and that it takes writes, of which nothing is seen', async () => {
    const store = await opened(open)
    const before = await seen(store, [])
    expect(await store.ping()).toBe(true)
    await store.takesWrites()
    await store.takesWrites()
    expect(await seen(store, [])).toEqual(before)
  })

  test('a closed store answers no more; closing it twice is harmless', async () => {
    const store = await opened(open)
    await store.close()
    await store.close()
    expect(await store.ping()).toBe(false)
    await expect(store.takesWrites()).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    )
    await expect(store.acquire(p0)).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    )
  })
}
