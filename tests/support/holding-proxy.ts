import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy on 127.0.0.1 that can hold back what clients send: it has left the client, and has not come to the server. */
export type HoldingProxy = {
  readonly port: number
  /** Holds everything back from the next request on that contains `text`. */
  holdFrom(text: string): void
  isHolding(): boolean
  /** Lets go of what is held, and of everything after it. */
  release(): void
  /** What the server answered since the release. */
  answered(): string
  close(): Promise<void>
}

/** @param target `host:port` */
export async function holdingProxy(target: string): Promise<HoldingProxy> {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  let waitingFor: string | null = null
  let held: { readonly server: Socket; readonly chunk: Buffer }[] | null = null
  let answers = ''
  let isReleased = false

  const listener = createServer((client) => {
    const server = connect(Number(port), host)
    const end = () => [client, server].forEach((socket) => socket.destroy())
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        if (held === null) end() // What is held still goes to the server, though its client is gone.
      })
    }
    client.on('data', (chunk: Buffer) => {
      if (waitingFor !== null && chunk.includes(waitingFor)) {
        waitingFor = null
        held = []
      }
      if (held === null) server.write(chunk)
      else held.push({ server, chunk })
    })
    server.on('data', (chunk: Buffer) => {
      if (isReleased) answers = (answers + chunk.toString('latin1')).slice(-1_000_000)
      if (!client.destroyed) client.write(chunk)
    })
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')

  return {
    port: address.port,
    holdFrom: (text) => void (waitingFor = text),
    isHolding: () => held !== null,
    release() {
      const all = held ?? []
      held = null
      isReleased = true
      for (const { server, chunk } of all) server.write(chunk)
    },
    answered: () => answers,
    async close() {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
