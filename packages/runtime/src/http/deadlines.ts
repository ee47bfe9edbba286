import type { IncomingMessage } from 'node:http'
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

/** Fastify's options for what Node watches by itself. */
export const watchedByNode = ({ headersMs, requestMs, lookEveryMs }: Deadlines) => ({
  requestTimeout: requestMs,
  http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(headersMs, 5 * lookEveryMs) },
})

/** A request whose body is still to come. */
type Coming = { readonly reply: FastifyReply; bytesRead: number; patienceMs: number }

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Ends the connection of a body that is too slow: 408, where nothing was answered yet. */
function cut({ request, raw: { headersSent } }: FastifyReply): void {
  const { socket } = request.raw
  if (headersSent || !socket.writable) socket.destroy()
  else writeProblem(socket, problemOf('request-timeout', 'the body comes too slowly; what came of a stream was taken in'))
}

/**
 * Cuts bodies that do not come: a connection that is held open costs memory and a share of ingest. Time in which the server itself does not read on does not
 * count. Called before the routes are added.
 */
export function cutSlowBodies(app: FastifyInstance, { bytesPerSecondMin, patienceMs, lookEveryMs }: Deadlines): void {
  const coming = new Map<IncomingMessage, Coming>()

  app.addHook('onRequest', (request, reply, next) => {
    const { raw } = request
    if (hasBody(raw)) coming.set(raw, { reply, bytesRead: raw.socket.bytesRead, patienceMs })
    next()
  })

  function look(): void {
    for (const [raw, one] of coming) {
      if (raw.complete || raw.destroyed || raw.socket.destroyed) {
        coming.delete(raw)
        continue
      }
      const bytes = raw.socket.bytesRead - one.bytesRead
      one.bytesRead += bytes
      if (raw.readableLength > 0) continue // It waits for the server.
      one.patienceMs = Math.min(patienceMs, one.patienceMs - lookEveryMs + (1_000 * bytes) / bytesPerSecondMin)
      if (one.patienceMs <= 0) {
        coming.delete(raw)
        cut(one.reply)
      }
    }
  }

  const looking = setInterval(look, lookEveryMs).unref()
  app.addHook('onClose', async () => clearInterval(looking))
}
