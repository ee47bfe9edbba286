import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type FilledProduct, startFilledProduct } from './filled-product.ts'

/** The long form: `HOSTILE_CONNECTIONS=10000`, with figures. */
const long = process.env['HOSTILE_CONNECTIONS']
const connections = Number(long ?? 600)
const connectionsMax = long === undefined ? 256 : 4_096
const timeout = 600_000

let filled: FilledProduct

beforeAll(async () => {
  filled = await startFilledProduct('open', { connectionsMax })
}, timeout)
afterAll(() => filled?.product[Symbol.asyncDispose]())

const address = (): URL => new URL(filled.product.service.url)

function dial(text: string): Socket {
  const socket = connect(Number(address().port), '127.0.0.1', () => socket.write(text))
  return socket.on('error', () => {}) // The server may hang up.
}

const answerTo = async (text: string): Promise<string> =>
  (await dial(text).toArray()).map(String).join('')

const get = (path: string, ...headers: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, ...headers, 'connection: close', '', ''].join('\r\n')

type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: 'path' | 'query' }[]
}
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

const hostile = [
  'a%0d%0ax-injected:%20yes',
  'a%0ax-injected:%20yes%0a%0a<script>',
  'a%00x-injected',
  'a%E5%98%8D%E5%98%8Ax-injected:%20yes',
  '%22%0d%0aset-cookie:%20deskpulse=x',
]

describe('a header of an answer', () => {
  test(
    'is none that a parameter of the address has brought, at any address',
    { timeout },
    async () => {
      const { paths } = (await (
        await fetch(new URL('/openapi.json', address()))
      ).json()) as Document
      const asked = Object.entries(paths).flatMap(([path, { get: operation }]) => {
        if (operation === undefined) return []
        const { parameters = [] } = operation
        const named = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
        return hostile.flatMap((text) => [
          path.replaceAll(/\{\w+\}/g, text),
          ...named.map((name) => `${path.replaceAll(/\{\w+\}/g, 'acme')}?${name}=${text}`),
        ])
      })
      expect(asked.length).toBeGreaterThan(500)
      for (const path of asked) {
        const [head = ''] = (await answerTo(get(path, 'host: localhost'))).split('\r\n\r\n', 1)
        expect(head, path).toMatch(/^HTTP\/1\.1 [234]/)
        expect(head, path).not.toMatch(/^(?:x-injected|set-cookie)/im)
        expect(head, path).not.toMatch(/[^\r]\n|\r[^\n]|\0/)
      }
    },
  )

  test.each([
    ['a name after the name', ['host: localhost, evil.example'], 421],
    ['a port that is none', ['host: localhost:99999'], 421],
    ['a line in the name', ['host: localhost\nx-injected: yes'], 400],
    ['a second name', ['host: localhost', 'host: evil.example'], 200],
    ['a second name that is its own', ['host: evil.example', 'host: localhost'], 421],
    ['a NUL in the name', ['host: local\0host'], 400],
    ['a forwarded name', ['host: localhost', 'x-forwarded-host: evil.example'], 200],
    ['a forwarded scheme', ['host: localhost', 'x-forwarded-proto: https"\'<x>'], 200],
    ['a forwarded client', ['host: localhost', 'x-forwarded-for: 1.2.3.4, "><script>'], 200],
    ['a line in a forwarded client', ['host: localhost', 'x-forwarded-for: 1\r\n\tx: y'], 400],
    ['an origin with a line', ['host: localhost', 'origin: https://a\r\n b'], 400],
  ])('is none of the request: %s', async (_rule, headers, status) => {
    const answer = await answerTo(get('/livez', ...headers))
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).not.toMatch(/evil\.example|x-injected|<script>|access-control-allow-origin/i)
  })

  test('two requests in one are not taken for one', async () => {
    const smuggled = 'GET /v1/keys HTTP/1.1\r\nhost: localhost\r\n\r\n'
    const answer = await answerTo(
      `POST /v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
  })
})

describe('a packed body', () => {
  const megabytes = 64
  const bomb = gzipSync(Buffer.alloc(megabytes * 1024 * 1024, ' '))

  test.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip'])(
    'is not unpacked: %s',
    async (encoding) => {
      for (const [path, type, status] of [
        ['/v1/tenants/acme/events', 'application/json', 415],
        ['/v1/tenants/acme/events', 'application/x-ndjson', 415],
        ['/v1/tenants/acme/imports/scores', 'text/csv', 415],
        ['/v1/tenants/acme/silences', 'application/json', 400],
      ] as const) {
        const answer = await fetch(new URL(path, address()), {
          method: 'POST',
          headers: { 'content-type': type, 'content-encoding': encoding },
          body: bomb,
        })
        expect([path, answer.status]).toEqual([path, status])
        await answer.text()
      }
    },
  )
})

const residentMb = (): number => {
  const status = readFileSync(`/proc/${filled.product.service.process().pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

/** How long another client waits for the newest values, each time over a connection of its own, in ms. */
async function waits(times: number): Promise<readonly number[]> {
  const found: number[] = []
  for (let n = 0; n < times; n += 1) {
    const beganMs = performance.now()
    const answer = await answerTo(get('/v1/tenants/acme/kpis/live?kpis=backlog', 'host: localhost'))
    found.push(performance.now() - beganMs)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  }
  return found.toSorted((a, b) => a - b)
}

const half = (sorted: readonly number[]): string =>
  `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(1)} ms`

describe('beside others another client is served', () => {
  test.each([
    { rule: 'that say nothing', text: '' },
    { rule: 'whose headers do not come to their end', text: 'GET /livez HTTP/1.1\r\nx-slow: ' },
    {
      rule: 'whose bodies do not come',
      text: 'POST /v1/tenants/acme/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n',
      // A body under way keeps its place for its ten seconds: all of them together would be all there are.
      share: 0.9,
    },
  ])('$rule', { timeout }, async ({ text, share }) => {
    const before = await waits(50)
    const beforeMb = residentMb()
    const count = share === undefined ? connections : Math.floor(connectionsMax * share)
    const sockets: Socket[] = []
    for (let n = 0; n < count; n += 1) {
      const socket = dial(text)
      sockets.push(socket)
      if (n % 100 === 99)
        await new Promise((connected) => socket.once('connect', connected).once('close', connected))
    }
    await until(
      'the server has looked at all of them',
      () => waits(1),
      () => true,
    )
    const meanwhile = await waits(50)
    if (long !== undefined)
      console.log(
        `${count} ${text.slice(0, 4)}: before ${half(before)}, ${beforeMb} MB; meanwhile ${half(meanwhile)}, ${residentMb()} MB`,
      )
    for (const socket of sockets) socket.destroy()
    expect(filled.product.service.process().hasEnded()).toBe(false)
    expect((await waits(5)).length).toBe(5)
  })
})
