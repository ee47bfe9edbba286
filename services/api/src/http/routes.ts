import {
  agentPath,
  agentScorePath,
  agentsQuery,
  appealsQuery,
  agentTimelineQuery,
  closedQuery,
  explainQuery,
  intradayQuery,
  kpisQuery,
  liveQuery,
  periodsQuery,
  refusalsQuery,
  scoreCardPath,
  scoreCardsQuery,
  scoresQuery,
  slicesQuery,
  tenantPath,
  waitingQuery,
} from '@deskpulse/contract'
import { issuedKey, sliceDaysKey } from '@deskpulse/core/state'
import { sendProblem, type ZodTypes } from '@deskpulse/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { agentsStep } from '../questions/agents.ts'
import { closedStep, issueSince } from '../questions/closed.ts'
import { kpiList } from '../questions/kpis.ts'
import { refusalsStep } from '../questions/refusals.ts'
import { scoreCardsStep } from '../scorecards/answer.ts'
import { appealsStep } from '../scorecards/appeals.ts'
import { sliceValuesStep } from '../questions/slice-values.ts'
import { isOfAgents } from '../questions/slices.ts'
import { waitingPlan } from '../questions/waiting.ts'
import type { Answer as Read } from '../reading/held.ts'
import type { Step } from '../reading/question.ts'
import { type Beside, type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import type { ReadModel } from '../read-model.ts'
import { answerAgain, answerOf, type Exchange, type Request as AnsweredRequest } from './answers.ts'
import type { OfMoment } from './representation.ts'
import { toJson } from './json.ts'
import { answerAgentTimeline } from './agent-timeline.ts'
import { answerExplain } from './explain.ts'
import { answerIntraday } from './intraday.ts'
import { answerLive } from './live.ts'
import { operations } from './operations.ts'
import { answerPeriods } from './periods.ts'
import { answerAgentScore, answerScores } from './scorecards.ts'

type Request = AnsweredRequest &
  Pick<FastifyRequest, 'ip'> & { readonly params: { readonly tenant: string } }

type Exchanges = (request: Request, reply: FastifyReply) => Exchange

const exchangesOf =
  (model: ReadModel): Exchanges =>
  (request, reply) => ({
    ...{ request, reply, nowMs: model.nowMs, erasure: model.erased.revision() },
    view: model.viewOf(request.params.tenant),
    enter: (cost, isPatient) => model.gate.enter(request.ip, cost, isPatient),
  })

/** Answers stand until the next commit: only ones that were right are kept, so that nothing is checked again. */
const againBy =
  (exchange: Exchanges) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    (await answerAgain(
      exchange(request as FastifyRequest<{ Params: Request['params'] }>, reply),
    )) ?? undefined

/** `/v1`: what is read of the tenants. */
export function readRoutes(instance: FastifyInstance, model: ReadModel): void {
  const app = instance.withTypeProvider<ZodTypes>()
  const base = '/v1/tenants/:tenant'

  const exchange = exchangesOf(model)
  const again = againBy(exchange)

  async function answer<Answer extends OfMoment>(
    request: Request,
    reply: FastifyReply,
    plan: (basis: TenantBasis, beside: Read['values']) => Step<Outcome<Answer>>,
    beside: Beside = {},
  ) {
    const { tenant } = request.params
    return answerOf(
      exchange(request, reply),
      tenantQuestion(tenant, model.configured(tenant), plan, beside),
    )
  }

  app.get(
    '/v1/kpis',
    { schema: { querystring: kpisQuery, operation: operations.kpis } },
    async ({ query }, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .send(toJson(kpiList(model.configurations, query.lang))),
  )

  const live = { params: tenantPath, querystring: liveQuery, operation: operations.live }
  app.get(`${base}/kpis/live`, { schema: live, preValidation: again }, async (request, reply) =>
    answerLive(exchange(request, reply), request.params.tenant, model, request.query),
  )

  const periods = { params: tenantPath, querystring: periodsQuery, operation: operations.periods }
  app.get(
    `${base}/kpis/periods`,
    { schema: periods, preValidation: again },
    async (request, reply) =>
      answerPeriods(exchange(request, reply), request.params.tenant, model, request.query),
  )

  const explain = { params: tenantPath, querystring: explainQuery, operation: operations.explain }
  app.get(
    `${base}/kpis/explain`,
    { schema: explain, preValidation: again },
    async (request, reply) =>
      answerExplain(exchange(request, reply), request.params.tenant, model, request.query),
  )

  const closed = { params: tenantPath, querystring: closedQuery, operation: operations.closed }
  app.get(
    `${base}/kpis/closed`,
    { schema: closed, preValidation: again },
    async (request, reply) => {
      const { tenant } = request.params
      const from = await issueSince(model.viewOf(tenant), tenant, request.query)
      if (!from.ok) return sendProblem(reply, from.problem)
      return answer(
        request,
        reply,
        (basis, [head = null]) => closedStep(from.value, request.query.limit, basis, head),
        { keys: [issuedKey(tenant)] },
      )
    },
  )

  const waiting = { params: tenantPath, querystring: waitingQuery, operation: operations.waiting }
  app.get(`${base}/waiting`, { schema: waiting, preValidation: again }, async (request, reply) =>
    answer(request, reply, waitingPlan(request.query), {
      rosters: isOfAgents([request.query.slice]),
    }),
  )

  const agents = { params: tenantPath, querystring: agentsQuery, operation: operations.agents }
  app.get(`${base}/agents`, { schema: agents, preValidation: again }, async (request, reply) =>
    answer(request, reply, (basis) => agentsStep(request.query, basis), { rosters: true }),
  )

  agentTimelineRoute(instance, model, exchange, again)
  intradayRoute(instance, model, exchange, again)
  scoreRoutes(instance, model, exchange, again)
  appealRoute(instance, model, exchange, again)

  const cards = {
    params: tenantPath,
    querystring: scoreCardsQuery,
    operation: operations.scoreCards,
  }
  app.get(`${base}/scorecards`, { schema: cards, preValidation: again }, async (request, reply) =>
    answer(request, reply, (basis) => scoreCardsStep(request.query.lang, basis)),
  )

  const refusals = {
    params: tenantPath,
    querystring: refusalsQuery,
    operation: operations.refusals,
  }
  app.get(`${base}/refusals`, { schema: refusals, preValidation: again }, async (request, reply) =>
    answer(request, reply, (basis) => refusalsStep(request.query, basis, model.erased)),
  )

  const slices = { params: tenantPath, querystring: slicesQuery, operation: operations.slices }
  app.get(`${base}/slices`, { schema: slices, preValidation: again }, async (request, reply) =>
    answer(
      request,
      reply,
      (basis, beside) => sliceValuesStep(request.query.dimension, basis, beside),
      { keys: [sliceDaysKey(request.params.tenant)], rosters: true },
    ),
  )
}

function agentTimelineRoute(
  instance: FastifyInstance,
  model: ReadModel,
  exchange: Exchanges,
  again: ReturnType<typeof againBy>,
): void {
  const schema = {
    params: agentPath,
    querystring: agentTimelineQuery,
    operation: operations.agentTimeline,
  }
  instance
    .withTypeProvider<ZodTypes>()
    .get(
      '/v1/tenants/:tenant/agents/:agent/timeline',
      { schema, preValidation: again },
      async (request, reply) => {
        const { tenant, agent: agentId } = request.params
        const asked = { agentId, ...request.query }
        return answerAgentTimeline(exchange(request, reply), tenant, model, asked)
      },
    )
}

function intradayRoute(
  instance: FastifyInstance,
  model: ReadModel,
  exchange: Exchanges,
  again: ReturnType<typeof againBy>,
): void {
  const schema = {
    params: tenantPath,
    querystring: intradayQuery,
    operation: operations.intraday,
  }
  instance
    .withTypeProvider<ZodTypes>()
    .get('/v1/tenants/:tenant/intraday', { schema, preValidation: again }, async (request, reply) =>
      answerIntraday(exchange(request, reply), request.params.tenant, model, request.query),
    )
}

function scoreRoutes(
  instance: FastifyInstance,
  model: ReadModel,
  exchange: Exchanges,
  again: ReturnType<typeof againBy>,
): void {
  const app = instance.withTypeProvider<ZodTypes>()
  const base = '/v1/tenants/:tenant/scorecards/:card/periods/:period'
  const scores = {
    params: scoreCardPath,
    querystring: scoresQuery,
    operation: operations.scores,
  }
  app.get(base, { schema: scores, preValidation: again }, async (request, reply) =>
    answerScores(exchange(request, reply), request.params, model, request.query),
  )
  const agentScore = {
    params: agentScorePath,
    querystring: scoreCardsQuery,
    operation: operations.agentScore,
  }
  app.get(
    `${base}/agents/:agent`,
    { schema: agentScore, preValidation: again },
    async (request, reply) =>
      answerAgentScore(exchange(request, reply), request.params, model, request.query),
  )
}

function appealRoute(
  instance: FastifyInstance,
  model: ReadModel,
  exchange: Exchanges,
  again: ReturnType<typeof againBy>,
): void {
  const app = instance.withTypeProvider<ZodTypes>()
  const appeals = {
    params: tenantPath,
    querystring: appealsQuery,
    operation: operations.appeals,
  }
  app.get(
    '/v1/tenants/:tenant/appeals',
    { schema: appeals, preValidation: again },
    async (request, reply) => {
      const { tenant } = request.params
      const question = tenantQuestion(
        tenant,
        model.configured(tenant),
        (basis) => appealsStep(request.query, basis),
        { appeals: true },
      )
      return answerOf(exchange(request, reply), question)
    },
  )
}
