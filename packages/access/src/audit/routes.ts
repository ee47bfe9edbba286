import {
  type AuditQuery,
  auditQuery,
  type AuditResponse,
  auditSchema,
  formatTime,
  type ProblemCode,
  tenantPath,
} from '@deskpulse/contract'
import {
  json,
  type Operation,
  refuse,
  type RouteAccess,
  toInstallation,
  toTenant,
  type ZodTypes,
} from '@deskpulse/runtime'
import type { Offset } from '@deskpulse/stream'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../access.ts'
import { tag } from '../session/operations.ts'

export type AuditRoutesDeps = Pick<Access, 'audit'> & {
  /** Whether there is the tenant, or may be. */
  readonly knows: (tenant: string) => boolean
}

const problems: readonly ProblemCode[] = ['bad-request', 'log-unavailable']

const operationOf = (
  of: string,
  access: RouteAccess,
  more: readonly ProblemCode[] = [],
): Operation => ({
  ...{ id: `list${of}Changes`, tag, access, problems: [...problems, ...more] },
  summary: 'Who changed what, when and from where, the newest first',
  answers: { 200: json(auditSchema, 'One page') },
})

const operations = {
  installation: operationOf('', toInstallation('admin')),
  tenant: operationOf('Tenant', toTenant('admin'), ['unknown-tenant']),
}

/** `/v1/audit` and `/v1/tenants/{tenant}/audit`. One server of an installation has them. */
export async function auditRoutes(
  instance: FastifyInstance,
  { audit, knows }: AuditRoutesDeps,
): Promise<void> {
  const app = instance.withTypeProvider<ZodTypes>()

  async function pageOf(query: AuditQuery, tenant?: string): Promise<AuditResponse> {
    refuseEmpty(query)
    const { action, who, from: fromMs, to: toMs } = query
    const filter = { tenant, action, who, fromMs, toMs }
    const { entries, next } = await audit.page(filter, query.limit, offsetOf(query.cursor))
    return {
      rows: entries.map(({ atMs, entry }) => ({ at: formatTime(atMs), ...entry })),
      ...(next === null ? {} : { cursor: String(next) }),
    }
  }

  app.get(
    '/v1/audit',
    { schema: { querystring: auditQuery, operation: operations.installation } },
    async ({ query }, reply) => reply.header('cache-control', 'no-store').send(await pageOf(query)),
  )
  app.get(
    '/v1/tenants/:tenant/audit',
    { schema: { params: tenantPath, querystring: auditQuery, operation: operations.tenant } },
    async ({ params: { tenant }, query }, reply) => {
      if (!knows(tenant)) refuse('unknown-tenant', 'there is no such tenant')
      return reply.header('cache-control', 'no-store').send(await pageOf(query, tenant))
    },
  )
}

/** @throws Refused 400 */
function refuseEmpty({ from, to }: AuditQuery): void {
  if (from === undefined || to === undefined || from < to) return
  refuse('bad-request', 'not what it must be: to', [
    { path: 'to', expected: 'a time after from', got: formatTime(to) },
  ])
}

/** @throws Refused 400 */
function offsetOf(cursor: string | undefined): Offset | undefined {
  if (cursor === undefined) return undefined
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor) as Offset
  return refuse('bad-request', 'not a cursor', [
    { path: 'cursor', expected: 'the cursor of an answer', got: cursor },
  ])
}
