import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { scoresCsv } from '../csv/scorecards.ts'
import { completenessHeaders } from '../questions/answer.ts'
import type { ReadModel } from '../read-model.ts'
import { ask } from '../reading/question.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { agentScoreStep, knownRevisionsStep, scoresAnswerStep } from '../scorecards/answer.ts'
import type { ScoresRequest } from '../scorecards/asked.ts'
import { KnownRevisions } from '../scorecards/revisions.ts'
import { answerOf, type Exchange } from './answers.ts'
import { csvHeaders, negotiated } from './negotiation.ts'
import { asOfHeader, etagOf, jsonOf, withHeaders } from './representation.ts'

type Path = { readonly tenant: string; readonly card: string; readonly period: string }
type Query = {
  readonly lang: 'en' | 'zh'
  readonly format?: 'json' | 'csv' | undefined
  readonly bom?: boolean | undefined
}

/** The scores of all agents of a card in a period, as JSON or as CSV. */
export async function answerScores(
  exchange: Exchange,
  { tenant, ...asked }: Path,
  model: ReadModel,
  query: Query,
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const type = negotiated(request, query)
  if (!type.ok) return sendProblem(reply, type.problem)
  const known = await knownRevisions(exchange, tenant, model, asked)
  const question = tenantQuestion(
    tenant,
    model.configured(tenant),
    (basis) => scoresAnswerStep(asked, query.lang, basis, known),
    { rosters: true },
  )
  return answerOf(exchange, question, async (scores, standing, turn) => {
    if (type.value === 'application/json')
      return withHeaders(await jsonOf(scores, standing, turn), { vary: 'accept' })
    const text = scoresCsv(scores, query.bom ?? false)
    const headers = {
      ...completenessHeaders(scores),
      etag: etagOf('csv', text),
      [asOfHeader]: scores.asOf,
    }
    return withHeaders(
      { body: Buffer.from(text), headers },
      csvHeaders(tenant, asked.card, scores.label),
    )
  })
}

/** One agent’s card, with its course and its revisions. */
export async function answerAgentScore(
  exchange: Exchange,
  { tenant, ...asked }: Path & { readonly agent: string },
  model: ReadModel,
  { lang }: Pick<Query, 'lang'>,
): Promise<FastifyReply> {
  const known = await knownRevisions(exchange, tenant, model, asked)
  const question = tenantQuestion(
    tenant,
    model.configured(tenant),
    (basis) => agentScoreStep(asked, lang, basis, known),
    { rosters: true },
  )
  return answerOf(exchange, question)
}

/** How many revisions there are of what is asked for. */
async function knownRevisions(
  { view, enter }: Exchange,
  tenant: string,
  model: ReadModel,
  asked: ScoresRequest,
): Promise<KnownRevisions> {
  const known = new KnownRevisions()
  const question = tenantQuestion(
    tenant,
    model.configured(tenant),
    (basis) => knownRevisionsStep(asked, basis, known),
    { rosters: true },
  )
  await ask(view, question, enter)
  return known
}
