import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import type { Behaviour, ReceivedRequest } from './behaviours.ts'
import type { Certificate } from '../../../../tests/support/certificate.ts'
import { readRequest } from './read-request.ts'

export type Receiver = {
  /** Of 127.0.0.1. */
  readonly url: string
  readonly port: number
  /** Whole requests, in the order in which they came. */
  readonly requests: readonly ReceivedRequest[]
  /** Connections that were ever opened to it. */
  readonly connections: number
  /** Bytes that it has given to its connections. */
  readonly bytesWritten: number
  /** Once so many requests have come. */
  received(requests: number): Promise<void>
  /** Once nobody is connected to it. */
  idle(): Promise<void>
  /** Ends it and every connection. */
  close(): Promise<void>
}

export type ReceiverOptions = {
  readonly tls?: Certificate
  /** With `tls`: it takes clients with a certificate of it alone. */
  readonly clients?: string
  readonly port?: number
  readonly host?: string
}

/** A server on a free port of 127.0.0.1 that treats every connection as `behaviour` says. */
export async function openReceiver(
  behaviour: Behaviour,
  options: ReceiverOptions = {},
): Promise<Receiver> {
  const { tls, host = '127.0.0.1' } = options
  const requests: ReceivedRequest[] = []
  const open = new Set<Socket>()
  const counts = { connections: 0, bytes: 0 }
  const changes = new EventEmitter()
  const when = async (state: () => boolean): Promise<void> => {
    while (!state()) await once(changes, 'change')
  }
  const take = (socket: Socket): void => {
    socket.on('error', () => undefined) // What a sender cuts off is what is tested.
    if (behaviour.onConnection?.(socket) === 'taken') return
    void readRequest(socket).then((request) => {
      if (request === null) return
      requests.push(request)
      changes.emit('change')
      behaviour.onRequest?.(socket, request)
    })
  }
  const server: Server =
    tls === undefined
      ? createServer(take)
      : createSecureServer(
          {
            ...{ cert: tls.cert, key: tls.key },
            ...(options.clients !== undefined && { ca: options.clients, requestCert: true }),
          },
          take,
        )
  server.on('tlsClientError', () => undefined)
  server.on('connection', (socket: Socket) => {
    counts.connections += 1
    open.add(socket)
    socket.on('close', () => {
      open.delete(socket)
      counts.bytes += socket.bytesWritten
      changes.emit('change')
    })
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}/`,
    port,
    requests,
    get connections() {
      return counts.connections
    },
    get bytesWritten() {
      return [...open].reduce((sum, socket) => sum + socket.bytesWritten, counts.bytes)
    },
    received: (count) => when(() => requests.length >= count),
    idle: () => when(() => open.size === 0),
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
