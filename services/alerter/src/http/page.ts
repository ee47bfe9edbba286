import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { catalogueOf, installationTenant, tenantsKey } from '@deskpulse/core'
import type { PartitionId } from '@deskpulse/stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { AlerterHttpDeps } from './deps.ts'

const folder = new URL('../../page/', import.meta.url)
const types: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }

/** Nothing but the page's own files, and no inline code or style. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function protect(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
}

type Asset = { readonly name: string; readonly type: string; readonly bytes: Buffer; readonly etag: string }

async function readAssets(): Promise<readonly Asset[]> {
  const found = await readdir(folder, { recursive: true })
  const names = found.map((name) => name.replaceAll('\\', '/')).filter((name) => Object.hasOwn(types, extensionOf(name)))
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(new URL(name, folder))
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
      return { name, type: `${types[extensionOf(name)]}; charset=utf-8`, bytes, etag }
    }),
  )
}

const extensionOf = (name: string): string => name.split('.').at(-1) ?? ''

/** Tenants that the configuration names or the log has seen, by name. */
async function tenantNames({ store, config, partitions }: AlerterHttpDeps): Promise<readonly string[]> {
  const all = Array.from({ length: partitions }, (_, partition) => store.read(partition as PartitionId, { keys: [tenantsKey], open: [] }))
  const seen = (await Promise.all(all)).flatMap(({ values: [bytes] }) =>
    bytes ? (JSON.parse(Buffer.from(bytes).toString('utf8')) as string[]) : [],
  )
  return [...new Set([...Object.keys(config.tenants), ...seen])].filter((name) => name !== installationTenant).toSorted()
}

/** Names and units of every KPI that a tenant of the configuration has, for the rules' forms. */
function kpisOf({ config }: AlerterHttpDeps): readonly object[] {
  const catalogues = [catalogueOf(), ...Object.values(config.tenants).map((tenant) => catalogueOf(tenant.config))]
  const kpis = new Map(catalogues.flatMap((catalogue) => catalogue.kpis.map(({ id, unit, name }) => [id, { id, unit, name }])))
  return [...kpis.values()]
}

/** `/alerts`: the page; its files under `/alerts/assets/`, and what it can show. */
export async function pageRoutes(app: FastifyInstance, deps: AlerterHttpDeps): Promise<void> {
  for (const { name, type, bytes, etag } of await readAssets()) {
    app.get(name === 'index.html' ? '/alerts' : `/alerts/assets/${name}`, (request, reply) => {
      protect(reply).header('etag', etag)
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(bytes)
    })
  }
  const kpis = kpisOf(deps)
  app.get('/alerts/places.json', async (_request, reply) =>
    protect(reply).send({ tenants: await tenantNames(deps), boardPage: deps.boardPage, kpis }),
  )
}
