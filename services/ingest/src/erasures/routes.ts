import type { Erasures } from '@deskpulse/access'
import {
  type DeadLetter,
  erasureBody,
  erasureQuery,
  type ErasureResponse,
  namesOneOf,
  problemOf,
  tenantPath,
} from '@deskpulse/contract'
import { type Principal, refuse, sendProblem, type ZodTypes } from '@deskpulse/runtime'
import type { RewritableTopic } from '@deskpulse/stream'
import type { FastifyPluginAsync } from 'fastify'
import { tenantProblem } from '../http/admit.ts'
import { type KeysOf, pseudonymsOf } from '../intake/pseudonym.ts'
import type { TenantDirectory } from '../intake/tenants.ts'
import { findLetters, removeLetters } from './letters.ts'
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
}

/** `POST /v1/tenants/{tenant}/erasures`. A customer's id is in its body alone, and goes no further. */
export function erasureRoutes(deps: ErasureDeps): FastifyPluginAsync {
  const erase = erasing(deps)
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
      const asked = { tenant, ...query, customerId: customerOf(body), principal }
      const answer = await erase(asked)
      const { dryRun: _no, ...after } = answer
      await request.changed(query.dryRun ? null : { object: answer.shownAs.join(' '), after })
      return reply.send(answer)
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
function erasing(deps: ErasureDeps): (asked: Asked) => Promise<ErasureResponse> {
  let underWay: Promise<unknown> = Promise.resolve()
  return (asked) => {
    const done = underWay.then(() => eraseNow(deps, asked))
    underWay = done.catch(() => {})
    return done
  }
}

async function eraseNow(
  { erased, deadLetters, rawKeptMs, tenants, keysOf, nowMs }: ErasureDeps,
  { tenant, customerId, dryRun, principal }: Asked,
): Promise<ErasureResponse> {
  const pseudonyms = pseudonymsOf(keysOf, tenant, customerId)
  const words = [customerId, ...pseudonyms]
  const isWhole = principal.tenants === 'all'
  const isTheirs = (of: string | null): boolean =>
    of === tenant || (isWhole && (of === null || !tenants.accepts(of)))
  const isErased = ({ tenant: of, original }: DeadLetter): boolean =>
    isTheirs(of) && namesOneOf(original.bytes, words)

  const shownAs: string[] = []
  for (const pseudonym of pseudonyms) {
    const word = dryRun ? erased.shownAs(tenant, pseudonym) : await erased.erase(tenant, pseudonym)
    if (word !== undefined) shownAs.push(word)
  }
  const found = await (dryRun ? findLetters : removeLetters)(deadLetters, isErased)
  return {
    ...{ dryRun, shownAs, deadLetters: found.letters, unreadable: found.unreadable },
    raw: rawKeptMs === null ? null : { until: new Date(nowMs() + rawKeptMs).toISOString() },
  }
}
