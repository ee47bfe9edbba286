import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { scoresCsv } from '../csv/scorecards.ts'
import { scoresWorkbook } from '../xlsx/scorecards.ts'
import { completenessHeaders } from '../questions/answer.ts'
import type { ReadModel } from '../read-model.ts'
import { ask } from '../reading/question.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { agentScoreStep, knownRevisionsStep, scoresAnswerStep } from '../scorecards/answer.ts'
import type { ScoresRequest } from '../scorecards/asked.ts'
import { KnownRevisions } from '../scorecards/revisions.ts'
import { answerOf, type Exchange } from './answers.ts'
import { jsonOrTable } from './media-type.ts'
import { csvHeaders, negotiated, xlsxHeaders } from './negotiation.ts'
import { asOfHeader, etagOf, jsonOf, withHeaders } from './representation.ts'

type Path = { readonly tenant: string; readonly card: string; readonly period: string }
type Query = {
  readonly lang: 'en' | 'zh'
  readonly format?: 'json' | 'csv' | 'xlsx' | undefined
  readonly bom?: boolean | undefined
}

/** The scores of all agents of a card in a period, as JSON, as CSV or as a workbook. */
export async function answerScores(
  exchange: Exchange,
  { tenant, ...asked }: Path,
  model: ReadModel,
  query: Query,
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const type = negotiated(request, query, jsonOrTable)
  if (!type.ok) return sendProblem(reply, type.problem)
  const known = await knownRevisions(exchange, tenant, model, asked)
  const question = tenantQuestion(
    tenant,
    model.configured(tenant),
    (basis) => scoresAnswerStep(asked, query.lang, basis, known),
    { rosters: true, appeals: true },
  )
  return answerOf(exchange, question, async (scores, standing, turn) => {
    if (type.value === 'application/json')
      return withHeaders(await jsonOf(scores, standing, turn), { vary: 'accept' })
    const text = scoresCsv(scores, query.bom ?? false)
    const isCsv = type.value === 'text/csv'
    const headers = {
      ...completenessHeaders(scores),
      // Two workbooks of the same scores differ in when they were packed.
      etag: isCsv ? etagOf('csv', text) : etagOf('xlsx', query.lang, text),
      [asOfHeader]: scores.asOf,
    }
    const body = isCsv ? Buffer.from(text) : await scoresWorkbook(scores, query.lang)
    const saved = [tenant, asked.card, scores.label]
    return withHeaders({ body, headers }, isCsv ? csvHeaders(...saved) : xlsxHeaders(...saved))
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
    { rosters: true, appeals: true },
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
    { rosters: true, appeals: true },
  )
  await ask(view, question, enter)
  return known
}
