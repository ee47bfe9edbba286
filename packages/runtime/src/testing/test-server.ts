import type { FastifyInstance } from 'fastify'
import { createHealth } from '../health/health.ts'
import { type Guard, openGuard } from '../http/access/guard.ts'
import type { Deadlines } from '../http/deadlines.ts'
import { httpServer } from '../http/server.ts'
import type { Site } from '../http/site.ts'
import { createLogger } from '../logging/logger.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { holdAnswersToDocument } from './conformance.ts'

/** Reached under loopback names and addresses alone. */
export const localSite: Site = {
  ...{ hosts: new Set<string>(), origin: null },
  ...{ corsOrigins: new Set<string>(), isSecure: false },
}

/** A service's server for tests: without a log, with metrics of its own, and held to the document of the routes that are added to it. */
export async function testServer(
  metrics: Metrics = createMetrics({ processMetrics: false }),
  site: Site = localSite,
  deadlines?: Deadlines,
  guard: Guard = openGuard,
): Promise<FastifyInstance> {
  const logger = createLogger({ name: 'test', level: 'silent' })
  const app = await httpServer({
    logger,
    metrics,
    health: createHealth(),
    api: { title: 'Test', description: 'A test.' },
    site,
    guard,
    ...(deadlines && { deadlines }),
  })
  holdAnswersToDocument(app)
  return app
}
