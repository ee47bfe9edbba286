import type { Problem, ProblemCode } from '@deskpulse/contract'
import { DeskpulseError, type EventLog, type StreamErrorCode } from '@deskpulse/stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { message, type Rig, rig, topics } from '../testing/rig.ts'

const url = '/v1/tenants/acme/events'
const rigs: Rig[] = []

async function world(...options: Parameters<typeof rig>): Promise<Rig> {
  const made = await rig(...options)
  rigs.push(made)
  return made
}

afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

function post(
  at: Rig,
  payload: string | Buffer,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
) {
  return at.http.inject({ method: 'POST', url, payload, headers })
}

test('an accepted event is in the log when the answer comes, with its customer behind a pseudonym', async () => {
  const at = await world()
  const data = { contactId: 'c-17', customerId: 'u-9', from: 'customer', comment: 'left out' }
  const response = await post(
    at,
    JSON.stringify(message({ data, sequence: '0004711', time: '2026-03-02T02:00:27.017+01:00' })),
  )
  expect(response.statusCode).toBe(202)
  expect(response.json()).toEqual({ accepted: 1, refused: 0, refusals: [] })
  const [event] = await at.events()
  expect(event).toMatchObject({
    tenant: 'acme',
    sequence: '4711',
    timeMs: Date.parse('2026-03-02T01:00:27.017Z'),
  })
  expect(event!.data.customerId).toMatch(/^[\w-]{22}$/)
  expect(event!.data).not.toHaveProperty('comment')
})

describe('a request that says that its customers are pseudonyms', () => {
  const headers = { 'content-type': 'application/json', 'deskpulse-customers': 'pseudonyms' }
  const pseudonym = 'AAAAAAAAAAAAAAAAAAAA-_'
  const from = (customerId: string) =>
    JSON.stringify(message({ data: { contactId: 'c-17', customerId, from: 'customer' } }))

  test('keeps them; without the word they are hidden again', async () => {
    const at = await world()
    await post(at, from(pseudonym), headers)
    await post(at, from(pseudonym))
    const [kept, hidden] = (await at.events()).map(({ data }) => data.customerId)
    expect(kept).toBe(pseudonym)
    expect(hidden).toMatch(/^[\w-]{22}$/)
    expect(hidden).not.toBe(pseudonym)
  })

  test('does not get a customer past it that is none', async () => {
    const at = await world()
    await post(at, from('Mario Rossi'), headers)
    expect((await at.events())[0]!.data.customerId).toMatch(/^[\w-]{22}$/)
  })
})

test('keys that could reach a prototype are left out like any unknown attribute', async () => {
  const at = await world()
  const text = JSON.stringify(message()).replace(
    '"contactId"',
    '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"contactId"',
  )
  expect((await post(at, text)).json()).toMatchObject({ accepted: 1 })
  expect((await at.events())[0]!.data).toEqual({ contactId: 'c-17', agentId: 'a-3', from: 'agent' })
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

describe('what is no request for events', () => {
  test.each([
    { rule: 'an empty body', payload: '', status: 400, code: 'no-events' },
    { rule: 'an empty array', payload: ' [ ] ', status: 400, code: 'no-events' },
    {
      rule: 'a blank stream',
      payload: '\n\n',
      type: 'application/x-ndjson',
      status: 400,
      code: 'no-events',
    },
    { rule: 'an array that does not close', payload: '[{}', status: 400, code: 'not-json' },
    {
      rule: 'another media type',
      payload: 'a=b',
      type: 'application/x-www-form-urlencoded',
      status: 415,
      code: 'unsupported-media-type',
    },
    {
      rule: 'an array of 1,001',
      payload: JSON.stringify(Array(1_001).fill(message())),
      status: 413,
      code: 'too-many-events',
    },
    { rule: 'a body over the limit', payload: 'x'.repeat(70_000), status: 413, code: 'too-large' },
  ])('$rule is $status $code', async ({ payload, status, code, type = 'application/json' }) => {
    const at = await world({
      settings: {
        bodyBytesMax: code === 'too-large' ? 65_536 : 1_048_576,
        inFlightBytesMax: 1_048_576,
      },
    })
    const response = await post(at, payload, { 'content-type': type })
    expect(response.json()).toMatchObject({ status, code, type: `urn:deskpulse:problem:${code}` })
    expect(response.statusCode).toBe(status)
  })

  test('what is read, and what to do about a body that is too large, is said', async () => {
    const at = await world({ settings: { bodyBytesMax: 65_536, inFlightBytesMax: 1_048_576 } })
    expect(
      (await post(at, 'a=b', { 'content-type': 'text/css' })).json<Problem>().detail,
    ).toContain('application/x-ndjson')
    expect((await post(at, 'x'.repeat(70_000))).json<Problem>().detail).toContain(
      'send smaller arrays, or NDJSON',
    )
  })

  test('a compressed body is 415', async () => {
    const response = await post(await world(), 'x', {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    })
    expect(response.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' })
  })
})

describe('the status tells what became of the events', () => {
  const good = message()
  const opend = message({ id: 'm-2', type: 'deskpulse.contact.opend.v1' })
  const robot = message({ id: 'm-3', data: { contactId: 'c', from: 'robot' } })
  const refused = 'of which nothing is accepted'

  test.each([
    { rule: 'one event that is accepted', events: [good], status: 202 },
    { rule: 'an array of which some are accepted', events: [good, opend, robot], status: 202 },
    { rule: `one event ${refused}`, events: [opend], status: 422 },
    { rule: `an array ${refused}`, events: [opend, robot], status: 422 },
    { rule: `an array ${refused}, a part of which is no event`, events: [robot, 7], status: 422 },
    { rule: 'an array of which nothing is an event', events: [7, 'text'], status: 400 },
  ])('$rule is $status, as an array and as NDJSON', async ({ events, status }) => {
    const at = await world()
    const accepted = events.filter((event) => event === good).length
    const stream = events.map((event) => JSON.stringify(event)).join('\n')
    for (const [body, type] of [
      [JSON.stringify(events), 'application/json'],
      [stream, 'application/x-ndjson'],
    ] as const) {
      const response = await post(at, body, { 'content-type': type })
      expect(response.statusCode).toBe(status)
      if (status === 400) expect(response.json()).toMatchObject({ code: 'not-an-event' })
      else expect(response.json()).toMatchObject({ accepted, refused: events.length - accepted })
    }
  })

  test('a refusal has the refused word and the nearest known one, in the answer and on the dead letter', async () => {
    const at = await world()
    const response = await post(at, JSON.stringify([opend, robot]))
    expect(response.json()).toMatchObject({
      refusals: [
        {
          index: 0,
          id: 'm-2',
          code: 'unknown-type',
          got: 'deskpulse.contact.opend.v1',
          nearest: 'deskpulse.contact.opened.v1',
        },
        {
          index: 1,
          id: 'm-3',
          code: 'bad-schema',
          path: '/data/from',
          got: 'robot',
          nearest: 'bot',
        },
      ],
    })
    const reasons = (await at.deadLetters()).map(({ reason }) => reason)
    expect(reasons).toEqual([
      'expected a type of docs/events.md, got deskpulse.contact.opend.v1; nearest deskpulse.contact.opened.v1',
      'expected customer | agent | bot | system, got robot; nearest bot',
    ])
  })
})

test('a tenant that the configuration does not name is 404 unless tenants are open', async () => {
  const event = JSON.stringify(message())
  const closed = await post(await world({ tenants: { other: {} } }), event)
  expect(closed.json()).toMatchObject({ status: 404, code: 'unknown-tenant' })
  expect((await post(await world({ tenants: {}, openTenants: true }), event)).statusCode).toBe(202)
})

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
  '%s is 405 and says that POST is allowed',
  async (method) => {
    const response = await (await world()).http.inject({ method, url })
    expect([response.statusCode, response.headers['allow']]).toEqual([405, 'POST'])
    if (method !== 'HEAD')
      expect(response.json()).toMatchObject({ status: 405, code: 'method-not-allowed' })
  },
)

test.each<{ thrown: StreamErrorCode; status: number; code: ProblemCode }>([
  { thrown: 'LOG_UNAVAILABLE', status: 503, code: 'log-unavailable' },
  { thrown: 'LOG_FULL', status: 503, code: 'log-full' },
  { thrown: 'LOG_BUSY', status: 429, code: 'overloaded' },
])('$thrown is answered $status with Retry-After, never 202', async ({ thrown, status, code }) => {
  const append = async (topic: string): Promise<void> => {
    if (topic === topics.log) throw new DeskpulseError(thrown, 'on purpose')
  }
  const at = await world({ wrap: (log) => ({ ...log, append }) })
  for (const type of ['application/json', 'application/x-ndjson']) {
    const response = await post(at, JSON.stringify(message()), { 'content-type': type })
    expect(response.json()).toMatchObject({ status, code })
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  }
})

test('a refusal is counted for the tenant that it was sent to, and the source that it names', async () => {
  const at = await world()
  await post(
    at,
    JSON.stringify([
      message({ type: 'no.type' }),
      message({ source: 7 }),
      message({ tenant: 'other' }),
      7,
    ]),
  )
  expect(at.refused).toEqual([
    { tenant: 'acme', source: '/chat/acme', code: 'unknown-type' },
    { tenant: 'acme', source: undefined, code: 'bad-schema' },
    { tenant: 'acme', source: '/chat/acme', code: 'wrong-tenant' },
    { tenant: 'acme', source: undefined, code: 'not-an-event' },
  ])
})

describe('requests that are too much at once', () => {
  const settings = { bodyBytesMax: 1_048_576, inFlightBytesMax: 1_048_576 }
  const body = JSON.stringify(
    Array.from({ length: 20 }, (_, n) => message({ id: `m-${n}`, extra: 'x'.repeat(35_000) })),
  )

  test('are answered 429 until the others are over', async () => {
    const gate = Promise.withResolvers<void>()
    const wrap = (log: EventLog): EventLog => ({
      ...log,
      append: (...records) => gate.promise.then(() => log.append(...records)),
    })
    const at = await world({ settings, wrap })
    await at.http.listen({ host: '127.0.0.1', port: 0 })
    const send = () =>
      fetch(`${at.http.listeningOrigin}${url}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
    const both = [send(), send()]
    expect((await Promise.race(both)).status).toBe(429)
    gate.resolve()
    const statuses = (await Promise.all(both)).map((response) => response.status)
    expect(new Set(statuses)).toEqual(new Set([202, 429]))
    await vi.waitFor(async () => expect((await send()).status).toBe(202))
  })
})

test('a stream that its client keeps open does not keep the server from closing', async () => {
  const at = await world()
  await at.http.listen({ host: '127.0.0.1', port: 0 })
  const open = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(`${JSON.stringify(message())}\n`)),
  })
  const headers = { 'content-type': 'application/x-ndjson' }
  const answer = fetch(`${at.http.listeningOrigin}${url}`, {
    method: 'POST',
    body: open,
    headers,
    duplex: 'half',
  }).catch(() => 'cut off')
  await vi.waitFor(async () => expect(await at.events()).toHaveLength(1))
  await at.http.close()
  expect(await answer).toBe('cut off')
})

test('once it is stopping, new events are turned away', async () => {
  const at = await world()
  await at.ingest.stop()
  expect((await post(at, JSON.stringify(message()))).json()).toMatchObject({
    status: 503,
    code: 'stopping',
  })
})

test('the OpenAPI document is of events, imports, appeals and erasures alone', async () => {
  const { paths } = (await (await world()).http.inject('/openapi.json')).json<{
    readonly paths: object
  }>()
  expect(Object.keys(paths)).toEqual([
    '/livez',
    '/readyz',
    '/metrics',
    '/v1/tenants/{tenant}/events',
    '/v1/tenants/{tenant}/imports',
    '/v1/tenants/{tenant}/imports/{kind}/template',
    '/v1/tenants/{tenant}/imports/{kind}',
    '/v1/tenants/{tenant}/appeals',
    '/v1/tenants/{tenant}/appeals/{appeal}/decision',
    '/v1/tenants/{tenant}/erasures',
  ])
})
