import type { IncomingMessage } from 'node:http'
import type { ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { problemOf } from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { writeProblem } from './broken-requests.ts'

/** How long a server waits for what a client sends. */
export type Deadlines = {
  /** For a request line and its headers, from the connection or the end of the request before. */
  readonly headersMs: number
  /** A body comes at this rate at least; */
  readonly bytesPerSecondMin: number
  /** or it may fall behind for so long, again and again. */
  readonly patienceMs: number
  /** For a whole request, a stream too. */
  readonly requestMs: number
  /** How often that is looked at. */
  readonly lookEveryMs: number
}

export const deadlines: Deadlines = {
  headersMs: 20_000,
  bytesPerSecondMin: 1_024,
  patienceMs: 10_000,
  requestMs: 3_600_000,
  lookEveryMs: 1_000,
}

/** Fastify's options for what Node watches by itself. `tls`: of a server that speaks it, which are Node's too; `null`: it does not. */
export function watchedByNode(
  { headersMs, requestMs, lookEveryMs }: Deadlines,
  tls: ServerOptions | null,
) {
  const watched = {
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.min(headersMs, 5 * lookEveryMs),
  }
  return {
    requestTimeout: requestMs,
    ...(tls === null
      ? { http: watched }
      : { https: { ...watched, handshakeTimeout: headersMs, ...tls } as never }), // Fastify would have its instance of another type.
  }
}

/** A request whose body is still to come. */
type Coming = {
  readonly raw: IncomingMessage
  readonly reply: FastifyReply
  bytesRead: number
  patienceMs: number
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Ends the connection of a body that is too slow: 408, where nothing was answered yet. */
function cut({ request, raw: { headersSent } }: FastifyReply): void {
  const { socket } = request.raw
  if (headersSent || !socket.writable) socket.destroy()
  else
    writeProblem(
      socket,
      problemOf('request-timeout', 'the body comes too slowly; what came of a stream was taken in'),
    )
}

/**
 * Cuts bodies that do not come: a connection that is held open costs memory and a share of ingest. Time in which the server itself does not read on does not
 * count. Called before the routes are added.
 */
export function cutSlowBodies(
  app: FastifyInstance,
  { bytesPerSecondMin, patienceMs, lookEveryMs }: Deadlines,
): void {
  /**
   * By connection, which brings one body at a time. Not by request: a map that thousands of them pass through leaves its former tables to the garbage
   * collector in a chain, each of which keeps the next one and every request in it until all of the heap is looked through.
   */
  const coming = new Map<Socket, Coming | null>()

  function watch(socket: Socket, one: Coming): void {
    if (!coming.has(socket)) socket.once('close', () => coming.delete(socket))
    coming.set(socket, one)
  }

  app.addHook('onRequest', ({ raw }, reply, next) => {
    const { socket } = raw
    if (hasBody(raw)) watch(socket, { raw, reply, bytesRead: socket.bytesRead, patienceMs })
    next()
  })
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw.complete && coming.get(raw.socket)?.raw === raw) coming.set(raw.socket, null)
    done()
  })

  function look(): void {
    for (const [socket, one] of coming) {
      if (one === null) continue
      const { raw } = one
      if (raw.complete || raw.destroyed || socket.destroyed) {
        coming.set(socket, null)
        continue
      }
      const bytes = socket.bytesRead - one.bytesRead
      one.bytesRead += bytes
      if (raw.readableLength > 0) continue // It waits for the server.
      one.patienceMs = Math.min(
        patienceMs,
        one.patienceMs - lookEveryMs + (1_000 * bytes) / bytesPerSecondMin,
      )
      if (one.patienceMs <= 0) {
        coming.set(socket, null)
        cut(one.reply)
      }
    }
  }

  const looking = setInterval(look, lookEveryMs).unref()
  app.addHook('onClose', async () => clearInterval(looking))
}
