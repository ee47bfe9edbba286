import { measures } from '@deskpulse/core/kpis'
import { partText } from '@deskpulse/core/measures'
import { expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const queues = Array.from({ length: 180 }, (_, n) => partText('queue', `q${n}`))
/** Each is another question of more than ten thousand records. */
const dear = (n: number): string =>
  `/v1/tenants/acme/kpis/live?window=60m&kpis=contacts_opened&slice=queue%3D*&slice=${encodeURIComponent(queues[n]!)}`

/** A store whose great reads wait until they are let go. */
async function withHeldReads(): Promise<
  Api & { readonly letGo: () => void; readonly held: () => number }
> {
  const gate = Promise.withResolvers<void>()
  let held = 0
  const api = await openApi({
    wrap: (store) => ({
      ...store,
      async read(partition, query) {
        if (query.keys.length > 1_000) {
          held += 1
          await gate.promise
        }
        return store.read(partition, query)
      },
    }),
  })
  api.floor.count(measures.contactOpened, ['all', ...queues])
  await api.floor.commit()
  return { ...api, letGo: () => gate.resolve(), held: () => held }
}

test('expensive questions wait for each other, and past a limit they are 503 with Retry-After', async () => {
  const { get, letGo } = await withHeldReads()
  const asked = Array.from({ length: 80 }, (_, n) => get(dear(n)))
  const refused = await Promise.race(asked)
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([503, 'busy'])
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  letGo()
  const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode)
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(64)
})

test('a cheap question passes by expensive ones', async () => {
  const { get, letGo, held } = await withHeldReads()
  const asked = Array.from({ length: 20 }, (_, n) => get(dear(n)))
  await expect.poll(held).toBeGreaterThan(0)
  const cheap = get('/v1/tenants/acme/waiting') // It waits for the one read that is under way, and for no other.
  letGo()
  const first = await Promise.race([...asked, cheap])
  expect(first.json<object>()).toHaveProperty('count')
  await Promise.all(asked)
})
