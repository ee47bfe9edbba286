import { randomUUID } from 'node:crypto'
import { type AuditEntry, tenantPath } from '@deskpulse/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** What a request has changed. */
export type Change = {
  /** The id or name of what was changed. */
  readonly object: string
  /** JSON without secrets. Left out: there was nothing, or it is not known. */
  readonly before?: unknown
  /** JSON without secrets. Left out: there is nothing any more. */
  readonly after?: unknown
  /** What was typed as the name of who asks, where nobody is asked who they are. */
  readonly author?: string
  /** Whose it is; left out: the tenant's of the address. */
  readonly tenant?: string | null
  /** Left out: the request's principal. */
  readonly who?: AuditEntry['who']
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Says what the request has changed, once that was taken; `null`: nothing, since it was so already. Whatever changes something says it once.
     * @throws the log's error: the change was made, and there is no entry of it
     */
    changed(change: Change | null): Promise<void>
  }
}

export type WriteAudit = (entry: AuditEntry) => Promise<void>

const told = new WeakMap<FastifyRequest, number>()
/** How often a request has said what it changed. */
export const timesTold = (request: FastifyRequest): number => told.get(request) ?? 0

const userAgentMax = 200

/** Called before the routes are added. */
export function takeDownChanges(app: FastifyInstance, write: WriteAudit): void {
  app.decorateRequest('changed', async function (this: FastifyRequest, change) {
    told.set(this, timesTold(this) + 1)
    if (change !== null) await write(entryOf(this, change))
  })
}

function entryOf(request: FastifyRequest, change: Change): AuditEntry {
  const { principal, ip, headers, routeOptions } = request
  const { object, before = null, after = null, author = null } = change
  const action = routeOptions.schema?.operation?.changes
  if (!action) throw new Error(`${routeOptions.url} does not say what it changes`)
  return {
    ...{ id: randomUUID(), action, object, before, after },
    who: change.who ?? { id: principal.id, name: principal.name ?? author },
    from: { address: ip, userAgent: headers['user-agent']?.slice(0, userAgentMax) ?? null },
    tenant: change.tenant === undefined ? tenantOf(request) : change.tenant,
  }
}

/** Alerts of the installation itself stand at an address like those of tenants. */
function tenantOf({ params }: FastifyRequest): string | null {
  const { tenant } = params as { readonly tenant?: string }
  return tenant !== undefined && tenantPath.safeParse({ tenant }).success ? tenant : null
}
