import type { Erasures } from '@deskpulse/access'
import {
  erasureBody,
  erasureQuery,
  type ErasureResponse,
  namesOneOf,
  problemOf,
  tenantPath,
} from '@deskpulse/contract'
import { type Principal, refuse, sendProblem, type ZodTypes } from '@deskpulse/runtime'
import type { RewritableTopic } from '@deskpulse/stream'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { tenantProblem } from '../http/admit.ts'
import { type KeysOf, pseudonymsOf } from '../intake/pseudonym.ts'
import type { TenantDirectory } from '../intake/tenants.ts'
import { findLetters, type FoundLetters, removeLetters } from './letters.ts'
import { eraseCustomer } from './operations.ts'

/** What leads to a customer, beside the log. */
export type Erasing = {
  readonly erased: Pick<Erasures, 'erase' | 'shownAs'>
  readonly deadLetters: Pick<RewritableTopic, 'read' | 'rewrite'>
  /** How long a record may stay in the raw topic; `null`: there is no raw topic. */
  readonly rawKeptMs: number | null
}

export type ErasureDeps = Erasing & {
  readonly tenants: TenantDirectory
  readonly keysOf: KeysOf
  readonly nowMs: () => number
  readonly isStopping: () => boolean
}

type Asked = {
  readonly tenant: string
  readonly customerId: string
  readonly dryRun: boolean
  readonly principal: Principal
  readonly changed: FastifyRequest['changed']
}

/** Beside the one that is under way: each may read all dead letters several times. */
const waitingMax = 8

/** `POST /v1/tenants/{tenant}/erasures`. A customer's id is in its body alone, and goes no further. */
export function erasureRoutes(deps: ErasureDeps): FastifyPluginAsync {
  const inTurn = oneByOne()
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypes>()
    const schema = { params: tenantPath, querystring: erasureQuery, operation: eraseCustomer }
    app.post('/v1/tenants/:tenant/erasures', { schema }, async (request, reply) => {
      const { params, query, body, principal } = request
      const { tenant } = params
      const foreign = deps.isStopping()
        ? problemOf('stopping', 'the service is stopping')
        : tenantProblem(deps.tenants, tenant)
      if (foreign !== null) return sendProblem(reply, foreign)
      const changed: Asked['changed'] = (change) => request.changed(change)
      const asked = { tenant, ...query, customerId: customerOf(body), principal, changed }
      return reply.send(await inTurn(() => erase(deps, asked)))
    })
  }
}

/** Not by the route's schema, whose problems repeat what was sent. @throws Refused */
function customerOf(body: unknown): string {
  const parsed = erasureBody.safeParse(body)
  if (parsed.success) return parsed.data.customerId
  const expected = 'text of 1 to 256 characters without control characters, and nothing else'
  return refuse('bad-request', 'not what it must be: /customerId', [
    { path: '/customerId', expected, got: 'what is not repeated' },
  ])
}

/** One at a time: two that rewrite the same topic write what the other one removes. */
function oneByOne(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  return (act) => {
    if (count > waitingMax) refuse('busy', 'too many erasures wait; try again')
    count += 1
    const done = last.then(act).finally(() => (count -= 1))
    last = done.catch(() => {})
    return done
  }
}

/** @throws Refused limit-reached, the log's error: the words that stand by then are in the audit, too. */
async function erase(deps: ErasureDeps, asked: Asked): Promise<ErasureResponse> {
  const { rawKeptMs, nowMs } = deps
  const { dryRun, changed } = asked
  const shownAs: string[] = []
  const tell = (after: object): Promise<void> =>
    changed(dryRun ? null : { object: shownAs.join(' '), after })

  const found = await eraseNow(deps, asked, shownAs).catch(async (error: unknown) => {
    if (shownAs.length > 0) await tell({ shownAs })
    throw error
  })
  const after = {
    ...{ shownAs, deadLetters: found.letters, unreadable: found.unreadable },
    raw: rawKeptMs === null ? null : { until: new Date(nowMs() + rawKeptMs).toISOString() },
  }
  await tell(after)
  return { dryRun, ...after }
}

/** @param shownAs gets each word as soon as it stands. */
async function eraseNow(
  { erased, deadLetters, tenants, keysOf }: ErasureDeps,
  { tenant, customerId, dryRun, principal }: Asked,
  shownAs: string[],
): Promise<FoundLetters> {
  const pseudonyms = pseudonymsOf(keysOf, tenant, customerId)
  for (const pseudonym of pseudonyms) {
    const word = dryRun ? erased.shownAs(tenant, pseudonym) : await erased.erase(tenant, pseudonym)
    if (word !== undefined) shownAs.push(word)
  }
  const words = [customerId, ...pseudonyms]
  const isWhole = principal.tenants === 'all'
  return (dryRun ? findLetters : removeLetters)(deadLetters, {
    isTheirs: (of) => of === tenant || (isWhole && (of === null || !tenants.accepts(of))),
    isNamed: ({ original }) => namesOneOf(original.bytes, words),
  })
}
