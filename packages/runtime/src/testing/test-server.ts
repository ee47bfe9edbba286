import type { FastifyInstance } from 'fastify'
import { createHealth } from '../health/health.ts'
import { httpServer } from '../http/server.ts'
import { createLogger } from '../logging/logger.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'

/** A service's server for tests: without a log, and with metrics of its own. */
export async function testServer(metrics: Metrics = createMetrics({ processMetrics: false })): Promise<FastifyInstance> {
  const logger = createLogger({ name: 'test', level: 'silent' })
  return httpServer({ logger, metrics, health: createHealth(), api: { title: 'Test', description: 'A test.' } })
}
