import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics/metrics.ts'

/** Observes every answer of a server by its route's pattern, never by its path: labels stay few. Called before the routes are added. */
export function measureRequests(
  app: FastifyInstance,
  { requestsAnswered }: Pick<Metrics, 'requestsAnswered'>,
): void {
  app.addHook('onResponse', (request, reply, done) => {
    requestsAnswered.observe(
      { route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    )
    done()
  })
}
