import type { Scope, SessionView } from '@deskpulse/contract'
import { type Principal, servePage } from '@deskpulse/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from '../access.ts'
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
  { mode, sessions, keys }: Pick<Access, 'mode' | 'sessions' | 'keys'>,
): Promise<void> {
  await servePage(app, {
    ...{ folder, page: '/sign-in', files: '/sign-in/assets/' },
    framedBy: 'none',
  })
  const view = ({ principal }: FastifyRequest): SessionView => sessionView(mode, principal)

  app.get('/v1/session', { schema: { operation: sessionOperations.session } }, (request, reply) =>
    reply.header('cache-control', 'no-store').send(view(request)),
  )
  app.post(
    '/v1/session',
    { schema: { operation: sessionOperations.begin } },
    async (request, reply) => {
      const { id } = request.principal
      await sessions?.begin(request, reply, id)
      await request.changed(sessions && sessionChange(keys, id))
      return view(request)
    },
  )
  app.delete(
    '/v1/session',
    { schema: { operation: sessionOperations.end } },
    async (request, reply) => {
      const id = (await sessions?.keyIdOf(request)) ?? null
      sessions?.end(reply)
      await request.changed(id === null ? null : sessionChange(keys, id))
      return reply.code(204).send()
    },
  )
}
