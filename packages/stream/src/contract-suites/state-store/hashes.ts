import { expect, test } from 'vitest'
import type { HashResult } from '../../state-store.ts'
import { at, bytes, changeOf, changes, opened, p0, p1, text, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

const open1 = 'open:a'
const set = (field: string, value: string, key = open1) => ({ key, field, bytes: bytes(value) })
const gone = (field: string, key = open1) => ({ key, field, bytes: null })
const nothing = { keys: [] }

const shown = ({ isWhole, fields }: HashResult) => ({
  isWhole,
  fields: Object.fromEntries([...fields].map(([field, value]) => [field, text(value)])),
})

export function hashesContract(open: OpenStateStore): void {
  test('a field is what the last commit made it; what is removed is gone', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      fields: [set('x', '1'), set('y', '1'), set('z', '1'), set('x', 'other', 'backlog:a')],
    })
    await commit({ fields: [set('x', '2'), gone('y'), gone('never')] })
    const query = ['open:none', open1, 'backlog:a'].map((key) => ({ key, fields: null }))
    expect((await store.read(p0, { ...nothing, hashes: query })).hashes.map(shown)).toEqual([
      { isWhole: true, fields: {} },
      { isWhole: true, fields: { x: '2', z: '1' } },
      { isWhole: true, fields: { x: 'other' } },
    ])
    const loaded = await store.load(p0, [], null, ['open:none', open1])
    expect(
      loaded.hashes.map((fields) =>
        Object.fromEntries([...fields].map(([field, value]) => [field, text(value)])),
      ),
    ).toEqual([{}, { x: '2', z: '1' }])
    expect((await store.load(p0, [], null)).hashes).toEqual([])
  })

  test('a reader gets the fields that changed since its cursor, and those that it names, and no others', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({
      fields: [set('same', '1'), set('named', '1'), set('changed', '1'), set('ended', '1')],
    })
    const { cursor: since } = await store.read(p0, nothing)
    await commit({ fields: [set('changed', '2'), set('other', '1', 'backlog:a')] })
    await commit({ fields: [set('changed', '3'), gone('ended')] })
    const hashes = [
      { key: open1, fields: ['named', 'none'] },
      { key: 'open:none', fields: [] },
    ]
    const read = await store.read(p0, { ...nothing, hashes, since })
    expect(read.hashes.map(shown)).toEqual([
      { isWhole: false, fields: { named: '1', none: null, changed: '3', ended: null } },
      { isWhole: false, fields: {} },
    ])
    expect(read.changed).toEqual(changes({ [open1]: ['changed', 'ended'], 'backlog:a': ['other'] }))
  })

  test('nothing changed, nothing is read of a hash', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ fields: [set('x', '1')] })
    const { cursor: since } = await store.read(p0, nothing)
    await commit()
    const read = await store.read(p0, { ...nothing, hashes: [{ key: open1, fields: [] }], since })
    expect(read.hashes.map(shown)).toEqual([{ isWhole: false, fields: {} }])
    expect(read.changed).toEqual(changes({}))
  })

  test('the whole hash comes where the feed does not reach back to the cursor, and where there is none', async () => {
    const store = await opened(open, { changesKept: 5 })
    const { commit } = await writer(store)
    const { cursor: since } = await store.read(p0, nothing)
    await commit({ fields: [set('x', '1'), set('y', '1')] })
    for (let n = 0; n < 300; n++) await commit()
    const hashes = [{ key: open1, fields: ['x'] }]
    for (const query of [{ hashes, since }, { hashes }]) {
      const read = await store.read(p0, { ...nothing, ...query })
      expect(read.hashes.map(shown)).toEqual([{ isWhole: true, fields: { x: '1', y: '1' } }])
      expect(read.changed).toBe('lost')
    }
  })

  test('thousands of fields come whole and by name, whatever is in them', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const names = Array.from({ length: 9_000 }, (_, n) => `c"${n}"\u9000`)
    const any = (n: number) => Uint8Array.of(n % 256, 0, 255, n % 7)
    const { cursor: since } = await store.read(p0, nothing)
    await commit({ fields: names.map((field, n) => ({ key: open1, field, bytes: any(n) })) })
    const fields = new Map(names.map((field, n) => [field, any(n)]))
    const bytesIn = ({ fields: read }: HashResult) =>
      new Map([...read].map(([field, value]) => [field, Uint8Array.from(value!)]))
    const read = async (query: { fields: readonly string[] | null }) =>
      bytesIn(
        (await store.read(p0, { ...nothing, hashes: [{ key: open1, ...query }], since }))
          .hashes[0]!,
      )
    expect(await read({ fields: null })).toEqual(fields)
    expect(await read({ fields: [] })).toEqual(fields)
    const { cursor: later } = await store.read(p0, nothing)
    const named = await store.read(p0, {
      ...nothing,
      hashes: [{ key: open1, fields: names }],
      since: later,
    })
    expect(bytesIn(named.hashes[0]!)).toEqual(fields)
  })

  test('a commit that is fenced or behind leaves hashes as they are; partitions have their own', async () => {
    const store = await opened(open)
    const older = await store.acquire(p0)
    const { owner, commit } = await writer(store)
    await commit({ fields: [set('x', '1')] })
    const fields = [set('x', '2')]
    expect(await store.commit(p0, changeOf(older, { fields }))).toEqual({ kind: 'fenced' })
    expect(await store.commit(p0, changeOf(owner, { fields }))).toMatchObject({ kind: 'behind' })
    const hashes = [{ key: open1, fields: null }]
    expect((await store.read(p0, { ...nothing, hashes })).hashes.map(shown)).toEqual([
      { isWhole: true, fields: { x: '1' } },
    ])
    expect((await store.read(p1, { ...nothing, hashes })).hashes.map(shown)).toEqual([
      { isWhole: true, fields: {} },
    ])
  })

  test('a hash is of the moment of the read: it holds as many fields as commits say, whenever it is read', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    let done = false
    const write = async () => {
      for (let n = 1; n <= 100; n++) {
        await commit({
          logTimeMs: at(n),
          watermarkMs: at(n),
          puts: [{ key: 'm:a', bytes: bytes(`${n}`) }],
          fields: [set(`${n}`, `${n}`)],
        })
      }
      done = true
    }
    const read = async () => {
      let since = (await store.read(p0, nothing)).cursor
      const held = new Set<string>()
      while (!done) {
        const { offset, values, hashes, cursor } = await store.read(p0, {
          keys: ['m:a'],
          hashes: [{ key: open1, fields: [] }],
          since,
        })
        since = cursor
        for (const field of hashes[0]!.fields.keys()) held.add(field)
        expect([Number(text(values[0])), held.size]).toEqual([offset, offset])
      }
    }
    await Promise.all([read(), read(), write()])
  })

  test.each([
    { rule: 'of a key that is no hash', field: { key: 'm:a', field: 'x', bytes: bytes('1') } },
    { rule: 'without bytes', field: { key: open1, field: 'x', bytes: new Uint8Array(0) } },
  ])('a field $rule is a bug, and nothing is written', async ({ field }) => {
    const store = await opened(open)
    const owner = await store.acquire(p0)
    await expect(store.commit(p0, changeOf(owner, { fields: [field] }))).rejects.toThrow(
      /hash|bytes/,
    )
    await expect(
      store.commit(p0, changeOf(owner, { puts: [{ key: open1, bytes: bytes('1') }] })),
    ).rejects.toThrow('record')
    expect((await store.read(p0, nothing)).offset).toBe(0)
  })
}
