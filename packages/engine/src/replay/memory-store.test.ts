import type { EpochMs } from '@deskpulse/core/time'
import type { FoldedChange } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { MemoryStore } from './memory-store.ts'

const nothing: FoldedChange = {
  ...{ puts: [], appends: [], wakes: [], out: [] },
  logTimeMs: 0 as EpochMs,
  watermarkMs: 0 as EpochMs,
}
const bytes = (text: string): Uint8Array => Buffer.from(text)
const hash = 'm:acme:minute:0'

async function hashIn(store: MemoryStore): Promise<Record<string, string>> {
  const { hashes } = await store.load([], null, [hash])
  return Object.fromEntries(
    [...hashes[0]!].map(([field, value]) => [field, Buffer.from(value).toString()]),
  )
}

test('a hash of records has those that were put under it and not removed, and goes as a whole', async () => {
  const store = new MemoryStore()
  store.apply({
    ...nothing,
    puts: [
      { key: `${hash}#1`, bytes: bytes('one') },
      { key: `${hash}#2`, bytes: bytes('two') },
      { key: 'm:acme:minute:60000#1', bytes: bytes('of another one') },
      { key: 'state', bytes: bytes('alone') },
    ],
  })
  store.apply({ ...nothing, puts: [{ key: `${hash}#2`, bytes: null }] })
  expect(await hashIn(store)).toEqual({ 1: 'one' })
  store.apply({ ...nothing, expiries: [{ key: hash, expiresInMs: 0 }] })
  expect(await hashIn(store)).toEqual({})
  expect([...store.records.keys()]).toEqual(['m:acme:minute:60000#1', 'state'])
})

test('what is to expire later stays', async () => {
  const store = new MemoryStore()
  store.apply({ ...nothing, puts: [{ key: `${hash}#1`, bytes: bytes('one') }] })
  store.apply({ ...nothing, expiries: [{ key: hash, expiresInMs: 1 }] })
  expect(await hashIn(store)).toEqual({ 1: 'one' })
})
