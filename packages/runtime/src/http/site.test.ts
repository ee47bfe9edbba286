import { parseConfig } from '@deskpulse/contract'
import type { FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testServer } from '../testing/index.ts'
import { type Site, siteOf } from './site.ts'

function siteFrom(config: object): Site {
  const parsed = parseConfig(config)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return siteOf(parsed.config)
}

async function serverOf(config: object): Promise<FastifyInstance> {
  const app = await testServer(undefined, siteFrom(config))
  onTestFinished(() => app.close())
  app.post('/change', () => ({ changed: true }))
  return app
}

const config = {
  http: { host: 'Own.Example', hosts: ['ingest', 'Pulse.example.com'] },
  alerts: { publicUrl: 'https://alerts.example:8443' },
}

test.each([
  { host: 'localhost:8080', rule: 'a loopback name, whatever the port' },
  { host: 'LOCALHOST', rule: 'it in capitals' },
  { host: '127.0.0.1:1', rule: 'a loopback address' },
  { host: '[::1]:8080', rule: 'one of IPv6' },
  { host: '10.1.2.3:8080', rule: 'any address: no name can be made to point at it' },
  { host: 'ingest:8080', rule: 'a name of http.hosts' },
  { host: 'pulse.example.com', rule: 'one that is written in capitals there' },
  { host: 'own.example:8080', rule: 'the name that is listened on' },
  { host: 'alerts.example', rule: 'the name of alerts.publicUrl' },
])('$rule is served: $host', async ({ host }) => {
  expect(
    (await (await serverOf(config)).inject({ url: '/livez', headers: { host } })).statusCode,
  ).toBe(200)
})

describe('a name that the server does not have', () => {
  const foreign = [
    'evil.example',
    'localhost.evil.example',
    'xlocalhost',
    '127.0.0.1.evil.example',
    'ingest.evil.example:8080',
    '[::1].evil',
    '1',
    'a b',
    'localhost:65536',
    'localhost:8080:8080',
    'localhost\u0000',
    'localhost/evil.example',
    'localhost@evil.example',
    'evil.example#localhost',
    'user@localhost',
    '[::1',
    'localhost,evil.example',
  ]

  test.each(foreign)('is refused: "%s"', async (host) => {
    const response = await (await serverOf(config)).inject({ url: '/livez', headers: { host } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      421,
      'unknown-host',
    ])
  })

  test.each([
    ['GET', '/metrics'],
    ['GET', '/readyz'],
    ['GET', '/openapi.json'],
    ['HEAD', '/livez'],
    ['POST', '/change'],
    ['GET', '/nothing'],
    ['DELETE', '/change'],
  ] as const)('is refused at every address: %s %s', async (method, url) => {
    expect(
      (await (await serverOf({})).inject({ method, url, headers: { host: 'evil.example:8080' } }))
        .statusCode,
    ).toBe(421)
  })
})

test.each([
  { headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  { headers: { 'sec-fetch-site': 'same-site' }, status: 403 },
  { headers: { origin: 'https://evil.example' }, status: 403 },
  { headers: { origin: 'null' }, status: 403 },
  { headers: { origin: 'https://alerts.example:8443' }, status: 200 },
  {
    headers: { origin: 'http://ingest:8080', host: 'ingest:8080', 'sec-fetch-site': 'same-origin' },
    status: 200,
  },
  { headers: { 'sec-fetch-site': 'none' }, status: 200 },
  { headers: {}, status: 200 },
])('a change with $headers is answered $status', async ({ headers, status }) => {
  const response = await (
    await serverOf(config)
  ).inject({ method: 'POST', url: '/change', headers })
  expect(response.statusCode).toBe(status)
  if (status === 403) expect(response.json()).toMatchObject({ code: 'cross-site' })
})

test('a page of another site may read, as far as its browser lets it', async () => {
  const app = await serverOf({})
  expect(
    (
      await app.inject({
        url: '/livez',
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      })
    ).statusCode,
  ).toBe(200)
})

describe('a page of another origin', () => {
  const tools = 'https://tools.example'
  const asked = async (
    origin: string,
    method: 'GET' | 'POST' | 'OPTIONS',
    url: string,
    key = 'Bearer dp_acme',
  ) => {
    const app = await serverOf({ http: { corsOrigins: [tools] } })
    return app.inject({
      ...{ method, url },
      headers: {
        ...{ origin, 'sec-fetch-site': 'cross-site' },
        ...(method === 'OPTIONS' && { 'access-control-request-method': 'POST' }),
        ...(method === 'POST' && key !== '' && { authorization: key }),
      },
    })
  }

  test('that is configured may ask, after it has asked whether it may, and never with cookies', async () => {
    const may = await asked(tools, 'OPTIONS', '/change')
    expect(may.statusCode).toBe(204)
    expect(may.headers).toMatchObject({
      ...{ 'access-control-allow-origin': tools, 'access-control-max-age': '600' },
      'access-control-allow-headers': expect.stringContaining('authorization') as string,
    })
    const changed = await asked(tools, 'POST', '/change')
    expect([changed.statusCode, changed.headers['access-control-allow-origin']]).toEqual([
      200,
      tools,
    ])
    for (const { headers } of [may, changed])
      expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test('may change nothing in the session of whoever looks at it', async () => {
    expect((await asked(tools, 'POST', '/change', '')).json()).toMatchObject({ code: 'cross-site' })
  })

  test.each(['https://evil.example', 'http://tools.example', 'https://tools.example.evil', 'null'])(
    'that is not configured, %s, may not',
    async (origin) => {
      for (const method of ['GET', 'OPTIONS'] as const) {
        const { headers } = await asked(origin, method, '/livez')
        expect(headers['access-control-allow-origin']).not.toBe(origin)
      }
      expect((await asked(origin, 'POST', '/change')).json()).toMatchObject({ code: 'cross-site' })
    },
  )

  test('may not ask where none is configured', async () => {
    const app = await serverOf({})
    const { headers } = await app.inject({ url: '/livez', headers: { origin: tools } })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })
})

test('nothing in an answer runs or is framed, and HTTPS stays so where pages are asked for over it', async () => {
  const headersOf = async (publicUrl: string) => {
    const app = await serverOf({ alerts: { publicUrl } })
    return (await app.inject('/livez')).headers
  }
  const plain = await headersOf('http://pulse.example')
  expect(plain).toMatchObject({
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  expect(plain).not.toHaveProperty('strict-transport-security')
  expect((await headersOf('https://pulse.example'))['strict-transport-security']).toContain(
    'max-age=',
  )
})
