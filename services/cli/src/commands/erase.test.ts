import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { ErasureResponse } from '@deskpulse/contract'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run, streamOf } from '../testing/run.ts'

const answer: ErasureResponse = {
  ...{ dryRun: false, shownAs: ['erased-1', 'erased-2'] },
  ...{ deadLetters: 2, unreadable: 0, raw: null },
}

/** A server that answers everything alike; `asked` are the addresses and bodies, in order. */
async function ingest(body: object = answer, status = 200) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      asked.push(`${request.method} ${request.url} ${sent}`)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const erase = (url: string, ...args: readonly string[]) =>
  run(['erase', '--tenant', 'acme', '--url', url, ...args])

test('the id goes in the body, and what was done is said', async () => {
  const { url, asked } = await ingest()
  const ran = await erase(url, '--customer', 'u-1')
  expect(asked).toEqual(['POST /v1/tenants/acme/erasures {"customerId":"u-1"}'])
  const out = 'the customer is shown as erased-1, erased-2 from now on\nremoved 2 dead letters\n'
  expect(ran).toEqual({ exitCode: 0, out, err: '' })
})

test.each([
  ['u-1\n', 'u-1'],
  ['u-1\r\nu-2\n', 'u-1'],
  ['u 1', 'u 1'],
  ['-', '-'],
])('the id may stand in the standard input: %j', async (input, customerId) => {
  const { url, asked } = await ingest()
  const args = ['erase', '--tenant', 'acme', '--url', url, '--customer', '-']
  const { exitCode } = await run(args, { input: () => streamOf(input.slice(0, 1), input.slice(1)) })
  expect(exitCode).toBe(0)
  expect(asked).toEqual([`POST /v1/tenants/acme/erasures ${JSON.stringify({ customerId })}`])
})

test.each([
  { shownAs: [], said: 'the customer is not erased yet' },
  { shownAs: ['erased-1'], said: 'the customer is shown as erased-1 already' },
])('a dry run says so: $said', async ({ shownAs, said }) => {
  const { url, asked } = await ingest({ ...answer, shownAs, dryRun: true, deadLetters: 1 })
  const { out } = await erase(url, '--customer', 'u-1', '--dry-run')
  expect(asked).toEqual(['POST /v1/tenants/acme/erasures?dryRun=true {"customerId":"u-1"}'])
  expect(out).toBe(`would remove 1 dead letter\n${said}\n`)
})

test('until when the raw topic may have the customer is said', async () => {
  const { url } = await ingest({ ...answer, raw: { until: '2026-03-09T00:00:00.000Z' } })
  expect((await erase(url, '--customer', 'u-1')).out).toContain(
    'what sources sent of them until 2026-03-09T00:00:00.000Z\n',
  )
})

test('with --json it is the answer of the server; what stays unread is said beside it', async () => {
  const { url } = await ingest({ ...answer, unreadable: 3 })
  const { out, err } = await erase(url, '--customer', 'u-1', '--json')
  expect(JSON.parse(out)).toEqual({ ...answer, unreadable: 3 })
  expect(err).toMatch(/3 records/)
})

describe('what is wrong is said without the id', () => {
  test.each([
    { args: [], code: 2, said: '--customer is missing' },
    { args: ['--customer', ''], code: 2, said: '--customer must be' },
    { args: ['--customer', 'secret\u0007'], code: 2, said: '--customer must be' },
    { args: ['--customer', 'secret'.repeat(60)], code: 2, said: '--customer must be' },
    { args: ['--customer', 'secret'], code: 1, said: 'HTTP 403' },
  ])('$said', async ({ args, code, said }) => {
    const { url } = await ingest({ code: 'forbidden', detail: 'no' }, 403)
    const { exitCode, out, err } = await erase(url, ...args)
    expect([exitCode, out]).toEqual([code, ''])
    expect(err).toContain(said)
    expect(err).not.toContain('secret')
  })

  test('nobody answers, or it is another server', async () => {
    const { url } = await ingest({ status: 'ok' })
    expect((await erase(url, '--customer', 'secret')).err).toMatch(/something else than an erasure/)
    const none = await erase('http://127.0.0.1:1', '--customer', 'secret')
    expect(none.err).toMatch(/no server answers at http:\/\/127\.0\.0\.1:1\/v1\/tenants\/acme\//)
    expect(none.err).not.toContain('secret')
    expect((await run(['erase', '--tenant', 'acme', '--customer', 'secret'])).err).toContain(
      '--url',
    )
  })
})
