import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { type HttpConfig, problemOf } from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from '../problems.ts'
import { takeDownChanges, type WriteAudit } from './changes.ts'
import { everybody, mayDo, mayTouch, type Principal } from './principal.ts'
import { accessOf, type RouteAccess, toInstallation } from './route-access.ts'

/** Tells who sends a request; what is wrong with the key or session that it brings, in words; `null`: it brings none. */
export type Authenticated = Principal | string | null

export type Authenticator = {
  /** `undefined`: only `verify` can tell. */
  recognise(request: FastifyRequest): Authenticated | undefined
  /** Takes some time of the processor. */
  verify(request: FastifyRequest): Promise<Authenticated>
}

export type Guard = {
  /** `null`: nobody is asked who they are. */
  readonly authenticator: Authenticator | null
  readonly requestsPerMinute: HttpConfig['requestsPerMinute']
  /** Takes down what requests change. */
  readonly audit: WriteAudit
}

/** Of a server that nobody is asked at who they are, and where nothing is changed that is to be taken down. */
export const openGuard: Guard = {
  authenticator: null,
  requestsPerMinute: { key: Number.MAX_SAFE_INTEGER, address: Number.MAX_SAFE_INTEGER },
  audit: async () => {},
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; of a route for anyone, `everybody`. */
    principal: Principal
  }
}

/** Wrong keys that an address may send in a minute. */
const wrongPerMinute = 30

/** What nobody has thought about is for those who may do everything. */
const undeclared: RouteAccess = toInstallation('admin')

/**
 * Lets through whom the route of a request is for: 401 without a valid key or session, 404 for the tenant of others, as if there were none, 403 without the
 * scope, before the body is read and anything is looked up. Called before the routes are added.
 */
export async function guardRoutes(
  app: FastifyInstance,
  { authenticator, requestsPerMinute, audit }: Guard,
): Promise<void> {
  app.decorateRequest('principal')
  takeDownChanges(app, audit)
  app.addHook('onRequest', (request, _reply, next) => {
    request.principal = everybody
    next()
  })
  if (authenticator === null) return
  await app.register(cookie)
  const limits = await limitsOf(app, requestsPerMinute)

  app.addHook('onRequest', async (request, reply) => {
    const access = accessOf(request.routeOptions) ?? undeclared
    if (access.to === 'anyone') return limits.address(request, reply)
    let found = authenticator.recognise(request)
    if (found === undefined) {
      if (await limits.hasErredTooOften(request, reply)) return reply
      found = await authenticator.verify(request)
    }
    if (found === null || typeof found === 'string') {
      await (found === null ? limits.address : limits.wrong)(request, reply)
      return reply.sent ? reply : refuseUnknown(reply, found)
    }
    request.principal = found
    await limits.key(request, reply)
    return reply.sent ? reply : refuseForeign(access, request, reply)
  })
}

function refuseUnknown(reply: FastifyReply, reason: string | null): FastifyReply {
  // Basic is taken, but not asked for: a browser would put a window of its own over the page.
  reply.header('www-authenticate', 'Bearer realm="deskpulse"')
  return sendProblem(reply, problemOf('unauthorized', reason ?? 'send Authorization: Bearer …'))
}

function refuseForeign(
  access: Exclude<RouteAccess, { readonly to: 'anyone' }>,
  { principal, params }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const { tenant } = params as { readonly tenant?: string }
  if (access.to === 'tenant' && (tenant === undefined || !mayTouch(principal, tenant)))
    return sendProblem(reply, problemOf('unknown-tenant', 'there is no such tenant'))
  if (!mayDo(principal, access.scope))
    return sendProblem(reply, problemOf('forbidden', `this needs the scope ${access.scope}`))
  if (access.to === 'installation' && principal.tenants !== 'all')
    return sendProblem(reply, problemOf('forbidden', 'this needs a key of the installation'))
  return undefined
}

type Limiting = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/** Each answers 429 past its limit. */
async function limitsOf(
  app: FastifyInstance,
  { address, key }: HttpConfig['requestsPerMinute'],
): Promise<
  Record<'address' | 'wrong' | 'key', Limiting> & {
    hasErredTooOften(request: FastifyRequest, reply: FastifyReply): Promise<boolean>
  }
> {
  await app.register(rateLimit, { global: false, timeWindow: '1 minute' })
  const wrong = app.createRateLimit({ max: wrongPerMinute })
  const past = (reply: FastifyReply, seconds: number): FastifyReply =>
    sendProblem(reply.header('retry-after', seconds), problemOf('rate-limited', `in ${seconds} s`))
  const limiting =
    (limit: typeof wrong): Limiting =>
    async (request, reply) => {
      const state = await limit(request)
      return state.isAllowed || !state.isExceeded ? undefined : past(reply, state.ttlInSeconds)
    }
  return {
    address: limiting(app.createRateLimit({ max: address })),
    wrong: limiting(wrong),
    key: limiting(app.createRateLimit({ max: key, keyGenerator: ({ principal }) => principal.id })),
    async hasErredTooOften(request, reply) {
      const state = await wrong(request, { increment: false })
      if (state.isAllowed || state.remaining > 0) return false
      past(reply, state.ttlInSeconds)
      return true
    },
  }
}
