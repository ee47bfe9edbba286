import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Health } from '../health/health.ts'
import { healthRoutes } from '../health/routes.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { letGoOfConnections } from './let-go.ts'
import { measureRequests } from './measure-requests.ts'

export type HttpServerOptions = { readonly logger: Logger; readonly metrics: Metrics; readonly health: Health }

/** The HTTP server of a service, before its own routes: `/livez`, `/readyz`, `/metrics`, and every answer observed. */
export function httpServer({ logger, metrics, health }: HttpServerOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = logger
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle', // Wallboards keep theirs; stopping must not wait for those, but for answers under way.
  })
  letGoOfConnections(app)
  measureRequests(app, metrics)
  void app.register(healthRoutes, { health, registry: metrics.registry })
  return app
}
