import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

type Connection = {
  readonly socket: Socket
  /** By which its requests come: under TLS another one. */
  requests: Socket
  underWay: number
  /** Since it was opened, or was last answered. */
  idleSinceMs: number
  /** Of its answers, while some wait for the client: so many bytes were taken at a look, and no more since then. */
  taken: { readonly bytes: number; readonly sinceMs: number } | null
}

/** Of the connections that there may be: so many are closed at once, so that a flood does not look through all of them again and again. */
const closedShare = 1 / 32
/** A client that takes nothing of its answers for so long is not waited for where others have no place. */
const untakenMs = 10_000
const warnEveryMs = 60_000

/** Under TLS a request has another socket than its connection, of the same other side. */
const otherSideOf = ({ remoteAddress, remotePort }: Socket): string =>
  `${remoteAddress} ${remotePort}`

/** Whether answers wait for the client, and it has long taken nothing of them. What it takes is seen from one look to the next. */
function isStalled(connection: Connection, nowMs: number): boolean {
  const { bytesWritten, writableLength } = connection.requests
  const bytes = bytesWritten - writableLength
  if (writableLength === 0) connection.taken = null
  else if (connection.taken?.bytes !== bytes) connection.taken = { bytes, sinceMs: nowMs }
  return connection.taken !== null && nowMs >= connection.taken.sinceMs + untakenMs
}

/**
 * Holds the connections of a server to a number. A further one takes the place of those on which nothing has been under way for the longest, headers that do not
 * come to their end included; then of those whose clients take nothing of their answers. Whoever asks at once is served, however many do not. Where something
 * goes on on all of them, it is closed itself. Called before the server listens.
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
    const lookedMs = nowMs()
    const idle: Connection[] = []
    const stalled: Connection[] = []
    for (const connection of open.values())
      if (connection.underWay === 0) idle.push(connection)
      else if (isStalled(connection, lookedMs)) stalled.push(connection)
    idle.sort((one, other) => one.idleSinceMs - other.idleSinceMs)
    const leaving = [...idle, ...stalled]
    leaving.slice(0, Math.ceil(connectionsMax * closedShare)).forEach(close)
    if (lookedMs < warnedMs + warnEveryMs) return
    warnedMs = lookedMs
    const found = { connectionsMax, idle: idle.length, stalled: stalled.length }
    app.log.warn(found, 'connections are closed to make room')
  }

  app.server.on('connection', (socket: Socket) => {
    if (open.size >= connectionsMax) makeRoom()
    if (open.size >= connectionsMax) return void socket.destroy()
    const otherSide = otherSideOf(socket)
    const connection: Connection = {
      ...{ socket, requests: socket, underWay: 0 },
      ...{ idleSinceMs: nowMs(), taken: null },
    }
    open.set(otherSide, connection)
    socket.once('close', () => {
      if (open.get(otherSide) === connection) open.delete(otherSide)
    })
  })
  app.server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const connection = open.get(otherSideOf(socket))
    if (connection === undefined) return
    connection.requests = socket
    connection.underWay += 1
    answer.once('close', () => {
      connection.underWay -= 1
      connection.idleSinceMs = nowMs()
    })
  })
}
