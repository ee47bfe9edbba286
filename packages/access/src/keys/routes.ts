import {
  boardPath,
  keyPath,
  type KeyRecord,
  type KeyView,
  newBoardBody,
  newKeyBody,
  tenantKeyPath,
  tenantPath,
} from '@deskpulse/contract'
import { type Principal, refuse, toInstallation, toTenant, type ZodTypes } from '@deskpulse/runtime'
import { dayMs } from '@deskpulse/core/time'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from '../access.ts'
import { sessionChange } from '../session/change.ts'
import type { Holder } from '../session/sessions.ts'
import {
  auditedKey,
  boardLink,
  createKey,
  type Doing,
  keyView,
  newBoard,
  type NewKey,
  revokeKey,
} from './keys.ts'
import { boardOperations, keyOperations } from './operations.ts'

export type KeyRoutesDeps = Pick<Access, 'mode' | 'keys' | 'sessions' | 'ofKey'> & {
  /** Whether there is the tenant, or may be. */
  readonly knows: (tenant: string) => boolean
  readonly nowMs: () => number
}

/** Valid ones of a tenant, or of the installation. */
const keysMax = 1_000
/** What revokes and expires a board is its key: its session lasts as long as browsers keep one. */
const boardSessionMs = 400 * dayMs

const unnamed = 'somebody'

/** `/v1/keys`, `/v1/tenants/{tenant}/keys`, `…/boards`, and what the link of a board opens. One server of an installation has them. */
export async function keyRoutes(instance: FastifyInstance, deps: KeyRoutesDeps): Promise<void> {
  const app = instance.withTypeProvider<ZodTypes>()
  const held = holding(deps)

  const whole = keyOperations('Installation', toInstallation('admin'))
  app.get('/v1/keys', { schema: { operation: whole.list } }, () => ({ keys: held.keys(null) }))
  app.post(
    '/v1/keys',
    { schema: { body: newKeyBody, operation: whole.create } },
    async (request, reply) =>
      reply.code(201).send(await held.create(request, { ...request.body, tenant: null })),
  )
  app.delete(
    '/v1/keys/:id',
    { schema: { params: keyPath, operation: whole.revoke } },
    async (request, reply) => {
      await held.revoke(request, { tenant: null, id: request.params.id, isBoard: false })
      return reply.code(204).send()
    },
  )

  const own = keyOperations('Tenant', toTenant('admin'))
  const base = '/v1/tenants/:tenant'
  app.get(
    `${base}/keys`,
    { schema: { params: tenantPath, operation: own.list } },
    ({ params: { tenant } }) => ({ keys: held.keys(known(deps, tenant)) }),
  )
  app.post(
    `${base}/keys`,
    { schema: { params: tenantPath, body: newKeyBody, operation: own.create } },
    async (request, reply) => {
      const tenant = known(deps, request.params.tenant)
      return reply.code(201).send(await held.create(request, { ...request.body, tenant }))
    },
  )
  app.delete(
    `${base}/keys/:id`,
    { schema: { params: tenantKeyPath, operation: own.revoke } },
    async (request, reply) => {
      await held.revoke(request, { ...request.params, isBoard: false })
      return reply.code(204).send()
    },
  )
  boardRoutes(instance, deps, held)
}

/** @throws Refused 404 */
function known({ knows }: KeyRoutesDeps, tenant: string): string {
  if (!knows(tenant)) refuse('unknown-tenant', 'there is no such tenant')
  return tenant
}

function boardRoutes(
  instance: FastifyInstance,
  deps: KeyRoutesDeps,
  held: ReturnType<typeof holding>,
): void {
  const app = instance.withTypeProvider<ZodTypes>()
  const operations = boardOperations(toTenant('admin'))
  const base = '/v1/tenants/:tenant/boards'
  app.get(
    base,
    { schema: { params: tenantPath, operation: operations.list } },
    ({ params: { tenant } }) => ({ boards: held.boards(known(deps, tenant)) }),
  )
  app.post(
    base,
    { schema: { params: tenantPath, body: newBoardBody, operation: operations.create } },
    async (request, reply) => {
      const tenant = known(deps, request.params.tenant)
      const board = newBoard(tenant, request.body)
      const { key, ...view } = await held.create(request, board)
      return reply.code(201).send({ ...view, page: board.board, link: boardLink(key) })
    },
  )
  app.delete(
    `${base}/:id`,
    { schema: { params: tenantKeyPath, operation: operations.revoke } },
    async (request, reply) => {
      await held.revoke(request, { ...request.params, isBoard: true })
      return reply.code(204).send()
    },
  )
  app.get(
    '/boards/:key',
    { schema: { params: boardPath, operation: operations.open } },
    async (request, reply) => {
      if (await instance.guesses.areTooMany(request, reply)) return reply
      const found = await deps.ofKey(request.params.key)
      const page = typeof found === 'object' ? deps.keys.find(found.id)?.board : undefined
      if (typeof found !== 'object' || page === null || page === undefined) {
        if ((await instance.guesses.wrong(request, reply)) !== undefined) return reply
        return isBrowser(request)
          ? reply.redirect('/sign-in?from=board', 303)
          : refuse('unknown-key', 'there is no such board, or none any more')
      }
      const holder: Holder = { kind: 'key', keyId: found.id }
      await deps.sessions?.begin(request, reply, holder, boardSessionMs)
      await request.changed(deps.sessions && sessionChange(deps.keys, holder))
      return reply.redirect(page, 303)
    },
  )
}

/** A screen has to say what is wrong in words. */
const isBrowser = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  /\btext\/html\b/i.test(accept)

type Named = { readonly tenant: string | null; readonly id: string; readonly isBoard: boolean }

/** What the routes do with the keys that there are. */
function holding({ mode, keys, nowMs }: KeyRoutesDeps) {
  const doing = ({ principal }: FastifyRequest): Doing => ({
    by: nameOf(principal),
    atMs: nowMs(),
  })
  const viewOf = (record: KeyRecord): KeyView =>
    keyView(record, keys.lastUsedMs(record.id), nowMs())
  const of = (tenant: string | null): readonly KeyRecord[] =>
    keys.list().filter((key) => key.tenant === tenant)
  /** By tenant: those that are on their way to the topic. */
  const making = new Map<string | null, number>()

  return {
    keys: (tenant: string | null): KeyView[] =>
      of(tenant)
        .filter(({ board }) => board === null)
        .map(viewOf),
    boards: (tenant: string): (KeyView & { page: string })[] =>
      of(tenant).flatMap((key) =>
        key.board === null ? [] : [{ ...viewOf(key), page: key.board }],
      ),
    /** @throws Refused, the log's error */
    async create(request: FastifyRequest, asked: NewKey): Promise<KeyView & { key: string }> {
      // It would be valid still when nobody may come in without one any more.
      if (mode === 'open')
        refuse('forbidden', 'with auth.mode open keys are made by deskpulse keys create')
      const { tenant } = asked
      const valid = of(tenant).filter((key) => viewOf(key).status === 'valid')
      const under = making.get(tenant) ?? 0
      if (valid.length + under >= keysMax)
        refuse('limit-reached', `there are ${keysMax} valid keys already`)
      making.set(tenant, under + 1)
      const made = createKey(keys, asked, doing(request))
      const { record, text } = await made.finally(() =>
        making.set(tenant, (making.get(tenant) ?? 1) - 1),
      )
      const view = viewOf(record)
      await request.changed({ object: record.id, after: auditedKey(record, view) })
      return { ...view, key: text }
    },
    /** @throws Refused, the log's error */
    async revoke(request: FastifyRequest, { tenant, id, isBoard }: Named): Promise<void> {
      const key = keys.find(id)
      if (key === undefined || key.tenant !== tenant || (key.board !== null) !== isBoard)
        return refuse('unknown-key', 'there is no such key')
      if (key.revokedAtMs !== null) return request.changed(null)
      const before = auditedKey(key, viewOf(key))
      await revokeKey(keys, key, doing(request))
      const revoked = keys.find(id) ?? key
      await request.changed({ object: id, before, after: auditedKey(revoked, viewOf(revoked)) })
    },
  }
}

const nameOf = ({ name }: Principal): string => name ?? unnamed
