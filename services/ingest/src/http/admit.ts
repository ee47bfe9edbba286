import { type Problem, type ProblemCode, problemOf } from '@deskpulse/contract'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { TenantDirectory } from '../intake/tenants.ts'
import type { Admission, Share } from './admission.ts'

export type AdmitDeps = {
  readonly tenants: TenantDirectory
  readonly admission: Admission
  readonly isStopping: () => boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What it holds of the memory for bodies, once it was let in. */
    share: Share | null
  }
}

/** Problems of whatever sends something to a tenant. */
export const ofAdmission: readonly ProblemCode[] = [
  ...(['unknown-tenant', 'too-many-tenants', 'cross-site', 'too-large'] as const),
  ...(['unsupported-media-type', 'overloaded'] as const),
  ...(['log-unavailable', 'log-full', 'stopping'] as const),
]

/** `null`: what is sent to the tenant is taken. */
export function tenantProblem(tenants: TenantDirectory, tenant: string): Problem | null {
  switch (tenants.judge(tenant)) {
    case 'unknown':
      return problemOf('unknown-tenant', 'the configuration names no such tenant')
    case 'full':
      return problemOf(
        'too-many-tenants',
        'openTenantsMax tenants are known, and this is none of them',
      )
    case 'accepted':
      return null
  }
}

/** Lets a request in, or says why no body should be read of it. */
function admit(deps: AdmitDeps, request: FastifyRequest, reply: FastifyReply): Problem | null {
  const { tenant } = request.params as { readonly tenant: string }
  if (deps.isStopping()) return problemOf('stopping', 'the service is stopping')
  const foreign = tenantProblem(deps.tenants, tenant)
  if (foreign !== null) return foreign
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    return problemOf('unsupported-media-type', 'send the body without content encoding')
  const share = deps.admission.enter({ client: request.ip, tenant })
  if (share === null) return problemOf('overloaded', 'too many requests are under way')
  request.share = share
  reply.raw.once('close', () => share.release())
  return null
}

/** Before a body of a route of `/v1/tenants/:tenant/…` is read. */
export const admitOnRequest =
  (deps: AdmitDeps): onRequestHookHandler =>
  (request, reply, next) => {
    const problem = admit(deps, request, reply)
    if (problem === null) next()
    else sendProblem(reply, problem)
  }
