import type { IncomingMessage } from 'node:http'
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
  /** The same connection, as the server has it. */
  readonly accepted: Socket
  readonly closed: Promise<void>
  ask(path: string): Promise<string>
  /** Asks for more than fits between both sides, and reads nothing. */
  flood(): Promise<void>
  /** Reads until the server has seen that something was taken. */
  takeSome(): Promise<void>
}

const long = 'x'.repeat(256 * 1024)

type Server = Awaited<ReturnType<typeof server>>

/** `/held` is answered once `release` is called. Each look at the clock is a millisecond later, and as much as `pass` says. */
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
  app.get('/long', () => long)
  let held = 0
  app.get('/held', () => {
    held += 1
    return gate.promise
  })
  const asking = new Map<number | undefined, Socket>()
  app.server.on('request', ({ socket }: IncomingMessage) => asking.set(socket.remotePort, socket))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo

  async function connected(): Promise<Peer> {
    const accepting = new Promise<Socket>((resolve) => app.server.once('connection', resolve))
    const socket = isTls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connectPlain(port, '127.0.0.1')
    socket.on('error', () => {}) // It may be closed by the server.
    onTestFinished(() => void socket.destroy())
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const accepted = await accepting
    const ask = (path: string): Promise<string> =>
      new Promise((resolve) => {
        socket.once('data', (data: Buffer) => resolve(data.toString()))
        socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
      })
    const waiting = (): number => asking.get(socket.localPort)?.writableLength ?? 0
    const written = (): number => asking.get(socket.localPort)?.bytesWritten ?? 0
    async function flood(): Promise<void> {
      socket.write('GET /long HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(200))
      await expect.poll(waiting).toBeGreaterThan(0)
    }
    async function takeSome(): Promise<void> {
      const before = written()
      await expect
        .poll(() => (socket.read(), written()), { interval: 1, timeout: 10_000 })
        .toBeGreaterThan(before)
    }
    return { socket, accepted, closed, ask, flood, takeSome }
  }
  return {
    ...{ connected, held: () => held, release: () => gate.resolve('at last'), lines },
    pass: (ms: number) => void (clockMs += ms),
  }
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
    expect(lines).toEqual([{ connectionsMax: most, idle: most, stalled: 0 }])
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

  describe('whose clients do not take their answers', () => {
    const flooding = async ({ connected }: Server, count: number): Promise<readonly Peer[]> => {
      const peers = []
      for (let n = 0; n < count; n += 1) peers.push(await connected())
      for (const peer of peers) await peer.flood()
      return peers
    }
    const areOpen = (peers: readonly Peer[]): readonly boolean[] =>
      peers.map(({ accepted }) => !accepted.destroyed)

    /** One that stays under way takes a place. What is still on its way to a client when it is looked at counts as taken: it is waited for. */
    async function takesPlace(
      { connected, held, pass }: Server,
      meanwhile: () => Promise<void> = async () => {},
    ): Promise<void> {
      const before = held()
      const timeout = 10_000
      await expect
        .poll(
          async () => {
            await meanwhile()
            pass(10_000)
            const late = await connected()
            late.socket.write('GET /held HTTP/1.1\r\nhost: localhost\r\n\r\n')
            const isHeld = expect.poll(held, { timeout }).toBeGreaterThan(before)
            await Promise.race([late.closed, isHeld])
            return held()
          },
          { timeout },
        )
        .toBe(before + 1)
    }

    test('they give way after ten seconds, and not before', async () => {
      const here = await server(isTls)
      const peers = await flooding(here, most)
      for (const ms of [0, 4_000, 4_000]) {
        here.pass(ms)
        await (
          await here.connected()
        ).closed
      }
      expect(areOpen(peers)).toEqual([true, true, true, true])
      for (let n = 0; n < most; n += 1) await takesPlace(here)
      expect(areOpen(peers)).toEqual([false, false, false, false])
      expect(here.lines).toContainEqual({ connectionsMax: most, idle: 0, stalled: 0 })
    })

    test('one that takes some of them stays', async () => {
      const here = await server(isTls)
      const [reader, ...others] = await flooding(here, most)
      await (
        await here.connected()
      ).closed
      for (const _ of others) await takesPlace(here, reader!.takeSome)
      await reader!.takeSome()
      here.pass(10_000)
      await (
        await here.connected()
      ).closed
      expect(areOpen([reader!, ...others])).toEqual([true, false, false, false])
    })

    test('idle ones go before them', async () => {
      const here = await server(isTls)
      const peers = await flooding(here, most - 1)
      const idle = [await here.connected()]
      for (let n = 0; n < most; n += 1) {
        here.pass(10_000)
        idle.push(await here.connected())
        expect(await idle.at(-1)!.ask('/')).toContain('here')
      }
      expect(areOpen(peers)).toEqual([true, true, true])
      expect(areOpen(idle)).toEqual([false, false, false, false, true])
    })
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
