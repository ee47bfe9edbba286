import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

type Connection = {
  readonly socket: Socket
  underWay: number
  /** Since it was opened, or was last answered. */
  idleSinceMs: number
}

/** Of the connections that there may be: so many are closed at once, so that a flood does not look through all of them again and again. */
const closedShare = 1 / 32
const warnEveryMs = 60_000

/** Under TLS a request has another socket than its connection, of the same other side. */
const otherSideOf = ({ remoteAddress, remotePort }: Socket): string =>
  `${remoteAddress} ${remotePort}`

/**
 * Holds the connections of a server to a number. A further one takes the place of those on which nothing has been under way for the longest, headers that do not
 * come to their end included: whoever asks at once is served, however many do not. Where something is under way on all of them, it is closed itself.
 * Called before the server listens.
 */
export function boundConnections(
  app: FastifyInstance,
  connectionsMax: number,
  nowMs: () => number = performance.now.bind(performance),
): void {
  const open = new Map<string, Connection>()
  let warnedMs = Number.NEGATIVE_INFINITY

  function close(connection: Connection): void {
    connection.socket.destroy()
    open.delete(otherSideOf(connection.socket))
  }

  function makeRoom(): void {
    const idle = [...open.values()].filter(({ underWay }) => underWay === 0)
    idle.sort((one, other) => one.idleSinceMs - other.idleSinceMs)
    idle.slice(0, Math.ceil(connectionsMax * closedShare)).forEach(close)
    if (nowMs() < warnedMs + warnEveryMs) return
    warnedMs = nowMs()
    app.log.warn({ connectionsMax, idle: idle.length }, 'connections are closed to make room')
  }

  app.server.on('connection', (socket: Socket) => {
    if (open.size >= connectionsMax) makeRoom()
    if (open.size >= connectionsMax) return void socket.destroy()
    const otherSide = otherSideOf(socket)
    const connection = { socket, underWay: 0, idleSinceMs: nowMs() }
    open.set(otherSide, connection)
    socket.once('close', () => {
      if (open.get(otherSide) === connection) open.delete(otherSide)
    })
  })
  app.server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const connection = open.get(otherSideOf(socket))
    if (connection === undefined) return
    connection.underWay += 1
    answer.once('close', () => {
      connection.underWay -= 1
      connection.idleSinceMs = nowMs()
    })
  })
}
