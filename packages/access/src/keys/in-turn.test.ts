import { type KeyRecord, keyText, newKey } from '@deskpulse/contract'
import type { Refused } from '@deskpulse/runtime'
import { expect, test } from 'vitest'
import { keyAuthenticator } from './authenticator.ts'
import { createKey } from './keys.ts'

const noSessions = { tokenOf: () => undefined, recognise: () => null, verify: async () => null }

async function world(count: number) {
  const records = new Map<string, KeyRecord>()
  const keys = {
    find: (id: string) => records.get(id),
    used: () => {},
    put: async (record: KeyRecord) => void records.set(record.id, record),
  }
  const asked = { name: 'Hall', tenant: 'acme', scopes: ['board' as const] }
  const made = await Promise.all(
    Array.from({ length: count }, () => createKey(keys, asked, { by: 'Li', atMs: 0 })),
  )
  const authenticator = keyAuthenticator({
    ...{ keys, sessions: noSessions, bearers: null, nowMs: () => 1, ownKey: 'own' },
  })
  return { authenticator, records, made }
}

test('every screen that opens its link at once is let in', async () => {
  const { authenticator, made } = await world(12)
  const found = await Promise.all(made.map(({ text }) => authenticator.ofKey(text)))
  expect(found).toEqual(made.map(({ record: { id } }) => expect.objectContaining({ id })))
})

test('a key that is revoked while it waits for its turn is refused', async () => {
  const { authenticator, made, records } = await world(6)
  const asked = made.map(({ text }) => authenticator.ofKey(text))
  const { record } = made.at(-1)!
  records.set(record.id, { ...record, revokedAtMs: 1, revokedBy: 'Li' })
  expect((await Promise.all(asked)).at(-1)).toBe('the key was revoked')
})

test('a flood of wrong secrets is cut, and those who come after it are let in', async () => {
  const { authenticator, made, records } = await world(1)
  const { record, text } = made[0]!
  records.set(record.id, { ...record, secret: { ...record.secret, cost: 2 } }) // A quick one.
  const wrong = keyText({ ...newKey('acme'), id: record.id })
  const codeOf = (error: unknown): unknown => (error as Refused).problem.code
  const flood = await Promise.all(
    Array.from({ length: 120 }, () => authenticator.ofKey(wrong).catch(codeOf)),
  )
  expect(new Set(flood)).toEqual(new Set(['there is no such key', 'busy']))
  records.set(record.id, record)
  expect(await authenticator.ofKey(text)).toMatchObject({ id: record.id })
})
