import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { selfSigned } from '../../../../tests/support/certificate.ts'
import { boundConnections } from './connections.ts'

const most = 4
const { cert, key } = selfSigned({ hosts: ['127.0.0.1'] })

type Peer = {
  readonly socket: Socket
  readonly closed: Promise<void>
  ask(path: string): Promise<string>
}

/** `/held` is answered once `release` is called. Each look at the clock is a millisecond later. */
async function server(isTls: boolean) {
  const gate = Promise.withResolvers<string>()
  const lines: unknown[] = []
  const app = (isTls
    ? fastify({ https: { cert, key } } as never)
    : fastify()) as unknown as FastifyInstance
  onTestFinished(() => app.close())
  app.log.warn = (line: unknown) => void lines.push(line)
  let clockMs = 0
  boundConnections(app, most, () => clockMs++)
  app.get('/', () => 'here')
  let held = 0
  app.get('/held', () => {
    held += 1
    return gate.promise
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo

  async function connected(): Promise<Peer> {
    const accepted = new Promise((resolve) => app.server.once('connection', resolve))
    const socket = isTls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connectPlain(port, '127.0.0.1')
    socket.on('error', () => {}) // It may be closed by the server.
    onTestFinished(() => void socket.destroy())
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    await accepted
    const ask = (path: string): Promise<string> =>
      new Promise((resolve) => {
        socket.once('data', (data: Buffer) => resolve(data.toString()))
        socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
      })
    return { socket, closed, ask }
  }
  return { connected, held: () => held, release: () => gate.resolve('at last'), lines }
}

describe.each([
  { wire: 'TCP', isTls: false },
  { wire: 'TLS', isTls: true },
])('over $wire', ({ isTls }) => {
  test('a connection too many takes the place of the one that has been idle the longest', async () => {
    const { connected, lines } = await server(isTls)
    const first = await connected()
    const second = await connected()
    const others = [await connected(), await connected()]
    expect(await first.ask('/')).toContain('here') // The second has been idle longer now.
    const late = await connected()
    await second.closed
    expect(await late.ask('/')).toContain('here')
    for (const one of [first, ...others]) expect(await one.ask('/')).toContain('here')
    expect(lines).toEqual([{ connectionsMax: most, idle: most }])
  })

  test('one on which something is under way stays, and with such alone a further one is closed', async () => {
    const { connected, held, release } = await server(isTls)
    const peers = [await connected(), await connected(), await connected(), await connected()]
    for (const peer of peers) expect(await peer.ask('/')).toContain('here')
    const answers = peers.map((peer) => peer.ask('/held'))
    await expect.poll(held).toBe(most)
    await (
      await connected()
    ).closed
    release()
    for (const answer of await Promise.all(answers)) expect(answer).toContain('at last')
  })

  test('headers that do not come to their end hold no place', async () => {
    const { connected } = await server(isTls)
    const slow = []
    for (let n = 0; n < most; n += 1) {
      const one = await connected()
      one.socket.write('GET / HTTP/1.1\r\nx-slow: ')
      slow.push(one)
    }
    for (let n = 0; n < most; n += 1) expect(await (await connected()).ask('/')).toContain('here')
    await Promise.all(slow.map(({ closed }) => closed))
  })

  test('one that is closed leaves its place', async () => {
    const { connected, lines } = await server(isTls)
    for (let n = 0; n < 3 * most; n += 1) {
      const one = await connected()
      expect(await one.ask('/')).toContain('here')
      one.socket.end()
      await one.closed
    }
    expect(lines).toEqual([])
  })
})
