import type { Scope, SessionView } from '@deskpulse/contract'
import { type Principal, refuse, servePage, toAnyone } from '@deskpulse/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from '../access.ts'
import { signInRoutes } from '../oidc/routes.ts'
import { sessionChange } from './change.ts'
import { sessionOperations } from './operations.ts'

const folder = new URL('../../page/', import.meta.url)

const sessionView = (
  mode: SessionView['mode'],
  { name, tenants, scopes }: Principal,
): SessionView => ({
  ...{ mode, name },
  tenants: tenants === 'all' ? null : [...tenants],
  scopes: [...scopes] satisfies Scope[],
})

/** `/sign-in`, the page, and `/v1/session`: every server with pages has them. */
export async function sessionRoutes(
  app: FastifyInstance,
  access: Pick<Access, 'mode' | 'sessions' | 'keys' | 'holderOf' | 'signIn'>,
): Promise<void> {
  const { mode, sessions, keys, holderOf, signIn } = access
  await servePage(app, {
    ...{ folder, page: '/sign-in', files: '/sign-in/assets/' },
    framedBy: 'none',
  })
  if (signIn !== null) await signInRoutes(app, { ...signIn, keys })
  app.get('/sign-in/ways.json', { schema: { access: toAnyone } }, () => ({
    provider: signIn !== null,
  }))
  const view = ({ principal }: FastifyRequest): SessionView => sessionView(mode, principal)

  app.get('/v1/session', { schema: { operation: sessionOperations.session } }, (request, reply) =>
    reply.header('cache-control', 'no-store').send(view(request)),
  )
  app.post(
    '/v1/session',
    { schema: { operation: sessionOperations.begin } },
    async (request, reply) => {
      const holder = holderOf(request.principal)
      // Another session would last on, and a token of the provider shorter than one.
      const isOfKey = holder.kind === 'key' && request.headers.authorization !== undefined
      if (sessions !== null && !isOfKey) refuse('forbidden', 'a session begins with a key')
      await sessions?.begin(request, reply, holder)
      await request.changed(sessions && sessionChange(keys, holder))
      return view(request)
    },
  )
  app.delete(
    '/v1/session',
    { schema: { operation: sessionOperations.end } },
    async (request, reply) => {
      const holder = (await sessions?.holderIn(request)) ?? null
      const isOver = holder?.kind === 'key' && keys.find(holder.keyId)?.revokedAtMs !== null
      sessions?.end(reply)
      await request.changed(holder === null || isOver ? null : sessionChange(keys, holder))
      return reply.code(204).send()
    },
  )
}
