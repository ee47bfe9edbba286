import { type Scope, scopes } from '@deskpulse/contract'
import { plainSessionCookie, type Principal, sessionCookie } from '@deskpulse/runtime'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { JWTPayload } from 'jose'
import type { Signing } from './signing.ts'

/** Whose a session is: a key's, for as long as that is valid, or a person's. */
export type Holder =
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'person'; readonly principal: Principal }

export type SessionsDeps = {
  readonly signing: Signing
  readonly lastsMs: number
  readonly nowMs: () => number
  /** Pages are asked for over HTTPS, also where a proxy asks on over HTTP. */
  readonly isSecure: boolean
}

/** Sessions of browsers: a cookie that no script reads, signed, which says whose it is. Nothing is kept of them. */
export type Sessions = {
  /** `lastsMs`: another time than the configured one. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    holder: Holder,
    lastsMs?: number,
  ): Promise<void>
  end(reply: FastifyReply): void
  /** What a request brings. */
  tokenOf(request: FastifyRequest): string | undefined
  /** Whose session a request brings; `null`: it brings none that goes on. */
  holderIn(request: FastifyRequest): Promise<Holder | null>
  /** `null`: the session is over; `undefined`: this process has not seen it before. */
  recognise(token: string): Holder | null | undefined
  /** `null`: the session is over, or no session of this installation. */
  verify(token: string): Promise<Holder | null>
  /** Whether what a browser brings and is given must go over HTTPS. */
  isSecure(request: FastifyRequest): boolean
}

/** Past it all are verified anew. */
const seenMax = 10_000
const audience = 'session'

export function sessionsOf({ signing, lastsMs: usualMs, nowMs, ...deps }: SessionsDeps): Sessions {
  /** Tokens that were verified. */
  const seen = new Map<string, { readonly holder: Holder; readonly endsMs: number }>()
  /** A cookie of the plain name is nobody's over HTTPS: a network could have put it there. */
  const isSecure = ({ protocol }: FastifyRequest): boolean => deps.isSecure || protocol === 'https'
  const nameFor = (request: FastifyRequest): string =>
    isSecure(request) ? sessionCookie : plainSessionCookie

  const sessions: Sessions = {
    isSecure,
    async begin(request, reply, holder, lastsMs = usualMs) {
      const token = await signing.sign(audience, claimsOf(holder), lastsMs)
      void reply.setCookie(nameFor(request), token, {
        ...attributes(isSecure(request)),
        maxAge: Math.floor(lastsMs / 1_000),
      })
    },
    end(reply) {
      void reply.clearCookie(sessionCookie, attributes(true))
      void reply.clearCookie(plainSessionCookie, attributes(false))
    },
    tokenOf: (request) => request.cookies[nameFor(request)],
    async holderIn(request) {
      const token = sessions.tokenOf(request)
      if (token === undefined) return null
      const holder = sessions.recognise(token)
      return holder === undefined ? sessions.verify(token) : holder
    },
    recognise(token) {
      const found = seen.get(token)
      return found === undefined ? undefined : found.endsMs > nowMs() ? found.holder : null
    },
    async verify(token) {
      const claims = await signing.verify(audience, token)
      const holder = claims === null ? null : holderOf(claims)
      if (claims === null || holder === null) return null
      if (seen.size >= seenMax) seen.clear()
      seen.set(token, { holder, endsMs: 1_000 * (claims.exp ?? 0) })
      return holder
    },
  }
  return sessions
}

function claimsOf(holder: Holder): JWTPayload {
  if (holder.kind === 'key') return { sub: holder.keyId, kind: 'key' }
  const { id, name, tenants, scopes: held } = holder.principal
  return {
    ...{ sub: id, kind: 'person', name, scopes: [...held] },
    tenants: tenants === 'all' ? null : [...tenants],
  }
}

/** What was signed here is taken as it is. */
function holderOf({ sub, kind, ...claims }: JWTPayload): Holder | null {
  if (sub === undefined) return null
  if (kind === 'key') return { kind, keyId: sub }
  const { name, tenants } = claims as { readonly name: string; readonly tenants: string[] | null }
  const held = claims['scopes'] as readonly Scope[]
  const principal: Principal = {
    ...{ id: sub, name },
    tenants: tenants === null ? 'all' : new Set(tenants),
    scopes: new Set(scopes.filter((scope) => held.includes(scope))),
  }
  return { kind: 'person', principal }
}

/** Links from elsewhere open pages, which then ask by themselves: no request of another site needs the cookie. */
const attributes = (isSecure: boolean): CookieSerializeOptions => ({
  ...{ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure },
})
