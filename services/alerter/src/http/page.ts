import { alertVocabulary, installationTenant } from '@deskpulse/core/alerts'
import { catalogueOf } from '@deskpulse/core/kpis'
import { tenantsKey } from '@deskpulse/core/state'
import { mayTouch, servePage, toHolder } from '@deskpulse/runtime'
import { type PartitionId, fromJsonBytes } from '@deskpulse/stream'
import type { FastifyInstance } from 'fastify'
import type { AlerterHttpDeps } from './deps.ts'

const folder = new URL('../../page/', import.meta.url)
/** Tenants that the configuration names or the log has seen, by name. */
async function tenantNames({
  store,
  config,
  partitions,
}: AlerterHttpDeps): Promise<readonly string[]> {
  const all = Array.from({ length: partitions }, (_, partition) =>
    store.read(partition as PartitionId, { keys: [tenantsKey] }),
  )
  const seen = (await Promise.all(all)).flatMap(({ values: [bytes] }) =>
    bytes ? fromJsonBytes<string[]>(bytes) : [],
  )
  return [...new Set([...Object.keys(config.tenants), ...seen])]
    .filter((name) => name !== installationTenant)
    .toSorted()
}

/** Names and units of every KPI that a tenant of the configuration has, for the rules' forms. */
function kpisOf({ config }: AlerterHttpDeps): readonly object[] {
  const catalogues = [
    catalogueOf(),
    ...Object.values(config.tenants).map((tenant) => catalogueOf(tenant.config)),
  ]
  const kpis = new Map(
    catalogues.flatMap((catalogue) =>
      catalogue.kpis.map(({ id, unit, name }) => [id, { id, unit, name }]),
    ),
  )
  return [...kpis.values()]
}

/** `/alerts`: the page; its files under `/alerts/assets/`, what it can show, and the words for it. */
export async function pageRoutes(app: FastifyInstance, deps: AlerterHttpDeps): Promise<void> {
  const { protect } = await servePage(app, {
    folder,
    page: '/alerts',
    files: '/alerts/assets/',
    framedBy: 'none',
  })
  const kpis = kpisOf(deps)
  const schema = { access: toHolder('read') }
  app.get('/alerts/places.json', { schema }, async ({ principal }, reply) =>
    protect(reply).send({
      tenants: (await tenantNames(deps)).filter((tenant) => mayTouch(principal, tenant)),
      boardPage: deps.boardPage,
      kpis,
      words: alertVocabulary,
    }),
  )
}
