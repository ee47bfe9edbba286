import { plainSessionCookie, sessionCookie } from '@deskpulse/runtime'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { jwtVerify, SignJWT } from 'jose'

export type SessionsDeps = {
  /** Of all processes that a browser may ask: `auth.sessionSecret`. */
  readonly secret: string
  readonly lastsMs: number
  readonly nowMs: () => number
  /** Pages are asked for over HTTPS, also where a proxy asks on over HTTP. */
  readonly isSecure: boolean
}

/** Sessions of browsers: a cookie that no script reads, signed, which names the key that it began with. Nothing is kept of them. */
export type Sessions = {
  /** `lastsMs`: another time than the configured one. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    keyId: string,
    lastsMs?: number,
  ): Promise<void>
  end(reply: FastifyReply): void
  /** What a request brings. */
  tokenOf(request: FastifyRequest): string | undefined
  /** The id of the key whose session a request brings; `null`: it brings none that goes on. */
  keyIdOf(request: FastifyRequest): Promise<string | null>
  /** The id of the key. `null`: the session is over; `undefined`: this process has not seen it before. */
  recognise(token: string): string | null | undefined
  /** `null`: the session is over, or no session of this installation. */
  verify(token: string): Promise<string | null>
}

const issuer = 'deskpulse'
/** Past it all are verified anew. */
const seenMax = 10_000

export function sessionsOf(deps: SessionsDeps): Sessions {
  const { secret, lastsMs: usualMs, nowMs } = deps
  const key = new TextEncoder().encode(secret)
  /** Tokens that were verified. */
  const seen = new Map<string, { readonly keyId: string; readonly endsMs: number }>()
  /** A cookie of the plain name is nobody's over HTTPS: a network could have put it there. */
  const isSecure = ({ protocol }: FastifyRequest): boolean => deps.isSecure || protocol === 'https'
  const nameFor = (request: FastifyRequest): string =>
    isSecure(request) ? sessionCookie : plainSessionCookie

  const sessions: Sessions = {
    async begin(request, reply, keyId, lastsMs = usualMs) {
      const nowS = Math.floor(nowMs() / 1_000)
      const lastsS = Math.floor(lastsMs / 1_000)
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setSubject(keyId)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + lastsS)
        .sign(key)
      void reply.setCookie(nameFor(request), token, {
        ...attributes(isSecure(request)),
        maxAge: lastsS,
      })
    },
    end(reply) {
      void reply.clearCookie(sessionCookie, attributes(true))
      void reply.clearCookie(plainSessionCookie, attributes(false))
    },
    tokenOf: (request) => request.cookies[nameFor(request)],
    async keyIdOf(request) {
      const token = sessions.tokenOf(request)
      if (token === undefined) return null
      const keyId = sessions.recognise(token)
      return keyId === undefined ? sessions.verify(token) : keyId
    },
    recognise(token) {
      const found = seen.get(token)
      return found === undefined ? undefined : found.endsMs > nowMs() ? found.keyId : null
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          ...{ issuer, algorithms: ['HS256'] },
          currentDate: new Date(nowMs()),
        })
        const { sub: keyId, exp = 0 } = payload
        if (keyId === undefined) return null
        if (seen.size >= seenMax) seen.clear()
        seen.set(token, { keyId, endsMs: 1_000 * exp })
        return keyId
      } catch {
        return null
      }
    },
  }
  return sessions
}

/** Links from elsewhere open pages, which then ask by themselves: no request of another site needs the cookie. */
const attributes = (isSecure: boolean): CookieSerializeOptions => ({
  ...{ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure },
})
