import { signInCallbackQuery, signInQuery } from '@deskpulse/contract'
import type { ZodTypes } from '@deskpulse/runtime'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { KeyStore } from '../keys/key-store.ts'
import { sessionChange } from '../session/change.ts'
import { sessionOperations } from '../session/operations.ts'
import type { Holder, Sessions } from '../session/sessions.ts'
import type { Signing } from '../session/signing.ts'
import type { Provider, SignIn } from './provider.ts'

export type SignInDeps = {
  readonly provider: Provider
  readonly sessions: Sessions
  readonly signing: Signing
  /** Of the pages, where a proxy may name another host than people do; `null`: as the request says. */
  readonly origin: string | null
}

export type SignInRoutesDeps = SignInDeps & { readonly keys: Pick<KeyStore, 'find'> }

const cookie = 'deskpulse-sign-in'
/** Over HTTPS; another host below the same name cannot put it there. */
const secureCookie = `__Host-${cookie}`
const audience = 'sign-in'
/** How long somebody may take to sign in. */
const lastsMs = 10 * 60_000
const callbackPath = '/sign-in/callback'

type Kept = SignIn & { readonly to: string }

/** `/sign-in/provider` leads to the OpenID provider, which leads back to `/sign-in/callback`. What fails leads to the page `/sign-in`, with why. */
export async function signInRoutes(
  instance: FastifyInstance,
  deps: SignInRoutesDeps,
): Promise<void> {
  const app = instance.withTypeProvider<ZodTypes>()
  const { provider, sessions, signing } = deps
  /** The name that was looked at: a proxy may be believed who asks, but not what the server is called. */
  const originOf = (request: FastifyRequest): string => {
    const scheme = sessions.isSecure(request) ? 'https' : 'http'
    return deps.origin ?? `${scheme}://${request.headers.host ?? request.host}`
  }
  const nameFor = (request: FastifyRequest): string =>
    sessions.isSecure(request) ? secureCookie : cookie
  /** The provider leads back from another site: a strict cookie would not come. */
  const attributes = (request: FastifyRequest): CookieSerializeOptions => ({
    ...{ path: '/', httpOnly: true, sameSite: 'lax', secure: sessions.isSecure(request) },
  })

  app.get(
    '/sign-in/provider',
    { schema: { querystring: signInQuery, operation: sessionOperations.provider } },
    async (request, reply) => {
      const begun = await provider
        .begin(`${originOf(request)}${callbackPath}`)
        .catch((error: unknown) => failed(request.log, error))
      if (begun === null) return back(reply, 'provider')
      const kept: Kept = { ...begun.signIn, to: request.query.to }
      const token = await signing.sign(audience, kept, lastsMs)
      void reply.setCookie(nameFor(request), token, {
        ...attributes(request),
        maxAge: lastsMs / 1_000,
      })
      return reply.redirect(begun.address, 303)
    },
  )

  app.get(
    callbackPath,
    { schema: { querystring: signInCallbackQuery, operation: sessionOperations.callback } },
    async (request, reply) => {
      const token = request.cookies[nameFor(request)]
      const kept = token === undefined ? null : await signing.verify(audience, token)
      void reply.clearCookie(nameFor(request), attributes(request))
      if (kept === null) return back(reply, 'again')
      const { to, ...signIn } = kept as unknown as Kept
      const address = new URL(request.url, originOf(request))
      const person = await provider
        .end(address, signIn)
        .catch((error: unknown) => failed(request.log, error))
      if (person === null) return back(reply, 'provider')
      if (typeof person === 'string') {
        request.log.warn({ reason: person }, 'somebody who signed in may do nothing here')
        return back(reply, 'role')
      }
      const holder: Holder = { kind: 'person', principal: person }
      await sessions.begin(request, reply, holder)
      await request.changed(sessionChange(deps.keys, holder))
      return reply.redirect(to, 303)
    },
  )
}

function failed(log: FastifyBaseLogger, error: unknown): null {
  log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'a sign-in failed')
  return null
}

const back = (reply: FastifyReply, failure: 'again' | 'provider' | 'role'): FastifyReply =>
  reply.redirect(`/sign-in?failed=${failure}`, 303)
