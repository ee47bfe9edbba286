import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { type HttpConfig, problemOf, type Scope } from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from '../problems.ts'
import { takeDownChanges, type WriteAudit } from './changes.ts'
import { everybody, mayDo, mayTouch, type Principal } from './principal.ts'
import { accessOf, type RouteAccess, toInstallation } from './route-access.ts'

/** Tells who sends a request; what is wrong with the key or session that it brings, in words; `null`: it brings none. */
export type Authenticated = Principal | string | null

export type Authenticator = {
  /** By what a request says who sends it; `null`: nothing that could be right. */
  brings(request: FastifyRequest): 'key' | 'token' | 'session' | null
  /** `undefined`: only `verify` can tell. */
  recognise(request: FastifyRequest): Authenticated | undefined
  /** Takes some time of the processor. @throws Refused when too many are looked at */
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
  interface FastifyInstance {
    /** For a route that takes a key by itself. */
    readonly guesses: Guesses
  }
  interface FastifyRequest {
    /** Who sends it; of a route for anyone, `everybody`. */
    principal: Principal
    /** Whether it would be let through now: of one that takes long, its key may be over. A promise where only `verify` can tell. @throws what that throws */
    isStillLetIn(): boolean | Promise<boolean>
  }
}

/** Wrong keys that an address may send in a minute. */
const wrongPerMinute = 30

const isLetIn = (found: Authenticated): found is Principal =>
  found !== null && typeof found !== 'string'

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
  app.decorateRequest('isStillLetIn', function (this: FastifyRequest) {
    if (authenticator === null) return true
    const now = authenticator.recognise(this)
    return now === undefined ? authenticator.verify(this).then(isLetIn) : isLetIn(now)
  })
  takeDownChanges(app, audit)
  app.addHook('onRequest', (request, _reply, next) => {
    request.principal = everybody
    next()
  })
  if (authenticator === null) return void app.decorate('guesses', nobodyGuesses)
  await app.register(cookie)
  const limits = await limitsOf(app, requestsPerMinute)
  app.decorate('guesses', limits)

  app.addHook('onRequest', async (request, reply) => {
    const access = accessOf(request.routeOptions) ?? undeclared
    if (access.to === 'anyone') return limits.address(request, reply)
    let found = authenticator.recognise(request)
    let isGuess = false
    if (found === undefined) {
      // Nobody guesses a session: it is signed.
      isGuess = authenticator.brings(request) !== 'session'
      if (isGuess && (await limits.areTooMany(request, reply))) return reply
      found = await authenticator.verify(request)
    }
    if (!isLetIn(found)) {
      await (isGuess ? limits.wrong : limits.address)(request, reply)
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
    return sendProblem(
      reply,
      problemOf('forbidden', `this needs the scope ${neededFor(access.scope)}`),
    )
  if (access.to === 'installation' && principal.tenants !== 'all')
    return sendProblem(reply, problemOf('forbidden', 'this needs a key of the installation'))
  return undefined
}

/** Keys that are tried: few, since looking at one takes time. */
type Guesses = {
  /** Counts one that was wrong. */
  readonly wrong: Limiting
  /** Of the address of the request; then it is answered. */
  areTooMany(request: FastifyRequest, reply: FastifyReply): Promise<boolean>
}

const nobodyGuesses: Guesses = {
  wrong: () => Promise.resolve(undefined),
  areTooMany: () => Promise.resolve(false),
}

/** In words; who reads sees what a board does. */
const neededFor = (scope: Scope): string => (scope === 'board' ? 'read, or board' : scope)

type Limiting = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/** Each answers 429 past its limit. */
async function limitsOf(
  app: FastifyInstance,
  { address, key }: HttpConfig['requestsPerMinute'],
): Promise<Record<'address' | 'key', Limiting> & Guesses> {
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
    async areTooMany(request, reply) {
      const state = await wrong(request, { increment: false })
      if (state.isAllowed || state.remaining > 0) return false
      past(reply, state.ttlInSeconds)
      return true
    },
  }
}
