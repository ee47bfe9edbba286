import type { FastifyInstance } from 'fastify'

/** Half of what a service has to stop. */
const answersWithinDefaultMs = 5_000

/**
 * Lets a closing server end in time: answers under way have `answersWithinMs`. Node's own close would wait for an answer that nobody fetches, and
 * for connections that are kept alive after the answer that was under way, until those time out. Called before the server listens.
 */
export function letGoOfConnections(
  app: FastifyInstance,
  answersWithinMs = answersWithinDefaultMs,
): void {
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    setTimeout(() => app.server.closeAllConnections(), answersWithinMs).unref()
    done()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections()) // It is idle only after this hook.
    done()
  })
}
