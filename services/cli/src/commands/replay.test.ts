import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptAll, startIngestServer } from '../testing/ingest-server.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { run } from '../testing/run.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskpulse-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const line = (id: number, tenant = 'acme'): string => `{"id":"${id}","tenant":"${tenant}"}`

test('lines are posted as NDJSON to the tenant, in batches, in order', async () => {
  await using server = await startIngestServer()
  const path = await file('a.ndjson', [1, 2, 3].map((id) => line(id)).join('\n'))
  const { exitCode, out } = await run([
    'replay',
    path,
    '--tenant',
    'acme',
    '--url',
    `${server.url}/`,
    '--batch',
    '2',
  ])
  expect(
    server.requests.map(({ path: to, contentType, lines }) => [to, contentType, lines.length]),
  ).toEqual([
    ['/v1/tenants/acme/events', 'application/x-ndjson', 2],
    ['/v1/tenants/acme/events', 'application/x-ndjson', 1],
  ])
  expect(server.accepted).toEqual([line(1), line(2), line(3)])
  expect(out).toContain('accepted  3\nrefused   0\n')
  expect(exitCode).toBe(0)
})

test('another tenant’s events become this one’s; lines that name it or are no object stay as they are', async () => {
  await using server = await startIngestServer()
  const own = '{"tenant":"acme",   "id":"1"}'
  const path = await file(
    'b.jsonl.gz',
    gzipSync(
      [own, line(2, 'other'), '{"id":"3"}', 'garbage {', '[1]', '', '"\u2028"\r'].join('\n'),
    ),
  )
  await run(['replay', path, '--tenant', 'acme', '--url', server.url])
  expect(server.accepted).toEqual([
    own,
    line(2),
    '{"id":"3","tenant":"acme"}',
    'garbage {',
    '[1]',
    '"\u2028"',
  ])
})

test('refusals are counted by code, the first ones spelled out, and the exit code is 1', async () => {
  const refusals = [
    {
      index: 0,
      id: 'x',
      code: 'bad-schema',
      path: '/data/from',
      expected: 'customer | agent',
      got: 'robot',
    },
    { index: 2, code: 'future-time' },
  ]
  await using server = await startIngestServer(() => ({
    status: 202,
    body: { accepted: 1, refused: 2, refusals },
  }))
  const path = await file('c.ndjson', [1, 2, 3].map((id) => line(id)).join('\n'))
  const { exitCode, out } = await run(['replay', path, '--tenant', 'acme', '--url', server.url])
  expect(out).toContain('accepted  1\nrefused   2 (bad-schema 1, future-time 1)\n')
  expect(out).toContain('bad-schema "x": /data/from, expected customer | agent, got robot')
  expect(exitCode).toBe(1)
})

test('a batch that is refused as a whole counts as refused, and is not sent again', async () => {
  const refusals = [
    {
      index: 0,
      code: 'unknown-type',
      path: '/type',
      expected: 'a type',
      got: 'contact.opend',
      nearest: 'contact.opened',
    },
  ]
  await using server = await startIngestServer(({ lines }) => ({
    status: 422,
    body: { accepted: 0, refused: lines.length, refusals },
  }))
  const path = await file('refused.ndjson', [1, 2, 3].map((id) => line(id)).join('\n'))
  const { exitCode, out, err } = await run([
    'replay',
    path,
    '--tenant',
    'acme',
    '--url',
    server.url,
    '--batch',
    '2',
  ])
  expect(server.requests.map(({ lines }) => lines.length)).toEqual([2, 1])
  expect(out).toContain('accepted  0\nrefused   3 (unknown-type 2, other 1)\n')
  expect(out).toContain(
    'unknown-type: /type, expected a type, got contact.opend, nearest contact.opened',
  )
  expect(err).not.toContain('refused the batch')
  expect(exitCode).toBe(1)
})

test('a batch that the server finds too large is halved until the one event is alone', async () => {
  await using server = await startIngestServer((request) =>
    request.lines.some((text) => text.includes('"3"'))
      ? { status: 413, body: { code: 'too-large', detail: 'at most 64 KiB' } }
      : acceptAll(request),
  )
  const path = await file('d.ndjson', [1, 2, 3, 4, 5].map((id) => line(id)).join('\n'))
  const { exitCode, out } = await run(['replay', path, '--tenant', 'acme', '--url', server.url])
  expect(server.accepted).toEqual([line(1), line(2), line(4), line(5)])
  expect(out).toContain('accepted  4\nrefused   1 (too-large 1)\n')
  expect(exitCode).toBe(1)
})

test('429 and 503 are waited out as Retry-After says, and the batch is sent again', async () => {
  const statuses = [429, 503, 202]
  await using server = await startIngestServer((request, before) =>
    statuses[before] === 202
      ? acceptAll(request)
      : { status: statuses[before]!, headers: before === 0 ? { 'retry-after': '7' } : {} },
  )
  const clock = manualClock()
  const path = await file('e.ndjson', line(1))
  const { exitCode } = await run(['replay', path, '--tenant', 'acme', '--url', server.url], {
    clock,
  })
  expect(clock.slept).toEqual([7_000, 1_000])
  expect(server.requests).toHaveLength(3)
  expect(exitCode).toBe(0)
})

test('a server that stays overloaded is given up on in the end', async () => {
  await using server = await startIngestServer(() => ({
    status: 503,
    headers: { 'retry-after': '30' },
    body: { code: 'overloaded' },
  }))
  const clock = manualClock()
  const { exitCode, err } = await run(
    ['replay', await file('f.ndjson', line(1)), '--tenant', 'acme', '--url', server.url],
    { clock },
  )
  expect(err).toMatch(/gave up on http.*: HTTP 503 overloaded/)
  expect(clock.nowMs()).toBe(120_000)
  expect(exitCode).toBe(1)
})

test.each([
  {
    status: 404,
    body: { code: 'unknown-tenant', detail: 'no tenant acme' },
    says: 'HTTP 404 unknown-tenant: no tenant acme',
  },
  { status: 202, body: { accepted: 0, refused: 0 }, says: 'does not account for 1 events' },
  { status: 500, body: 'oops', says: 'HTTP 500' },
])('an answer that cannot be gone on from ends the run: $says', async ({ status, body, says }) => {
  await using server = await startIngestServer(() => ({ status, body }))
  const { exitCode, err, out } = await run([
    'replay',
    await file('g.ndjson', line(1)),
    '--tenant',
    'acme',
    '--url',
    server.url,
  ])
  expect(err).toContain(says)
  expect(out).toContain('accepted  0\n')
  expect(exitCode).toBe(1)
})

test('a rate spaces the events out', async () => {
  await using server = await startIngestServer()
  const clock = manualClock()
  const path = await file('h.ndjson', [1, 2, 3, 4].map((id) => line(id)).join('\n'))
  const { out } = await run(
    ['replay', path, '--tenant', 'acme', '--url', server.url, '--rate', '2'],
    { clock },
  )
  expect(clock.nowMs()).toBe(1_500) // The last of four leaves after three half seconds.
  expect(out).toContain('seconds   1.50\nevents/s  3\n')
})

test.each([
  { make: async () => join(folder, 'none.xes'), says: /there is no file .*none\.xes/ },
  { make: async () => folder, says: /is a directory/ },
  {
    make: () => file('cut.ndjson.gz', gzipSync('x'.repeat(9_999)).subarray(0, 30)),
    says: /cut\.ndjson\.gz cannot be read: unexpected end of file/,
  },
  { make: () => file('bad.xes', '<log>\n<trace>\n</lag>'), says: /malformed XES at line 3/ },
])('an unreadable file is named with the reason: $says', async ({ make, says }) => {
  await using server = await startIngestServer()
  const path = await make()
  const { exitCode, err } = await run([
    'replay',
    path,
    '--tenant',
    'acme',
    '--url',
    server.url,
    '--format',
    path.endsWith('xes') ? 'xes' : 'ndjson',
  ])
  expect(err).toMatch(says)
  expect(exitCode).toBe(1)
})

test('where no server answers, the address and the reason are said at once', async () => {
  const server = await startIngestServer()
  await server[Symbol.asyncDispose]()
  const { exitCode, err } = await run([
    'replay',
    await file('i.ndjson', line(1)),
    '--tenant',
    'acme',
    '--url',
    server.url,
  ])
  expect(err).toMatch(
    /^deskpulse: no server answers at http:\/\/127\.0\.0\.1:\d+\/v1\/tenants\/acme\/events: connect ECONNREFUSED/,
  )
  expect(exitCode).toBe(1)
})

test('an interruption lets the batch under way finish, says how far it came, and exits with 130', async () => {
  const interrupted = new AbortController()
  await using server = await startIngestServer((request) => {
    interrupted.abort()
    return acceptAll(request)
  })
  const path = await file('j.ndjson', [1, 2, 3].map((id) => line(id)).join('\n'))
  const { exitCode, out } = await run(
    ['replay', path, '--tenant', 'acme', '--url', server.url, '--batch', '1'],
    {
      signal: interrupted.signal,
    },
  )
  expect(server.accepted).toEqual([line(1)])
  expect(out).toContain('accepted  1\n')
  expect(exitCode).toBe(130)
})

test('a mapping file in YAML or JSON says how a log becomes events', async () => {
  await using server = await startIngestServer()
  const log = `<log><trace><string key="id" value="T1"/><string key="who" value="eve"/><event><string key="act" value="Done"/>
    <date key="time:timestamp" value="2026-03-02T10:00:00Z"/></event></trace></log>`
  const mapping =
    'source: /mine\nqueue: billing\nattributes: { case: id, customer: who, activity: act }\nactivities: { Done: contact.closed }\n'
  const args = ['--mapping', await file('m.yaml', mapping), '--channel', 'email']
  await run([
    'replay',
    await file('own.xes', log),
    '--tenant',
    'acme',
    '--url',
    server.url,
    ...args,
  ])
  const events = server.accepted.map((text) => JSON.parse(text) as { source: string; data: object })
  expect(events.map(({ source, data }) => ({ source, ...data }))).toEqual([
    {
      source: '/mine',
      contactId: 'T1',
      customerId: 'eve',
      channel: 'email',
      queue: 'billing',
      openedBy: 'customer',
    },
    { source: '/mine', contactId: 'T1' },
  ])
})

test.each([
  { content: 'queues: x', says: 'unknown field "queues"; did you mean queue?' },
  { content: 'queue: 5', says: 'queue must be a text' },
  { content: 'activities: { Done: contact.close }', says: 'did you mean contact.closed?' },
  { content: '- a', says: 'must be an object' },
  { content: 'a: [', says: 'cannot be read' },
])('a mapping file with a mistake is refused: $says', async ({ content, says }) => {
  const path = await file('wrong.yaml', content)
  const { err } = await run([
    'replay',
    await file('k.xes', '<log/>'),
    '--tenant',
    'acme',
    '--url',
    'http://127.0.0.1',
    '--mapping',
    path,
  ])
  expect(err).toContain(says)
})
