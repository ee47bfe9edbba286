import type { FastifyPluginAsync } from 'fastify'
import { appealRoutes } from './appeals/routes.ts'
import { type ErasureDeps, erasureRoutes } from './erasures/routes.ts'
import { eventRoutes } from './http/routes.ts'
import { importPage, type ImportPageDeps } from './imports/page.ts'
import { type ImportDeps, importRoutes } from './imports/routes.ts'

export type IngestRouteDeps = ImportDeps & ErasureDeps & { readonly page: ImportPageDeps }

/** All that ingest serves. Events and files share the memory for bodies. */
export function ingestRoutes(deps: IngestRouteDeps): FastifyPluginAsync {
  return async (app) => {
    app.decorateRequest('share', null)
    await app.register(eventRoutes(deps))
    await app.register(importRoutes(deps))
    await app.register(appealRoutes(deps))
    await app.register(erasureRoutes(deps))
    await importPage(app, deps.page)
  }
}
