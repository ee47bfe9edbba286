import { mayTouch, servePage, toHolder } from '@deskpulse/runtime'
import type { FastifyInstance } from 'fastify'

const folder = new URL('../../page/', import.meta.url)

export type ImportPageDeps = {
  /** Tenants that the configuration names or the folds have seen; one may be there twice. @throws the store's error. */
  readonly tenants: () => Promise<readonly string[]>
  readonly accepts: (tenant: string) => boolean
  /** Address of the wallboard on this server; `null`: another one has it. */
  readonly boardPage: string | null
}

/** `/import`: the page; its files under `/import/assets/`, and the tenants that it can send to. */
export async function importPage(
  app: FastifyInstance,
  { tenants, accepts, boardPage }: ImportPageDeps,
): Promise<void> {
  const { protect } = await servePage(app, {
    folder,
    page: '/import',
    files: '/import/assets/',
    framedBy: 'none',
  })
  const schema = { access: toHolder('ingest') }
  app.get('/import/places.json', { schema }, async ({ principal }, reply) => {
    const own = (await tenants()).filter((tenant) => accepts(tenant) && mayTouch(principal, tenant))
    const names = new Set(own.toSorted())
    return protect(reply).send({ tenants: [...names], boardPage })
  })
}
