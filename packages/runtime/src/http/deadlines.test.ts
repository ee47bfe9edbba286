import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testServer } from '../testing/index.ts'
import type { Deadlines } from './deadlines.ts'

const quick: Deadlines = {
  headersMs: 200,
  bytesPerSecondMin: 1_000,
  patienceMs: 200,
  requestMs: 60_000,
  lookEveryMs: 20,
}

/** `/whole` reads a JSON body, `/stream` reads on as `gate` lets it, `/deaf` answers without reading. */
async function listening(
  deadlines: Deadlines = quick,
  gate: Promise<void> = Promise.resolve(),
): Promise<number> {
  const app = await testServer(undefined, undefined, deadlines)
  onTestFinished(() => app.close())
  app.post('/whole', () => 'whole')
  app.post(
    '/deaf',
    { onRequest: async (_request, reply) => reply.code(429).send('no') },
    () => 'never',
  )
  await app.register(async (routes) => {
    routes.addContentTypeParser('text/plain', (_request, body, done) => done(null, body))
    routes.post('/stream', async ({ body }) => {
      let length = 0
      for await (const chunk of body as AsyncIterable<Buffer>) {
        await gate
        length += chunk.length
      }
      return { length }
    })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

const head = (path: string, type: string, ...more: readonly string[]): string =>
  [`POST ${path} HTTP/1.1`, 'host: localhost', `content-type: ${type}`, ...more, '', ''].join(
    '\r\n',
  )

function dial(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  socket.on('error', () => {}) // The server may hang up.
  onTestFinished(() => void socket.destroy())
  return socket
}

/** All that the server says until it hangs up. */
const answerOf = async (socket: Socket): Promise<string> =>
  (await socket.toArray()).map(String).join('')

describe('a body that does not come is cut with 408:', () => {
  test.each([
    {
      rule: 'a declared one, of which nothing is sent',
      text: head('/whole', 'application/json', 'content-length: 60000'),
    },
    {
      rule: 'a stream that stands still',
      text: `${head('/stream', 'text/plain', 'transfer-encoding: chunked')}3\r\nabc\r\n`,
    },
  ])('$rule', async ({ text }) => {
    const answer = await answerOf(dial(await listening(), text))
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*connection: close.*"code":"request-timeout"/isu)
  })

  test('one that comes a byte at a time', async () => {
    const socket = dial(
      await listening(),
      head('/stream', 'text/plain', 'transfer-encoding: chunked'),
    )
    const dripping = setInterval(() => socket.writable && socket.write('1\r\n \r\n'), 40)
    onTestFinished(() => clearInterval(dripping))
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 408 /u)
  })

  test('one that is not read is cut without a second answer', async () => {
    const answer = await answerOf(
      dial(await listening(), head('/deaf', 'application/json', 'content-length: 60000')),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 429 /u)
    expect(answer).not.toContain('408')
  })
})

test('headers that do not come are cut with 408', async () => {
  const answer = await answerOf(
    dial(await listening(), 'GET /livez HTTP/1.1\r\nhost: localhost\r\nx: '),
  )
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*"code":"request-timeout"/su)
})

test('a whole request ends in time, whatever its rate', async () => {
  const port = await listening({ ...quick, headersMs: 100, requestMs: 400, patienceMs: 60_000 })
  expect(
    await answerOf(dial(port, head('/whole', 'application/json', 'content-length: 60000'))),
  ).toMatch(/^HTTP\/1\.1 408 /u)
})

test('a body that comes fast enough, with rests, is read to its end', async () => {
  const port = await listening({ ...quick, patienceMs: 1_000, bytesPerSecondMin: 10_000 })
  const socket = dial(
    port,
    head('/stream', 'text/plain', 'content-length: 50000', 'connection: close'),
  )
  for (let sent = 0; sent < 50_000; sent += 2_000) {
    socket.write('x'.repeat(2_000))
    await pause(60) // Three times the least rate; in all longer than one may fall behind.
  }
  expect(await answerOf(socket)).toContain('{"length":50000}')
})

test('a body that waits for the server is not slow', async () => {
  const gate = Promise.withResolvers<void>()
  const size = 4 * 1024 * 1024
  const port = await listening(quick, gate.promise)
  const socket = dial(
    port,
    head('/stream', 'text/plain', `content-length: ${size}`, 'connection: close'),
  )
  socket.write('x'.repeat(size))
  const answer = answerOf(socket)
  await pause(5 * quick.patienceMs)
  gate.resolve()
  expect(await answer).toContain(`{"length":${size}}`)
})
