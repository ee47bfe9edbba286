import { randomUUID } from 'node:crypto'
import {
  appealBody,
  appealPath,
  type AppealTakenResponse,
  decisionBody,
  problemOf,
  tenantPath,
  wireType,
} from '@deskpulse/contract'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf } from '@deskpulse/core/kpis'
import { refuse, sendProblem, type ZodTypes } from '@deskpulse/runtime'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { admitOnRequest } from '../http/admit.ts'
import { takeElements } from '../http/body.ts'
import type { RouteDeps } from '../http/routes.ts'
import { tally } from '../http/tally.ts'
import { decideAppeal, fileAppeal } from './operations.ts'

/** Of the events that these addresses send. */
const source = '/appeals'

type Told = {
  readonly id: string
  readonly type: 'appeal.filed' | 'appeal.decided'
  readonly data: { readonly appealId: string; readonly kpis?: readonly string[] | undefined }
}

/** `/v1/tenants/{tenant}/appeals`: appeals about score cards are filed and decided. Both are events, so that sources may send them, too. */
export function appealRoutes(deps: RouteDeps): FastifyPluginAsync {
  async function tell(tenant: string, { data, ...told }: Told, reply: FastifyReply) {
    refuseUnknownKpis(data.kpis ?? [], deps.tenants.named.get(tenant)?.config)
    const event = {
      ...{ specversion: '1.0', source, id: told.id, type: wireType(told.type) },
      ...{ time: new Date(deps.nowMs()).toISOString(), tenant, data },
    }
    const seen = tally()
    await takeElements(deps, tenant, [Buffer.from(JSON.stringify(event))], seen)
    deps.metrics.received('http', seen.seen)
    deps.metrics.accepted('http', seen.accepted)
    const [refusal] = seen.answer().body.refusals
    if (refusal !== undefined) return sendProblem(reply, problemOf('bad-request', refusal.expected))
    const { appealId, ...after } = data
    await reply.request.changed({ object: appealId, after })
    const answer: AppealTakenResponse = { appealId }
    return reply.code(202).send(answer)
  }

  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypes>()
    const onRequest = admitOnRequest(deps)
    app.post(
      '/v1/tenants/:tenant/appeals',
      { schema: { params: tenantPath, body: appealBody, operation: fileAppeal }, onRequest },
      async ({ params: { tenant }, body: { appealId = randomUUID(), ...filed } }, reply) => {
        const told = { id: `${appealId}/filed`, type: 'appeal.filed' } as const
        return tell(tenant, { ...told, data: { appealId, ...filed } }, reply)
      },
    )
    app.post(
      '/v1/tenants/:tenant/appeals/:appeal/decision',
      { schema: { params: appealPath, body: decisionBody, operation: decideAppeal }, onRequest },
      async ({ params: { tenant, appeal: appealId }, body: decided }, reply) => {
        const told = { id: `${appealId}/${randomUUID()}`, type: 'appeal.decided' } as const
        return tell(tenant, { ...told, data: { appealId, ...decided } }, reply)
      },
    )
  }
}

function refuseUnknownKpis(kpis: readonly string[], config = defaultTenantConfig): void {
  const { byId } = catalogueOf(config)
  const errors = kpis.flatMap((got, place) =>
    byId(got) === undefined ? [{ path: `/kpis/${place}`, expected: 'a KPI', got }] : [],
  )
  if (errors.length > 0) refuse('unknown-kpi', 'there is no such KPI', errors)
}
