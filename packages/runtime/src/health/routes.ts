import { livenessSchema, readinessSchema } from '@deskpulse/contract'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { toAnyone, toInstallation } from '../http/access/route-access.ts'
import { json } from '../http/route-schema.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Health } from './health.ts'

export type HealthRoutesOptions = {
  readonly health: Health
  readonly metrics: Pick<Metrics, 'registry' | 'print'>
}

const tag = { name: 'process', description: 'How the process does.' }
const exposition = z.string().meta({ description: 'text exposition format' })

/** `/livez` (the process answers), `/readyz` (503 with the failing checks), `/metrics`. A Fastify plugin. */
export async function healthRoutes(
  app: FastifyInstance,
  { health, metrics }: HealthRoutesOptions,
): Promise<void> {
  const live = {
    id: 'getLiveness',
    tag,
    summary: 'The process runs',
    access: toAnyone,
    answers: { 200: json(livenessSchema, 'It does') },
  }
  app.get('/livez', { schema: { operation: live } }, () => ({ alive: true }))

  const ready = {
    200: json(readinessSchema, 'It can'),
    503: json(readinessSchema, 'It cannot; `reasons` say why'),
  }
  const readiness = {
    ...{ id: 'getReadiness', tag, summary: 'It can work' },
    access: toAnyone,
    answers: ready,
  }
  app.get('/readyz', { schema: { operation: readiness } }, async (_request, reply) => {
    const found = await health.readiness()
    return reply.code(found.ready ? 200 : 503).send(found)
  })

  const printed = {
    200: { description: 'Every metric', content: { 'text/plain': { schema: exposition } } },
  }
  const scrape = {
    ...{ id: 'getMetrics', tag, summary: 'Metrics for Prometheus' },
    access: toInstallation('read'),
    answers: printed,
  }
  app.get('/metrics', { schema: { operation: scrape } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.print()),
  )
}
