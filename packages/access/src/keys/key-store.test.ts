import { topicNames, type Timer } from '@deskpulse/stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { accessLog } from '../testing/access-log.ts'
import { type KeyStore, keyStore } from './key-store.ts'
import { createKey, revokeKey } from './keys.ts'

const topic = topicNames().access
const asked = { name: 'reporting', tenant: 'acme', scopes: ['read'] as const }
const doing = { by: 'Li', atMs: 1_000 }

/** Time that passes when it is told to. */
function handTimer(): Timer & { pass(): void } {
  const acts = new Set<() => void>()
  return {
    after(_ms, act) {
      acts.add(act)
      return () => acts.delete(act)
    },
    pass() {
      const due = [...acts]
      acts.clear()
      for (const act of due) act()
    },
  }
}

async function processes(failing = { now: false }, clock = { ms: 0 }) {
  const log = await accessLog()
  const timer = handTimer()
  const failed: unknown[] = []
  const stores: KeyStore[] = []
  for (let n = 0; n < 2; n += 1) {
    const read: typeof log.read = (...of) =>
      failing.now ? Promise.reject(new Error('on purpose')) : log.read(...of)
    const store = keyStore({
      ...{ log: { append: log.append, read }, topic, timer, nowMs: () => clock.ms },
      onFailure: (error) => failed.push(error),
    })
    await store.open()
    onTestFinished(() => store.stop())
    stores.push(store)
  }
  const [here, there] = stores as [KeyStore, KeyStore]
  const again = async (): Promise<KeyStore> => {
    const store = keyStore({ log, topic, timer, onFailure: (error) => failed.push(error) })
    await store.open()
    onTestFinished(() => store.stop())
    return store
  }
  return { here, there, again, timer, failed }
}

test('a key is known where it was made at once, elsewhere at the next look, and after a restart', async () => {
  const { here, there, again, timer } = await processes()
  const { record } = await createKey(here, { ...asked, scopes: ['read'] }, doing)
  expect(here.find(record.id)).toEqual(record)
  expect(there.find(record.id)).toBeUndefined()
  timer.pass()
  await vi.waitFor(() => expect(there.find(record.id)).toEqual(record))
  expect((await again()).list()).toEqual([record])
})

test('a key that is revoked is so everywhere, for good, by whoever was first', async () => {
  const { here, there, again, timer } = await processes()
  const { record } = await createKey(here, { ...asked, scopes: ['read'] }, doing)
  timer.pass()
  await vi.waitFor(() => expect(there.find(record.id)).toBeDefined())
  await revokeKey(there, record, { by: 'Wang', atMs: 2_000 })
  timer.pass()
  await vi.waitFor(() => expect(here.find(record.id)?.revokedBy).toBe('Wang'))
  await revokeKey(here, here.find(record.id)!, { by: 'Li', atMs: 3_000 })
  expect((await again()).find(record.id)).toMatchObject({ revokedBy: 'Wang', revokedAtMs: 2_000 })
})

test('when a key was last used is told to others, every quarter of an hour at most', async () => {
  const { here, again } = await processes()
  const { record } = await createKey(here, { ...asked, scopes: ['read'] }, doing)
  const told = async (): Promise<number | null> => (await again()).lastUsedMs(record.id)
  here.used(record.id, 5_000)
  here.used(record.id, 6_000)
  expect(here.lastUsedMs(record.id)).toBe(6_000)
  await vi.waitFor(async () => expect(await told()).toBe(5_000))
  here.used(record.id, 5_000 + 15 * 60_000)
  await vi.waitFor(async () => expect(await told()).toBe(5_000 + 15 * 60_000))
})

test('keys stay as they were while the log is away; that is said, and after a while the process is not ready', async () => {
  const failing = { now: false }
  const clock = { ms: 0 }
  const { here, timer, failed } = await processes(failing, clock)
  const { record } = await createKey(here, { ...asked, scopes: ['read'] }, doing)
  failing.now = true
  timer.pass()
  await vi.waitFor(() => expect(failed).toHaveLength(2))
  clock.ms = 30_000
  expect(() => here.check()).not.toThrow()
  clock.ms = 30_001
  expect(here.find(record.id)).toEqual(record)
  expect(() => here.check()).toThrow('keys that were revoked may be valid still')
  failing.now = false
  timer.pass()
  await vi.waitFor(() => expect(() => here.check()).not.toThrow())
})
