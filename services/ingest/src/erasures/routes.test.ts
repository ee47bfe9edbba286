import {
  type ErasureResponse,
  erasureSchema,
  letterGroupRecord,
  originalOf,
  type Problem,
} from '@deskpulse/contract'
import { dayMs } from '@deskpulse/core/time'
import type { Offset, PartitionId, RewritableTopic } from '@deskpulse/stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pseudonymsOf } from '../intake/pseudonym.ts'
import { message, nowMs, type Rig, rig, type RigOptions, topics } from '../testing/rig.ts'

async function world(options: RigOptions = {}): Promise<Rig> {
  const made = await rig({ tenants: { acme: {}, globex: {} }, ...options })
  onTestFinished(() => made.close())
  return made
}

const post = (at: Rig, path: string, payload: unknown) =>
  at.http.inject({
    ...{ method: 'POST', url: `/v1/tenants/acme/${path}` },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers: { 'content-type': 'application/json' },
  })

async function erase(at: Rig, customerId: string, query = ''): Promise<ErasureResponse> {
  const response = await post(at, `erasures${query}`, { customerId })
  expect(response.statusCode, response.body).toBe(200)
  return erasureSchema.parse(response.json())
}

/** Refused for its type. */
const refusedOf = (customerId: unknown, tenant = 'acme') =>
  message({ tenant, type: 'deskpulse.nothing.v1', data: { customerId } })
const refuse = async (at: Rig, ...events: readonly unknown[]): Promise<void> => {
  expect((await post(at, 'events', events)).json()).toMatchObject({ refused: events.length })
}
const textsOf = async (at: Rig): Promise<string> =>
  (await at.deadLetters()).map(({ original }) => Buffer.from(original.bytes).toString()).join('\n')

const rigKeys = { key: 'a key of the tenant', previous: [] }
const [pseudonym] = pseudonymsOf(() => rigKeys, 'acme', 'u-1') as [string]

test('a customer is erased under the pseudonym that the log has', async () => {
  const at = await world()
  const data = { contactId: 'c-1', channel: 'chat', customerId: 'u-1' }
  await post(at, 'events', message({ type: 'deskpulse.contact.opened.v1', data }))
  expect((await at.events()).map((event) => event.data.customerId)).toEqual([pseudonym])
  const answer = await erase(at, 'u-1')
  expect(answer).toEqual({
    ...{ dryRun: false, shownAs: [at.erased.shownAs('acme', pseudonym)] },
    ...{ deadLetters: 0, unreadable: 0, raw: null },
  })
  expect(answer.shownAs[0]).toMatch(/^erased-[0-9a-f]{16}$/)
  expect(await erase(at, 'u-1')).toEqual(answer)
  expect(at.erased.shownAs('globex', pseudonym)).toBeUndefined()
})

test('where sources send pseudonyms, it is what they send', async () => {
  const at = await world({ keysOf: () => null })
  const { shownAs } = await erase(at, 'u-1')
  expect(shownAs).toEqual([at.erased.shownAs('acme', 'u-1')])
})

test('after a change of the key, a customer is erased under each pseudonym that there is', async () => {
  const keys = { key: 'a newer key', previous: [{ key: 'a key of the tenant', untilMs: nowMs }] }
  const at = await world({ keysOf: () => keys })
  const pseudonyms = pseudonymsOf(() => keys, 'acme', 'u-1')
  expect(pseudonyms).toEqual([pseudonym, expect.any(String)])
  await refuse(at, ...pseudonyms.map((one) => refusedOf(one)))
  const { shownAs, deadLetters } = await erase(at, 'u-1')
  expect(deadLetters).toBe(2)
  expect(new Set(shownAs).size).toBe(2)
  expect(shownAs).toEqual(pseudonyms.map((one) => at.erased.shownAs('acme', one)))
})

test('dead letters that name the customer are removed, and no others', async () => {
  const at = await world()
  await refuse(at, refusedOf('u-1'), refusedOf('u-10'), refusedOf(pseudonym), refusedOf('u-2'))
  await refuse(at, { ...refusedOf('u-3'), note: 'u-1 called' })
  expect((await erase(at, 'u-1')).deadLetters).toBe(3)
  const left = await textsOf(at)
  expect(left).not.toMatch(new RegExp(`u-1\\b|${pseudonym}`))
  expect(left).toMatch(/"u-10"[^]*"u-2"/)
})

test('a dry run counts, and changes nothing', async () => {
  const at = await world()
  await refuse(at, refusedOf('u-1'))
  const dry = { dryRun: true, shownAs: [], deadLetters: 1, unreadable: 0, raw: null }
  expect(await erase(at, 'u-1', '?dryRun=true')).toEqual(dry)
  expect(await at.deadLetters()).toHaveLength(1)
  expect(at.erased.shownAs('acme', pseudonym)).toBeUndefined()
  expect(at.audited).toEqual([])
  const { shownAs } = await erase(at, 'u-1')
  expect(await erase(at, 'u-1', '?dryRun=true')).toMatchObject({ shownAs, deadLetters: 0 })
})

test('letters of other tenants stay', async () => {
  const at = await world()
  await post(at, 'events', refusedOf('u-1', 'acme'))
  const append = (tenant: string | null) =>
    at.http.inject({
      ...{
        method: 'POST',
        url: `/v1/tenants/${tenant}/events`,
        payload: refusedOf('u-1', tenant!),
      },
    })
  await append('globex')
  expect((await erase(at, 'u-1')).deadLetters).toBe(1)
  expect((await at.deadLetters()).map(({ tenant }) => tenant)).toEqual(['globex'])
})

test.each([
  { who: 'the installation', tenants: 'all' as const, letters: 3 },
  { who: 'the tenant', tenants: new Set(['acme']), letters: 1 },
])(
  'letters of no tenant, or of one that there is not, go with an admin of $who: $letters',
  async ({ tenants, letters }) => {
    const principal = { id: 'k', name: 'Li', tenants, scopes: new Set(['admin' as const]) }
    const at = await world({ principal })
    const text = Buffer.from('{"customerId":"u-1", ')
    const about = { code: 'not-json', path: '', reason: '', source: null, place: null }
    const group = [null, 'acme', 'none-such', 'globex'].map((tenant) => ({
      ...{ ...about, tenant, original: originalOf(text), firstMs: 1, lastMs: 1, times: 1 },
    }))
    await at.log.append(topics.deadLetter, 0 as PartitionId, [letterGroupRecord(group)])
    expect((await erase(at, 'u-1')).deadLetters).toBe(letters)
    expect(await at.deadLetters()).toHaveLength(4 - letters)
  },
)

test('records that another version wrote stay, and are counted', async () => {
  const at = await world()
  const record = { key: null, value: Buffer.from('u-1'), headers: { format: 'letters/9' } }
  await at.log.append(topics.deadLetter, 0 as PartitionId, [record])
  await refuse(at, refusedOf('u-1'))
  expect(await erase(at, 'u-1')).toMatchObject({ deadLetters: 1, unreadable: 1 })
  expect(await at.log.read(topics.deadLetter, 0 as PartitionId, 0 as Offset, 9)).toHaveLength(1)
})

test('the audit has the word, and neither the id nor the pseudonym', async () => {
  const at = await world()
  await refuse(at, refusedOf('u-1'))
  const { dryRun: _no, ...after } = await erase(at, 'u-1')
  expect(at.audited).toMatchObject([
    { action: 'customer.erase', object: after.shownAs[0], tenant: 'acme', before: null, after },
  ])
  expect(JSON.stringify(at.audited)).not.toMatch(new RegExp(`u-1|${pseudonym}`))
})

test('it is said until when the raw topic may have the customer', async () => {
  const at = await world({ rawKeptMs: 7 * dayMs })
  const until = new Date(nowMs + 7 * dayMs).toISOString()
  expect((await erase(at, 'u-1')).raw).toEqual({ until })
})

describe('what is no customer', () => {
  test.each([
    '{"customerId":""}',
    '{"customerId":4711}',
    '{"customerId":"secret\\u0000"}',
    '{"customerId":"u-1","secret":1}',
    '{"customer":"secret"}',
    '["secret"]',
    'secret',
    '',
  ])('is refused, and not repeated: %s', async (payload) => {
    const at = await world()
    const response = await post(at, 'erasures', payload)
    expect(response.statusCode).toBe(400)
    expect(response.body).not.toMatch(/secret|4711/)
    expect(at.audited).toEqual([])
  })

  test('of an unknown tenant, or once it is stopping, nobody is erased', async () => {
    const at = await world()
    const url = '/v1/tenants/nobody/erasures'
    const payload = { customerId: 'u-1' }
    const foreign = await at.http.inject({ method: 'POST', url, payload })
    expect(foreign.json<Problem>().code).toBe('unknown-tenant')
    await at.ingest.stop()
    expect((await post(at, 'erasures', payload)).json<Problem>().code).toBe('stopping')
    expect([at.erased.count('acme'), at.erased.count('nobody')]).toEqual([0, 0])
  })
})

test('of a customer with two pseudonyms of whom one can be erased, the audit has that one', async () => {
  const keys = { key: 'a newer key', previous: [{ key: 'a key of the tenant', untilMs: nowMs }] }
  const at = await world({ keysOf: () => keys, erasedMax: 1 })
  const response = await post(at, 'erasures', { customerId: 'u-1' })
  expect(response.json<Problem>()).toMatchObject({ status: 409, code: 'limit-reached' })
  const [one, other] = pseudonymsOf(() => keys, 'acme', 'u-1').map((pseudonym) =>
    at.erased.shownAs('acme', pseudonym),
  )
  expect([one, other]).toEqual([expect.any(String), undefined])
  expect(at.audited).toMatchObject([{ object: one, after: { shownAs: [one] } }])
  const second = await post(at, 'erasures', { customerId: 'u-2' })
  expect(second.json<Problem>()).toMatchObject({ status: 409, code: 'limit-reached' })
  expect(at.audited).toHaveLength(1)
})

describe('dead letters that somebody writes again while they are removed', () => {
  /** Before the rewriting ends, another one writes what it has read before. */
  const writtenAgain =
    (times: number) =>
    (topic: RewritableTopic): RewritableTopic => ({
      ...topic,
      async rewrite(decide) {
        const [stale] = await topic.read(0 as never, 1)
        await topic.rewrite(decide)
        if (times-- > 0) await topic.append([stale!])
      },
    })

  test('are removed again', async () => {
    const at = await world({ wrapLetters: writtenAgain(2) })
    await refuse(at, refusedOf('u-1'))
    expect((await erase(at, 'u-1')).deadLetters).toBe(1)
    expect(await at.deadLetters()).toEqual([])
  })

  test('and again and again are said to be there still, and the audit has the word', async () => {
    const at = await world({ wrapLetters: writtenAgain(Infinity) })
    await refuse(at, refusedOf('u-1'))
    const response = await post(at, 'erasures', { customerId: 'u-1' })
    expect(response.json<Problem>()).toMatchObject({ status: 503, code: 'log-unavailable' })
    const shownAs = [at.erased.shownAs('acme', pseudonym)]
    expect(shownAs).toEqual([expect.any(String)])
    expect(at.audited).toMatchObject([{ object: shownAs[0], before: null, after: { shownAs } }])
  })
})

test('two at once are done one after the other', async () => {
  let underWay = 0
  const at = await world({
    wrapLetters: (topic) => ({
      ...topic,
      async rewrite(decide) {
        expect((underWay += 1)).toBe(1)
        await topic.rewrite(decide)
        underWay -= 1
      },
    }),
  })
  await refuse(at, refusedOf('u-1'), refusedOf('u-2'))
  await Promise.all(['u-1', 'u-2'].map((customer) => erase(at, customer)))
  expect(await at.deadLetters()).toEqual([])
})

test('eight wait for the one that is under way, a further one is refused, and later ones are taken again', async () => {
  const opened = Promise.withResolvers<void>()
  const at = await world({
    wrapLetters: (topic) => ({
      ...topic,
      read: (from, limit) => opened.promise.then(() => topic.read(from, limit)),
    }),
  })
  onTestFinished(() => opened.resolve())
  const ask = async (n: number) => post(at, 'erasures', { customerId: `u-${n}` })
  const taken = Array.from({ length: 9 }, (_, n) => ask(n))
  const refused = await ask(10)
  expect(refused.json<Problem>()).toMatchObject({ status: 503, code: 'busy' })
  expect(refused.headers['retry-after']).toBeDefined()
  opened.resolve()
  expect((await Promise.all(taken)).map(({ statusCode }) => statusCode)).toEqual(Array(9).fill(200))
  expect((await ask(10)).statusCode).toBe(200)
  expect(at.erased.count('acme')).toBe(10)
})
