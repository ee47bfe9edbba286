import { mayTouch, servePage, toHolder } from '@deskpulse/runtime'
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
  app.get(
    '/wallboard/tenants.json',
    { schema: { access: toHolder('board') } },
    async ({ principal }, reply) => {
      const tenants = (await model.tenants()).filter((tenant) => mayTouch(principal, tenant))
      return protect(reply).send({ tenants, ...pages })
    },
  )
}
