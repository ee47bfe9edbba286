import { expect, test } from 'vitest'
import { bytes, opened, p0, p1, text, writer } from './contract-suites/state-store/fixture.ts'
import { embeddedStateStore } from './embedded/state-store.ts'
import type { StateStore } from './state-store.ts'
import { versionedState } from './versioned-state.ts'

const key = 'fold-version'
const foldedBy = (version: number) => ({ puts: [{ key, bytes: bytes(String(version)) }] })

/** A reader of version 9 of two partitions, and how many reads it has made. */
async function world() {
  const store = await opened(() => embeddedStateStore({ file: ':memory:' }))
  let reads = 0
  const read: StateStore['read'] = (partition, query) => {
    reads += 1
    return store.read(partition, query)
  }
  const state = versionedState({ store: { ...store, read }, partitions: 2, key, version: 9 })
  return { store, state, reads: () => reads }
}

const otherVersion = expect.objectContaining({
  code: 'STORE_UNREADABLE',
  message: expect.stringContaining(
    'partition 1 was folded by version 8 of the folds, this is version 9',
  ),
})

test('a state of the own version, and one that nobody has folded yet, are read as from the store', async () => {
  const { store, state } = await world()
  expect(await state.read(p0, { keys: ['a'] })).toEqual(await store.read(p0, { keys: ['a'] }))
  const { commit } = await writer(store)
  await commit({ puts: [...foldedBy(9).puts, { key: 'a', bytes: bytes('1') }] })
  const query = { keys: ['a', 'b'], lists: [{ key: 'l', members: 1 }] }
  const snapshot = await state.read(p0, query)
  expect(snapshot).toEqual(await store.read(p0, query))
  expect(snapshot.values.map(text)).toEqual(['1', null])
})

test('a partition that another version folded is not read until a rebuild has made it anew; the others are', async () => {
  const { store, state } = await world()
  const [own, other] = [await writer(store, p0), await writer(store, p1)]
  await own.commit(foldedBy(9))
  await other.commit(foldedBy(8))
  await expect(state.read(p1, { keys: ['a'] })).rejects.toThrow(otherVersion)
  await expect(state.check()).rejects.toThrow(otherVersion)
  await state.read(p0, { keys: ['a'] })

  await other.commit(foldedBy(9))
  await state.check()
  await state.read(p1, { keys: ['a'] })
})

test('a state that another version takes over is read no more', async () => {
  const { store, state } = await world()
  const { commit } = await writer(store, p1)
  await commit(foldedBy(9))
  await state.check()
  await commit(foldedBy(8))
  await expect(state.read(p1, { keys: [] })).rejects.toThrow(otherVersion)
  await expect(state.check()).rejects.toThrow(otherVersion)
})

test('readiness costs no read once every partition was found to be of the own version', async () => {
  const { store, state, reads } = await world()
  for (const partition of [p0, p1]) await (await writer(store, partition)).commit(foldedBy(9))
  await state.check()
  const before = reads()
  await state.check()
  expect([before, reads()]).toEqual([2, 2])
})
