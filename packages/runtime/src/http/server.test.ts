import { once } from 'node:events'
import { METHODS, request as httpRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Problem } from '@deskpulse/contract'
import type { FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { createHealth } from '../health/health.ts'
import { createLogger } from '../logging/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { localSite, testServer } from '../testing/index.ts'
import { json, type Operation, type ZodTypes } from './route-schema.ts'
import { openGuard } from './access/guard.ts'
import { toAnyone } from './access/route-access.ts'
import { httpServer } from './server.ts'

const operation = {
  id: 'putThing',
  tag: { name: 'things', description: 'Things.' },
  summary: 'A thing',
  access: toAnyone,
  changes: null,
  answers: { 200: json(z.object({ name: z.string(), size: z.int() }), 'It') },
  problems: ['bad-request', 'not-json', 'too-large', 'unsupported-media-type'],
} as const satisfies Operation
const params = z.strictObject({ name: z.string().regex(/^[a-z]{1,300}$/, { error: 'a name' }) })
const body = z.strictObject({ colour: z.enum(['red', 'blue']), size: z.int() })
const text = 'a thing, '.repeat(1_000)

async function serverOf(add: (app: FastifyInstance) => void = () => {}): Promise<FastifyInstance> {
  const app = await testServer()
  onTestFinished(() => app.close())
  await app.register(async (routes) => {
    routes
      .withTypeProvider<ZodTypes>()
      .put(
        '/things/:name',
        { schema: { params, body, operation } },
        ({ params: { name }, body: { size } }) => ({ name, size }),
      )
    add(routes)
  })
  return app
}

/** A server on a port, with what it logs from warnings on. */
async function listening(): Promise<{ readonly port: number; readonly app: FastifyInstance }> {
  const app = await serverOf()
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port }
}

async function ask(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }).end()
  const [response] = (await once(request, 'response')) as [
    Readable & { statusCode: number; headers: Record<string, string | undefined> },
  ]
  const text = (await response.toArray()).map(String).join('')
  return {
    status: response.statusCode,
    headers: response.headers,
    problem: text === '' ? null : (JSON.parse(text) as Problem),
  }
}

/** What comes back for bytes that may be no HTTP. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {}) // The server may hang up before everything is written.
  socket.write(bytes)
  return (await socket.toArray()).map(String).join('')
}

describe('an address that offers other methods', () => {
  const odd = METHODS.filter((method) => !['CONNECT', 'PUT'].includes(method))

  test.each(odd)(
    'answers %s with 405 and what it offers, before the body is read',
    async (method) => {
      const { port } = await listening()
      const { status, headers, problem } = await ask(port, method, '/things/x', {
        'content-type': 'no type at all',
      })
      expect([status, headers['allow'], headers['content-type']]).toEqual([
        405,
        'PUT',
        'application/problem+json; charset=utf-8',
      ])
      if (method !== 'HEAD')
        expect(problem).toMatchObject({ status: 405, code: 'method-not-allowed' })
    },
  )

  test('names HEAD beside GET', async () => {
    expect(
      (await (await serverOf()).inject({ method: 'POST', url: '/livez' })).headers['allow'],
    ).toBe('GET, HEAD')
  })

  test('answers a CONNECT, which Node hands to no route', async () => {
    const { port } = await listening()
    expect(await send(port, 'CONNECT example:443 HTTP/1.1\r\nhost: example\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 405 .*"code":"method-not-allowed"/su,
    )
  })
})

test('odd methods leave no line in the log', async () => {
  const lines: unknown[] = []
  const logger = createLogger({ name: 'test', level: 'warn' })
  for (const level of ['warn', 'error', 'fatal'] as const)
    logger[level] = (...line: readonly unknown[]) => void lines.push(line)
  const metrics = createMetrics({ processMetrics: false })
  const app = await httpServer({
    logger,
    metrics,
    health: createHealth(),
    api: { title: 'Test', description: 'A test.' },
    site: localSite,
    guard: openGuard,
  })
  onTestFinished(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const statuses = await Promise.all(
    ['QUERY', 'TRACE', 'PROPFIND'].map(
      async (method) => (await ask(port, method, '/livez')).status,
    ),
  )
  expect([statuses, lines]).toEqual([[405, 405, 405], []])
})

test.each(['GET', 'POST', 'QUERY', 'TRACE'])(
  '%s of an address that is none is a 404 problem, whatever its body',
  async (method) => {
    const { port } = await listening()
    const { status, headers, problem } = await ask(port, method, '/nothing?x=1', {
      'content-type': 'no type at all',
    })
    expect([status, headers['content-type'], problem?.code]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
      'not-found',
    ])
  },
)

describe('what Node gives up on is a problem', () => {
  test.each([
    {
      rule: 'headers that are too large',
      bytes: `GET /livez HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      status: 431,
      code: 'headers-too-large',
    },
    {
      rule: 'a method that there is not',
      bytes: 'MADEUP /livez HTTP/1.1\r\nhost: a\r\n\r\n',
      status: 400,
      code: 'bad-http',
    },
    { rule: 'no HTTP at all', bytes: 'good morning\r\n\r\n', status: 400, code: 'bad-http' },
    {
      rule: 'an address that is not percent-encoded',
      bytes: 'GET /things/%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      status: 400,
      code: 'bad-http',
    },
  ])('$rule', async ({ bytes, status, code }) => {
    const { port } = await listening()
    const answer = await send(port, bytes)
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
    expect(answer).toMatch(/content-type: application\/problem\+json/iu)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status, code })
  })
})

describe('a request is checked by the schemas of its route', () => {
  const put = async (url: string, payload: object | string, type = 'application/json') =>
    (await serverOf()).inject({ method: 'PUT', url, payload, headers: { 'content-type': type } })

  test('and passes as they read it', async () => {
    expect((await put('/things/x', { colour: 'red', size: 1 })).json()).toEqual({
      name: 'x',
      size: 1,
    })
  })

  test('and every member at fault is named', async () => {
    const problem = (await put('/things/x', { color: 'red', size: 'big' })).json<Problem>()
    expect(problem).toMatchObject({ status: 400, code: 'bad-request' })
    expect(problem.errors).toContainEqual({
      path: '/color',
      expected: 'a known name: did you mean colour?',
      got: 'unknown',
    })
    expect(problem.errors).toContainEqual({ path: '/size', expected: 'number', got: 'big' })
  })

  test.each([
    { rule: 'a parameter', url: '/things/X', payload: {}, status: 400, code: 'bad-request' },
    {
      rule: 'a long parameter',
      url: `/things/${'x'.repeat(301)}`,
      payload: {},
      status: 400,
      code: 'bad-request',
    },
    {
      rule: 'another media type',
      url: '/things/x',
      payload: 'x',
      type: 'text/css',
      status: 415,
      code: 'unsupported-media-type',
    },
    {
      rule: 'a large body',
      url: '/things/x',
      payload: `"${'x'.repeat(2_000_000)}"`,
      status: 413,
      code: 'too-large',
    },
    { rule: 'no JSON', url: '/things/x', payload: '{', status: 400, code: 'not-json' },
  ])('$rule that is refused is a problem', async ({ url, payload, type, status, code }) => {
    const response = await put(url, payload, type)
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code])
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/u)
  })
})

describe('text is compressed for who accepts that', () => {
  const types = [
    'application/json',
    'application/x-ndjson',
    'text/csv',
    'text/plain; version=0.0.4',
    'text/html',
    'text/css',
    'application/javascript',
    'image/svg+xml',
  ]
  const cases = types.flatMap((type) =>
    [false, true].flatMap((streamed) =>
      ['br', 'gzip'].map((encoding) => ({ type, streamed, encoding })),
    ),
  )

  test.each(cases)(
    '$type by $encoding, streamed: $streamed',
    async ({ type, streamed, encoding }) => {
      const app = await serverOf((routes) => {
        routes.get('/text', (_request, reply) =>
          reply.type(type).send(streamed ? Readable.from([text]) : text),
        )
      })
      const { headers, rawPayload } = await app.inject({
        url: '/text',
        headers: { 'accept-encoding': encoding },
      })
      expect([headers['content-encoding'], headers['vary']]).toEqual([encoding, 'accept-encoding'])
      expect((encoding === 'br' ? brotliDecompressSync : gunzipSync)(rawPayload).toString()).toBe(
        text,
      )
    },
  )

  test('and left alone for who does not', async () => {
    const app = await serverOf((routes) => void routes.get('/text', () => text))
    const { headers, body: plain } = await app.inject({ url: '/text' })
    expect([headers['content-encoding'], plain]).toEqual([undefined, text])
  })

  test('the metrics too', async () => {
    const { headers } = await (
      await serverOf()
    ).inject({ url: '/metrics', headers: { 'accept-encoding': 'gzip' } })
    expect(headers['content-encoding']).toBe('gzip')
  })
})

test('the OpenAPI document tells of a route what its schemas say, and of every address what may go wrong there', async () => {
  const app = await serverOf((routes) => void routes.get('/a-page', () => text))
  const document = (await app.inject('/openapi.json')).json<{
    readonly paths: Readonly<Record<string, object>>
  }>()
  expect(Object.keys(document.paths)).toEqual(['/livez', '/readyz', '/metrics', '/things/{name}'])
  expect(document).toMatchObject({
    openapi: '3.1.1',
    info: { title: 'Test' },
    servers: [{ url: '/' }],
    tags: [{ name: 'process' }, { name: 'things' }],
    paths: {
      '/things/{name}': {
        put: {
          operationId: 'putThing',
          tags: ['things'],
          parameters: [
            { name: 'name', in: 'path', required: true, schema: { pattern: '^[a-z]{1,300}$' } },
          ],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { required: ['colour', 'size'] } } },
          },
          responses: { 200: {}, 400: {}, 405: {}, 431: {}, 500: {} },
        },
      },
    },
  })
})
