import { encodeAccessRecord } from '@deskpulse/contract'
import { type PartitionId, topicNames } from '@deskpulse/stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { keyStore } from '../keys/key-store.ts'
import { accessLog } from '../testing/access-log.ts'
import { type Erasures, erasures, readErasures } from './erasures.ts'

const topic = topicNames().access
const timer = { after: (_ms: number, act: () => void) => (void acts.push(act), () => {}) }
const acts: (() => void)[] = []

async function processes(count: number) {
  const log = await accessLog()
  const all: Erasures[] = []
  for (let n = 0; n < count; n += 1) {
    const erased = erasures({ put: (record) => keys.put(record), nowMs: () => 1_000 })
    const keys = keyStore({ log, topic, timer, onErasure: erased.take, onFailure: () => {} })
    await keys.open()
    onTestFinished(() => keys.stop())
    all.push(erased)
  }
  return { log, all }
}

test('a customer who is erased has a word in every process, and after a restart', async () => {
  const { log, all } = await processes(2)
  const [here, there] = all as [Erasures, Erasures]
  const before = here.revision()
  const word = await here.erase('acme', 'p-1')
  expect(word).toMatch(/^erased-[0-9a-f]{16}$/)
  expect(here.shownAs('acme', 'p-1')).toBe(word)
  expect(here.pseudonymOf('acme', word)).toBe('p-1')
  expect(here.revision()).toBeGreaterThan(before)
  for (const act of acts.splice(0)) act()
  await vi.waitFor(() => expect(there.shownAs('acme', 'p-1')).toBe(word))
  expect((await readErasures(log, topic)).shownAs('acme', 'p-1')).toBe(word)
})

test('again changes nothing, and each customer and tenant has another word', async () => {
  const { all } = await processes(1)
  const [here] = all as [Erasures]
  const word = await here.erase('acme', 'p-1')
  const revision = here.revision()
  expect(await here.erase('acme', 'p-1')).toBe(word)
  expect(here.revision()).toBe(revision)
  const others = [await here.erase('acme', 'p-2'), await here.erase('globex', 'p-1')]
  expect(new Set([word, ...others]).size).toBe(3)
  expect([here.count('acme'), here.count('globex'), here.count('initech')]).toEqual([2, 1, 0])
  expect(here.shownAs('initech', 'p-1')).toBeUndefined()
})

test('a tenant has at most so many; who is erased already stays so, and other tenants have their own', async () => {
  const erased = erasures({
    put: async (record) => erased.take(record),
    ...{ nowMs: () => 1_000, pseudonymsMax: 2 },
  })
  const word = await erased.erase('acme', 'p-1')
  await erased.erase('acme', 'p-2')
  const limit = { problem: { status: 409, code: 'limit-reached' } }
  await expect(erased.erase('acme', 'p-3')).rejects.toMatchObject(limit)
  expect(erased.shownAs('acme', 'p-3')).toBeUndefined()
  expect([await erased.erase('acme', 'p-1'), erased.count('acme')]).toEqual([word, 2])
  await erased.erase('globex', 'p-3')
  expect(erased.count('globex')).toBe(1)
})

test('two processes that erase at once end with the same word', async () => {
  const { log, all } = await processes(2)
  const [one, other] = await Promise.all(all.map((erased) => erased.erase('acme', 'p-1')))
  const kept = (await readErasures(log, topic)).shownAs('acme', 'p-1')
  expect([one, other]).toContain(kept)
})

test('a log without the topic has none', async () => {
  const { log } = await processes(0)
  expect((await readErasures(log, 'another.access')).shownAs('acme', 'p-1')).toBeUndefined()
})

test('what stands there in the key of a record names tenant and pseudonym, and what else is there is passed over', async () => {
  const { log } = await processes(0)
  const record = {
    kind: 'erasure',
    tenant: 'acme',
    pseudonym: 'p/1',
    shownAs: 'x',
    atMs: 1,
  } as const
  expect(encodeAccessRecord(record).key).toBe('erasure/acme/p/1')
  const others = [null, Buffer.from('no JSON'), Buffer.from('{"kind":"of tomorrow"}')]
  await log.append(
    topic,
    0 as PartitionId,
    others.map((value) => ({ key: 'x', value })),
  )
  await log.append(topic, 0 as PartitionId, [encodeAccessRecord(record)])
  expect((await readErasures(log, topic)).shownAs('acme', 'p/1')).toBe('x')
})
