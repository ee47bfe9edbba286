import {
  kpisQuery,
  liveQuery,
  openApiDocument,
  parseParameters,
  periodsQuery,
  problemOf,
  slicesQuery,
  waitingQuery,
} from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { agentsStep } from '../questions/agents.ts'
import { kpiList } from '../questions/kpis.ts'
import { sliceValuesStep } from '../questions/slice-values.ts'
import { waitingStep } from '../questions/waiting.ts'
import type { Step } from '../reading/question.ts'
import { type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import type { Desk } from '../desk.ts'
import { answerAgain, answerOf, type Exchange } from './answers.ts'
import type { OfMoment } from './representation.ts'
import { toJson } from './json.ts'
import { answerLive } from './live.ts'
import { answerPeriods } from './periods.ts'
import { sendProblem } from './problems.ts'

type Request = FastifyRequest<{ Params: { tenant: string } }>

const businessClock = problemOf('not-supported', 'durations run on calendar time', [
  { path: 'clock', expected: 'calendar', got: 'business' },
])

/** A GET, and 405 for what else is tried at its address. */
function get(app: FastifyInstance, url: string, handler: (request: Request, reply: FastifyReply) => unknown): void {
  app.get<{ Params: { tenant: string } }>(url, handler)
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url,
    onRequest: async (_request, reply) =>
      sendProblem(reply.header('allow', 'GET, HEAD'), problemOf('method-not-allowed', 'only GET is offered here')),
    handler: () => undefined,
  })
}

/** `/v1`: what is read of the tenants. */
export function readRoutes(app: FastifyInstance, desk: Desk): void {
  const base = '/v1/tenants/:tenant'

  const exchange = (request: Request, reply: FastifyReply): Exchange => ({
    ...{ request, reply, nowMs: desk.nowMs },
    view: desk.viewOf(request.params.tenant),
  })

  /** A GET of one tenant, whose answers stand until the next commit: only ones that were right are kept, so that nothing is checked again. */
  function getOfMoment(url: string, handler: (request: Request, reply: FastifyReply) => unknown): void {
    get(app, `${base}${url}`, (request, reply) => answerAgain(exchange(request, reply)) ?? handler(request, reply))
  }

  async function answer<Answer extends OfMoment>(
    request: Request,
    reply: FastifyReply,
    plan: (basis: TenantBasis) => Step<Outcome<Answer>>,
  ) {
    const { tenant } = request.params
    return answerOf(exchange(request, reply), tenantQuestion(tenant, desk.configured(tenant), plan))
  }

  get(app, '/v1/kpis', async (request, reply) => {
    const query = parseParameters(kpisQuery, request.query)
    if (!query.ok) return sendProblem(reply, query.problem)
    return reply.type('application/json; charset=utf-8').send(toJson(kpiList(desk.configurations, query.value.lang)))
  })

  getOfMoment('/kpis/live', async (request, reply) => {
    const query = parseParameters(liveQuery, request.query)
    if (!query.ok) return sendProblem(reply, query.problem)
    if (query.value.clock === 'business') return sendProblem(reply, businessClock)
    return answerLive(exchange(request, reply), request.params.tenant, desk, query.value)
  })

  getOfMoment('/kpis/periods', async (request, reply) => {
    const query = parseParameters(periodsQuery, request.query)
    if (!query.ok) return sendProblem(reply, query.problem)
    if (query.value.clock === 'business') return sendProblem(reply, businessClock)
    return answerPeriods(exchange(request, reply), request.params.tenant, desk, query.value)
  })

  getOfMoment('/waiting', async (request, reply) => {
    const query = parseParameters(waitingQuery, request.query)
    if (!query.ok) return sendProblem(reply, query.problem)
    return answer(request, reply, (basis) => waitingStep(query.value, basis))
  })

  getOfMoment('/agents', async (request, reply) => answer(request, reply, agentsStep))

  getOfMoment('/slices', async (request, reply) => {
    const query = parseParameters(slicesQuery, request.query)
    if (!query.ok) return sendProblem(reply, query.problem)
    return answer(request, reply, (basis) => sliceValuesStep(query.value.dimension, basis))
  })

  const document = Buffer.from(JSON.stringify(openApiDocument()))
  get(app, '/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(document))
}
