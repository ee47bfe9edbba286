import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { message, type Rig, rig, type RigOptions } from '../testing/rig.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

type Listening = { readonly at: Rig; readonly port: number }

async function listening(options: RigOptions = {}): Promise<Listening> {
  const at = await rig(options)
  closing.push(() => at.close())
  await at.http.listen({ host: '0.0.0.0', port: 0 })
  return { at, port: (at.http.server.address() as AddressInfo).port }
}

/** A client at an address of its own. */
function dial(port: number, text: string, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => {})
  socket.write(text)
  closing.push(() => socket.destroy())
  return socket
}

async function post(port: number, localAddress = '127.0.0.1'): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const path = '/v1/tenants/acme/events'
  const asked = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path,
    localAddress,
    headers,
  }).end(JSON.stringify(message()))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

const head = (...more: readonly string[]): string =>
  ['POST /v1/tenants/acme/events HTTP/1.1', 'host: localhost', ...more, '', ''].join('\r\n')

/** Returns when the server has that many connections. */
async function connected({ at }: Listening, count: number): Promise<void> {
  const connections = async (): Promise<number> =>
    new Promise((resolve, reject) =>
      at.http.server.getConnections((error, found) => (error ? reject(error) : resolve(found))),
    )
  await vi.waitFor(async () => expect(await connections()).toBeGreaterThanOrEqual(count))
}

test('bodies that are declared and never sent keep nobody out, not even their own client', async () => {
  const to = await listening()
  for (let n = 0; n < 20; n += 1)
    dial(to.port, head('content-type: application/json', 'content-length: 16777216'))
  await connected(to, 20)
  expect(await post(to.port)).toBe(202)
})

test('streams that come a byte at a time keep nobody out', async () => {
  const to = await listening()
  for (let n = 0; n < 300; n += 1)
    dial(
      to.port,
      `${head('content-type: application/x-ndjson', 'transfer-encoding: chunked')}1\r\n{\r\n`,
    )
  await connected(to, 300)
  expect(await post(to.port)).toBe(202)
})

test('who holds all that one client may is turned away, and nobody else', async () => {
  const { port } = await listening({
    settings: { bodyBytesMax: 1_048_576, inFlightBytesMax: 1_048_576 },
  })
  dial(port, head('content-type: application/json', 'content-length: 900000') + ' '.repeat(560_000))
  await vi.waitFor(async () => expect(await post(port)).toBe(429))
  expect(await post(port, '127.0.0.2')).toBe(202)
})

test('room is left by clients that go away', async () => {
  const { port } = await listening({
    settings: { bodyBytesMax: 1_048_576, inFlightBytesMax: 1_048_576 },
  })
  const held = dial(
    port,
    head('content-type: application/json', 'content-length: 1000000') + ' '.repeat(900_000),
  )
  await vi.waitFor(async () => expect(await post(port)).toBe(429))
  held.destroy()
  await vi.waitFor(async () => expect(await post(port)).toBe(202))
})
