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
