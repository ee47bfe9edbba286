import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Health } from './health.ts'

export type HealthRoutesOptions = { readonly health: Health; readonly registry: Registry }

/** `/livez` (the process answers), `/readyz` (503 with the failing checks), `/metrics`. A Fastify plugin. */
export async function healthRoutes(app: FastifyInstance, { health, registry }: HealthRoutesOptions): Promise<void> {
  app.get('/livez', () => ({ alive: true }))
  app.get('/readyz', async (_request, reply) => {
    const readiness = await health.readiness()
    return reply.code(readiness.ready ? 200 : 503).send(readiness)
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}
