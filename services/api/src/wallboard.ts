import { servePage } from '@deskpulse/runtime'
import type { FastifyInstance } from 'fastify'
import type { ReadModel } from './read-model.ts'

const folder = new URL('../wallboard/', import.meta.url)

/**
 * `/`: the page; its files under `/wallboard/`, and the tenants that it can show.
 * @param pages where the other pages are; `null`: not known.
 */
export async function wallboardRoutes(
  app: FastifyInstance,
  model: ReadModel,
  pages: { readonly alertsPage: string | null; readonly importPage: string | null },
): Promise<void> {
  const { protect } = await servePage(app, {
    folder,
    page: '/',
    files: '/wallboard/',
    framedBy: 'self',
  })
  app.get('/wallboard/tenants.json', async (_request, reply) =>
    protect(reply).send({ tenants: await model.tenants(), ...pages }),
  )
}
