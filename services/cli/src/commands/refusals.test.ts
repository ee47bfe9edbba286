import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RefusalsResponse } from '@deskpulse/contract'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run } from '../testing/run.ts'

const row = {
  ...{
    at: '2026-03-02T01:00:12.000Z',
    code: 'id-conflict',
    reason: 'the same source and id came with other content, which stays',
  },
  ...{
    source: '/chat',
    id: 'm-12',
    type: 'deskpulse.message.sent.v1',
    time: '2026-03-02T01:00:00.000Z',
  },
  event: null,
  place: { partition: 0, offset: 12, index: 3 },
}
const unnamed = {
  ...row,
  code: 'config-conflict',
  source: null,
  id: null,
  type: null,
  time: null,
  reason: 'the current version is 1, not 2',
}
const answer: RefusalsResponse = {
  asOf: row.at,
  stale: false,
  clock: null,
  total: 7,
  count: 2,
  rows: [row, unnamed],
}

/** An API that answers everything alike; `asked` are the addresses, in order. */
async function api(
  status: number,
  body: unknown,
): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

test('refusals are listed as a table, with how many there are', async () => {
  const { url, asked } = await api(200, answer)
  const { exitCode, out } = await run(['refusals', '--tenant', 'acme', '--url', `${url}/`])
  expect(asked).toEqual(['GET /v1/tenants/acme/refusals?limit=100'])
  expect(out.split('\n')).toEqual([
    'at                        code             source  id    type                       time                      place   reason',
    '2026-03-02T01:00:12.000Z  id-conflict      /chat   m-12  deskpulse.message.sent.v1  2026-03-02T01:00:00.000Z  0/12/3  the same source and id came with other content, which stays',
    '2026-03-02T01:00:12.000Z  config-conflict  -       -     -                          -                         0/12/3  the current version is 1, not 2',
    '2 of 2 listed; 7 refused since the log began',
    '',
  ])
  expect(exitCode).toBe(0)
})

test('with --json each is a line of JSON, as the API gives it', async () => {
  const { url } = await api(200, answer)
  const { exitCode, out } = await run(['refusals', '--tenant', 'acme', '--url', url, '--json'])
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([row, unnamed])
  expect(exitCode).toBe(0)
})

test('code, source and limit are asked for', async () => {
  const { url, asked } = await api(200, { ...answer, rows: [] })
  const { out } = await run([
    'refusals',
    '--tenant',
    'acme',
    '--url',
    url,
    '--code',
    'expired',
    '--source',
    '/a b&c',
    '--limit',
    '5',
  ])
  expect(asked).toEqual(['GET /v1/tenants/acme/refusals?limit=5&code=expired&source=%2Fa+b%26c'])
  expect(out).toBe('0 of 2 listed; 7 refused since the log began\n')
})

test('a long name is cut, so that the table stays one', async () => {
  const { url } = await api(200, { ...answer, rows: [{ ...row, id: 'x'.repeat(256) }] })
  expect((await run(['refusals', '--tenant', 'acme', '--url', url])).out).toContain(
    `  ${'x'.repeat(47)}…  deskpulse`,
  )
})

describe('what goes wrong is said in a line', () => {
  test.each([
    {
      rule: 'no server',
      args: ['--url', 'http://127.0.0.1:1'],
      says: 'no server answers at http://127.0.0.1:1/v1',
      code: 1,
    },
    { rule: 'no --url', args: [], says: '--url is missing', code: 2 },
    {
      rule: 'a code that the folds do not have',
      args: ['--url', 'http://x', '--code', 'id-conflit'],
      says: 'did you mean id-conflict?',
      code: 2,
    },
    {
      rule: 'a limit past the list',
      args: ['--url', 'http://x', '--limit', '1001'],
      says: '--limit must be a whole number from 1 to 1000',
      code: 2,
    },
  ])('$rule', async ({ args, says, code }) => {
    const { exitCode, out, err } = await run(['refusals', '--tenant', 'acme', ...args])
    expect({ exitCode, out }).toEqual({ exitCode: code, out: '' })
    expect(err).toContain(says)
  })

  test.each([
    {
      rule: 'a problem',
      status: 404,
      body: { code: 'unknown-tenant', detail: 'there is no such tenant' },
      says: 'answers HTTP 404 unknown-tenant: there is no',
    },
    { rule: 'another server', status: 200, body: '<html>', says: 'something else than refusals' },
  ])('$rule', async ({ status, body, says }) => {
    const { url } = await api(status, body)
    const { exitCode, err } = await run(['refusals', '--tenant', 'acme', '--url', url])
    expect(exitCode).toBe(1)
    expect(err).toContain(says)
  })
})
