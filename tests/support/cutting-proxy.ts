import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What is wrong with a link, each by itself. */
export type LinkFaults = {
  /** From now on every n-th answer is swallowed, and its connection cut: the server has done the work, the client does not know. `null`: none. */
  cutAnswers(when: { readonly every: number } | null): void
  /** A black hole: connections stand and open, and nothing arrives on either side until it is over. */
  holdAll(held: boolean): void
  /** Each piece, in either direction, takes so long. 0: none. */
  delayEach(ms: number): void
  /** Cuts every connection of now. */
  sever(): void
}

export type CuttingProxy = LinkFaults & {
  readonly port: number
  /** For a Kafka client: every connection goes through the proxy, whatever address the broker advertises. */
  readonly socketFactory: (connection: { readonly onConnect: () => void }) => Socket
  cuts(): number
  close(): Promise<void>
}

/** A TCP proxy on 127.0.0.1 before `target` (`host:port`) that cuts, holds and slows connections when it is told to. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  let every: number | null = null
  let answers = 0
  let cuts = 0
  let delayMs = 0
  let release = Promise.withResolvers<void>()
  release.resolve()

  /** Pieces of one direction arrive in order, whatever happens to the link meanwhile. */
  function carry(from: Socket, to: Socket, isCut: () => boolean, end: () => void): void {
    let last = to.connecting ? once(to, 'connect').then(() => {}, end) : Promise.resolve()
    from.on('data', (piece: Buffer) => {
      last = last.then(async () => {
        await release.promise
        if (delayMs > 0) await pause(delayMs)
        if (isCut()) end()
        else if (!to.destroyed) to.write(piece)
      })
    })
  }

  const server = createServer((client) => {
    const behind = connect(Number(port), host)
    const end = () => [client, behind].forEach((socket) => socket.destroy())
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    carry(client, behind, () => false, end)
    const isCut = (): boolean => {
      if (every === null || ++answers % every !== 0) return false
      cuts++
      return true
    }
    carry(behind, client, isCut, end)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')

  const sever = (): void => sockets.forEach((socket) => socket.destroy())
  return {
    port: address.port,
    socketFactory: ({ onConnect }) => connect({ port: address.port, host: '127.0.0.1' }, onConnect),
    cutAnswers(when) {
      every = when?.every ?? null
    },
    holdAll(held) {
      release.resolve()
      release = Promise.withResolvers()
      if (!held) release.resolve()
    },
    delayEach(ms) {
      delayMs = ms
    },
    sever,
    cuts: () => cuts,
    async close() {
      release.resolve()
      sever()
      server.close()
      await once(server, 'close')
    },
  }
}
