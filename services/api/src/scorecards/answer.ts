import {
  type AgentScoreResponse,
  problemOf,
  type ScoreCardsResponse,
  type ScoresResponse,
} from '@deskpulse/contract'
import type { ScoreBand, ScoreCard, ScoreItem, TenantConfig } from '@deskpulse/core/config'
import { catalogueOf, type KpiValue } from '@deskpulse/core/kpis'
import { bandIn, cardsIn, type CardScore } from '@deskpulse/core/scorecards'
import type { Period } from '@deskpulse/core/time'
import { completenessOf, iso, type Stamped } from '../questions/answer.ts'
import { provisionalOf } from '../questions/closed-rows.ts'
import { mapped } from '../questions/mapped.ts'
import { readStep, type Step } from '../reading/question.ts'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import { appealOf, lastFirst } from './appeals.ts'
import { type ScoresAsked, scoresAskedOf, type ScoresRequest } from './asked.ts'
import { sliceTextOfItem } from './plans.ts'
import { type AgentScore, revisionsStep, scoresStep } from './read.ts'
import type { CardRevision, KnownRevisions } from './revisions.ts'

type Language = 'en' | 'zh'
type Exact<Row> = Omit<Row, 'items'> & { readonly items: readonly ExactItem[] }
/** Its sums may be past what a number holds. */
type ExactItem = Omit<ScoresResponse['rows'][number]['items'][number], 'value'> & {
  readonly value: KpiValue
}
export type ScoreRow = Exact<ScoresResponse['rows'][number]>
export type ScoresAnswer = Stamped<
  Omit<ScoresResponse, 'rows'> & { readonly rows: readonly ScoreRow[] }
>
export type AgentScoreAnswer = Stamped<Exact<AgentScoreResponse>>

/** A course is shown so far back. */
const courseShown = 12

function cardOf(card: ScoreCard, config: TenantConfig, language: Language) {
  const { byId } = catalogueOf(config)
  const { id, name, period, from, teams, roles, items, bands, raters } = card
  return {
    ...{ id, name: name[language], period, from },
    teams: teams === null ? null : [...teams],
    roles: roles === null ? null : [...roles],
    kpis: items.map(({ points, ...item }) => ({
      ...item,
      name: byId(item.kpi)?.name[language] ?? item.kpi,
      points: points.map(([at, its]) => [at, its] as [number, number]),
    })),
    bands: bands.map((band) => ({ ...bandOf(band, language), from: band.from })),
    raters: raters === null ? null : { ...raters },
  }
}

const bandOf = ({ id, name }: ScoreBand, language: Language) => ({ id, name: name[language] })
const bandOrNull = (band: ScoreBand | null, language: Language) =>
  band === null ? null : bandOf(band, language)

/** `GET …/scorecards`: the cards as they stand now. */
export function scoreCardsStep(
  language: Language,
  { tenant, config, history }: TenantBasis,
): Step<Outcome<Stamped<ScoreCardsResponse>>> {
  return readStep({
    needs: { keys: [], open: [] },
    isCurrent: () => true,
    finish: ({ logTimeMs }) =>
      granted({
        ...{ tenant, asOf: iso(logTimeMs) },
        cards: cardsIn(config, logTimeMs, history.localTime).map((card) =>
          cardOf(card, config, language),
        ),
      }),
  })
}

function rowOf(scored: AgentScore, language: Language): ScoreRow {
  const { agentId, team, role, score, standing, rank, salesIndex } = scored
  return {
    ...{ agentId, team, role, total: score.total, band: bandOrNull(score.band, language) },
    ...{ rank: rank?.rank ?? null, ranked: rank?.of ?? null, top: rank?.isTop ?? false },
    salesIndex,
    ...standing,
    ...provisionalOf(score.items.map(({ value }) => value)),
    ...{ missingWeight: score.missingWeight, weakest: score.weakest },
    ...{ lowInARow: scored.lowInARow, topQuartersInARow: scored.topQuartersInARow },
    appeals: countsOf(scored.appeals),
    items: score.items.map(({ item, value, points, rule, adds }) => ({
      ...{ kpi: item.kpi, statistic: item.statistic, slice: sliceTextOfItem(item, agentId) },
      ...{ weight: item.weight, value, points, rule, adds, leftOut: leftOutOf(scored, item) },
    })),
  }
}

function countsOf(appeals: AgentScore['appeals']): ScoreRow['appeals'] {
  const open = appeals.filter(({ decided }) => decided === null).length
  return { open, decided: appeals.length - open }
}

function leftOutOf(
  { leftOut, excludedFrom }: AgentScore,
  item: ScoreItem,
): ScoreRow['items'][number]['leftOut'] {
  const byAppeal = leftOut.find(({ kpi }) => kpi === item.kpi)?.appealId ?? null
  return { byAppeal, slice: excludedFrom(item) }
}

function aboutOf(
  { card, period }: ScoresAsked,
  { tenant, config, ...basis }: TenantBasis,
  language: Language,
) {
  const { startMs, endMs, label } = period
  return {
    ...{ tenant, timeZone: config.timeZone, asOf: iso(basis.logTimeMs) },
    ...completenessOf({ tenant, config, ...basis }, { startMs, endMs }),
    ...{ card: cardOf(card, config, language), start: iso(startMs), end: iso(endMs), label },
  }
}

/** What `known` lacks is noted, before scores are asked for. */
export function knownRevisionsStep(
  request: ScoresRequest,
  basis: TenantBasis,
  known: KnownRevisions,
): Step<Outcome<null>> {
  const asked = scoresAskedOf(request, basis)
  return asked.ok ? revisionsStep(asked.value, basis, known) : { kind: 'settled', result: asked }
}

/** `GET …/scorecards/{card}/periods/{period}`: a row for each agent of whom something was counted. */
export function scoresAnswerStep(
  request: ScoresRequest,
  language: Language,
  basis: TenantBasis,
  known: KnownRevisions,
): Step<Outcome<ScoresAnswer>> {
  const asked = scoresAskedOf(request, basis)
  if (!asked.ok) return { kind: 'settled', result: asked }
  return mapped(scoresStep(asked.value, basis, known), (scores, { logTimeMs }) => ({
    ...aboutOf(asked.value, { ...basis, logTimeMs }, language),
    rows: scores.map((one) => rowOf(one, language)),
  }))
}

/** `GET …/scorecards/{card}/periods/{period}/agents/{agent}`: one agent, among all that it is ranked with. */
export function agentScoreStep(
  request: ScoresRequest & { readonly agent: string },
  language: Language,
  basis: TenantBasis,
  known: KnownRevisions,
): Step<Outcome<AgentScoreAnswer>> {
  const asked = scoresAskedOf(request, basis)
  if (!asked.ok) return { kind: 'settled', result: asked }
  const step = mapped(
    scoresStep(asked.value, basis, known, request.agent),
    (scores, { logTimeMs }) => {
      const scored = scores.find(({ agentId }) => agentId === request.agent)
      if (scored === undefined) return null
      return {
        ...aboutOf(asked.value, { ...basis, logTimeMs }, language),
        ...rowOf(scored, language),
        course: courseOf(scored, language),
        appealsAbout: lastFirst(scored.appeals).map(appealOf),
        revisions: scored.revisions.map((one, place) =>
          revisionOf(one, scored.revisions[place - 1] ?? null, place + 1, scored.agentId, language),
        ),
      }
    },
  )
  return found(step, request.agent)
}

/** Nothing was counted of whom there is no score. */
function found<Answer>(step: Step<Outcome<Answer | null>>, agent: string): Step<Outcome<Answer>> {
  if (step.kind === 'settled') return step as Step<Outcome<Answer>>
  const missing = refused(
    problemOf('unknown-agent', 'the card has no such agent in that period', [
      { path: 'agent', expected: 'an agent of the rows of that period', got: agent },
    ]),
  )
  return {
    ...step,
    async layOut(turn) {
      const { finish, ...layout } = await step.layOut(turn)
      return {
        ...layout,
        async finish(answer, inTurns): Promise<Outcome<Answer>> {
          const outcome = await finish(answer, inTurns)
          if (!outcome.ok) return outcome
          return outcome.value === null ? missing : granted(outcome.value)
        },
      }
    },
  }
}

function courseOf({ course, periods }: AgentScore, language: Language) {
  return course.slice(-courseShown).map((point, place) => {
    const { startMs, endMs, label }: Period = periods.slice(-courseShown)[place]!
    return {
      ...{ start: iso(startMs), end: iso(endMs), label, total: point?.total ?? null },
      band: point === null ? null : bandOf(bandIn(point.card, point.total), language),
    }
  })
}

function revisionOf(
  { closedAtMs, score }: CardRevision,
  before: CardRevision | null,
  revision: number,
  agentId: string,
  language: Language,
): AgentScoreResponse['revisions'][number] {
  return {
    ...{ revision, closedAt: iso(closedAtMs), total: score.total },
    band: bandOrNull(score.band, language),
    changes: before === null ? [] : changesOf(before.score, score, agentId),
  }
}

function changesOf(before: CardScore, after: CardScore, agentId: string) {
  return after.items.flatMap(({ item, value, points }, place) => {
    const was = before.items[place]!
    if (was.value.value === value.value && was.points === points) return []
    return [
      {
        ...{ kpi: item.kpi, slice: sliceTextOfItem(item, agentId) },
        ...{ before: was.value.value, after: value.value },
        ...{ pointsBefore: was.points, pointsAfter: points },
      },
    ]
  })
}
