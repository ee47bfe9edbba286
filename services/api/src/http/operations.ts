import {
  agentScoreSchema,
  agentsSchema,
  agentTimelineSchema,
  appealsSchema,
  closedSchema,
  explainSchema,
  intradaySchema,
  kpiListSchema,
  liveSchema,
  periodsSchema,
  type ProblemCode,
  refusalsSchema,
  scoreCardsSchema,
  scoresSchema,
  slicesSchema,
  waitingSchema,
} from '@deskpulse/contract'
import { json, type Operation, toHolder, toTenant } from '@deskpulse/runtime'
import * as z from 'zod'

const tag = {
  name: 'KPIs',
  description: 'What is known of contacts, queues and agents, live and by period.',
}
const ofTenant: readonly ProblemCode[] = [
  'bad-request',
  'unknown-tenant',
  'store-unavailable',
  'store-fold-version',
  'busy',
]
const ofSlices: readonly ProblemCode[] = [...ofTenant, 'unknown-slice']
const asOf = z
  .string()
  .meta({ description: 'log time up to which the answer counts; of a 304 too' })
const incomplete = z
  .string()
  .optional()
  .meta({ description: 'of CSV: `incomplete`, as since/until; records=n' })
const headers = z.object({
  ETag: z.string().meta({ description: 'for `If-None-Match`' }),
  'Deskpulse-As-Of': asOf,
  'Deskpulse-Incomplete': incomplete,
})
const unchanged = { description: 'The answer is the one of `If-None-Match`', headers }
const csv = { 'text/csv': { schema: z.string() } }
const tables = {
  ...csv,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    schema: z.string().meta({ format: 'binary' }),
  },
}
const periodHeaders = z.object({
  ETag: z.string().optional().meta({ description: 'of JSON: for `If-None-Match`' }),
  'Deskpulse-As-Of': asOf,
  'Deskpulse-Incomplete': incomplete,
  Link: z.string().optional().meta({ description: 'the next page of JSON, where there is one' }),
})

type Moment = {
  readonly id: string
  readonly summary: string
  readonly problems: readonly ProblemCode[]
  readonly others?: typeof csv | typeof tables
  /** `board`: what a wallboard shows. */
  readonly scope?: 'board' | 'read'
}

/** An answer that stands until the next commit. */
function ofMoment(
  schema: z.ZodType,
  description: string,
  { id, summary, problems, others, scope = 'read' }: Moment,
): Operation {
  return {
    id,
    tag,
    summary,
    access: toTenant(scope),
    answers: { 200: { ...json(schema, description, others), headers }, 304: unchanged },
    problems,
  }
}

/** The addresses of the API, as its OpenAPI document has them. */
export const operations = {
  kpis: {
    id: 'listKpis',
    tag,
    summary: 'The KPI catalogue',
    access: toHolder('board'),
    answers: { 200: json(kpiListSchema, 'KPIs') },
    problems: ['bad-request'],
  },
  live: ofMoment(liveSchema, 'One row a slice', {
    id: 'getLiveKpis',
    summary: 'KPIs of a sliding window',
    scope: 'board',
    problems: [...ofSlices, 'unknown-kpi', 'not-acceptable'],
    others: csv,
  }),
  periods: {
    id: 'getPeriodKpis',
    tag,
    summary: 'KPIs of calendar periods; `from` before `to`',
    access: toTenant('read'),
    answers: {
      200: { ...json(periodsSchema, 'One row a period and slice', csv), headers: periodHeaders },
      304: unchanged,
    },
    problems: [...ofSlices, 'unknown-kpi', 'not-acceptable'],
  },
  explain: {
    id: 'explainKpi',
    tag,
    summary: 'The rows that make a value of a KPI; `period` with `from`, or `window`',
    access: toTenant('read'),
    answers: {
      200: { ...json(explainSchema, 'A page of rows', csv), headers: periodHeaders },
      304: unchanged,
    },
    problems: [
      ...ofSlices,
      ...(['unknown-kpi', 'not-supported', 'not-acceptable'] as const),
      ...(['too-much-log', 'log-unavailable'] as const),
    ],
  },
  closed: ofMoment(closedSchema, 'What was issued', {
    id: 'listClosed',
    summary: 'What was issued of closed periods since a cursor, for who copies it elsewhere',
    problems: ofTenant,
  }),
  waiting: ofMoment(waitingSchema, 'Waiting contacts', {
    id: 'listWaiting',
    summary: 'Who waits now, longest first',
    problems: ofSlices,
  }),
  agents: ofMoment(agentsSchema, 'Agents', {
    id: 'listAgents',
    summary: 'Agents and their states now, or those of a team',
    problems: ofSlices,
  }),
  agentTimeline: ofMoment(agentTimelineSchema, 'The timeline of an agent', {
    id: 'getAgentTimeline',
    summary: 'The states of an agent with their reasons, and how long it was in each',
    problems: [...ofTenant, 'unknown-agent'],
  }),
  intraday: ofMoment(intradaySchema, 'The running day', {
    id: 'getIntraday',
    summary: 'The running day as it was forecast, as it came, and what it comes to',
    problems: [...ofSlices, 'not-acceptable'],
    others: csv,
  }),
  refusals: ofMoment(refusalsSchema, 'Refusals', {
    id: 'listRefusals',
    summary: 'What was accepted and does not count, newest first',
    problems: ofTenant,
  }),
  scoreCards: ofMoment(scoreCardsSchema, 'Score cards', {
    id: 'listScoreCards',
    summary: 'Score cards as they stand now',
    problems: ofTenant,
  }),
  scores: ofMoment(scoresSchema, 'One row an agent', {
    id: 'getScores',
    summary: 'What agents have by a score card in a period',
    problems: [...ofTenant, 'unknown-scorecard', 'not-acceptable'],
    others: tables,
  }),
  appeals: ofMoment(appealsSchema, 'Appeals', {
    id: 'listAppeals',
    summary: 'Appeals about score cards, and what was decided',
    problems: ofTenant,
  }),
  agentScore: ofMoment(agentScoreSchema, 'The card of an agent', {
    id: 'getAgentScore',
    summary: 'The score card of an agent in a period, its course and its revisions',
    problems: [...ofTenant, 'unknown-scorecard', 'unknown-agent'],
  }),
  slices: ofMoment(slicesSchema, 'Values', {
    id: 'listSliceValues',
    summary: 'Values of a dimension, seen or configured',
    scope: 'board',
    problems: ofSlices,
  }),
} as const satisfies Readonly<Record<string, Operation>>
