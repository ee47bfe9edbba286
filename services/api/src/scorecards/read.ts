import {
  type AgentSales,
  type CardScore,
  type Course,
  lowInARow,
  type Rank,
  ranksOf,
  type SalesIndex,
  salesIndexesOf,
  topQuartersInARow,
} from '@deskpulse/core/scorecards'
import { isCurrent, periodPlan, type ReadingPlan } from '@deskpulse/core/kpis'
import type { ScoreItem } from '@deskpulse/core/config'
import type { AppealRow } from '@deskpulse/core/state'
import type { EpochMs, Period } from '@deskpulse/core/time'
import { type RowStanding, standingOf } from '../questions/closed-rows.ts'
import { salesIn, workPlanOf } from '../questions/agent-sales.ts'
import { iso } from '../questions/answer.ts'
import { agentsOf, type Person } from '../questions/people.ts'
import { needsOf, type Read, recordsMax, recordsOf, tooMuch } from '../questions/rows.ts'
import { type Answer, joined, type Needs } from '../reading/held.ts'
import type { Step } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import { mapInTurns } from '../reading/turns.ts'
import { appealsAbout, type LeftOutKpi } from './appeals.ts'
import type { ScoresAsked } from './asked.ts'
import { issuedKeysOf, periodsBefore, plansBefore, pointOf, quartersOf } from './course.ts'
import { type AgentPlans, isOfWork, isWork, plansOf, scoreNow } from './plans.ts'
import { type CardRevision, type KnownRevisions, revisionsOf } from './revisions.ts'

/** What an agent has by a card in a period. */
export type AgentScore = Person & {
  readonly score: CardScore
  readonly standing: RowStanding
  readonly revisions: readonly CardRevision[]
  /** Up to this period, oldest first. */
  readonly course: Course
  readonly periods: readonly Period[]
  readonly rank: Rank | null
  readonly salesIndex: SalesIndex
  readonly lowInARow: number
  readonly topQuartersInARow: number
  /** About some of the period. */
  readonly appeals: readonly AppealRow[]
  readonly leftOut: readonly LeftOutKpi[]
  /** The slice of what appeals leave out of an item; `null`: nothing ever. */
  excludedFrom(item: ScoreItem): string | null
}

/** What is read of an agent: its period, what was issued of it before, its periods before it, and what it sold. */
type AgentAsked = {
  readonly agent: Person
  readonly now: AgentPlans
  readonly superseded: readonly (readonly string[])[]
  readonly before: readonly (AgentPlans | null)[]
  /** For its sales; `null`: the card reads all of its work anyhow. */
  readonly work: ReadingPlan | null
}

const plansIn = ({ now, work }: AgentAsked): readonly ReadingPlan[] =>
  work === null ? now.plans : [...now.plans, work]

const keysOf = ({ superseded, before }: AgentAsked): readonly string[] => [
  ...superseded.flat(),
  ...before.flatMap((one) => (one === null ? [] : issuedKeysOf(one))),
]

/** Walks an answer in the order in which it was asked for. */
class Cursor {
  #value = 0
  #open = 0
  readonly #answer: Answer

  constructor(answer: Answer) {
    this.#answer = answer
  }

  values(count: number): Answer['values'] {
    return this.#answer.values.slice(this.#value, (this.#value += count))
  }

  open(count: number): Answer['open'] {
    return this.#answer.open.slice(this.#open, (this.#open += count))
  }
}

const readOf = (plan: ReadingPlan, cursor: Cursor, asOfMs: EpochMs): Read => ({
  ...{ values: cursor.values(plan.keys.length), open: cursor.open(plan.open.length), asOfMs },
})

const workIn = (agentId: string, period: Period, basis: TenantBasis): ReadingPlan =>
  workPlanOf(agentId, basis, (question) => periodPlan(question, period, basis.logTimeMs))

/** Everybody that a card is of in a period, at its end or now. */
const agentsIn = ({ card, period }: ScoresAsked, basis: TenantBasis): readonly Person[] =>
  agentsOf(card, basis, Math.min(period.endMs - 1, basis.logTimeMs) as EpochMs)

/** How many revisions there are of what the scores of a period are made of: noted, for `scoresStep` to read them. */
export function revisionsStep(
  asked: ScoresAsked,
  basis: TenantBasis,
  known: KnownRevisions,
): Step<Outcome<null>> {
  const { card, period } = asked
  const agents = agentsIn(asked, basis)
  return {
    kind: 'read',
    cost: agents.length,
    async layOut(turn) {
      const plans = await mapInTurns(
        agents,
        ({ agentId }) => plansOf(agentId, card, period, basis),
        turn,
      )
      const keys = plans.map(issuedKeysOf)
      return {
        needs: { keys: keys.flat(), open: [] },
        isCurrent: () => true,
        finish({ values }) {
          keys.flat().forEach((key, place) => known.note(key, values[place] ?? null))
          return granted(null)
        },
      }
    },
  }
}

/**
 * Every agent of a card in a period, of one moment. Superseded issues are read as far as they are known of. `whose`: of whom periods before it are read, too; `null`: of all.
 */
export function scoresStep(
  asked: ScoresAsked,
  basis: TenantBasis,
  known: KnownRevisions,
  whose: string | null = null,
): Step<Outcome<readonly AgentScore[]>> {
  const { card, period } = asked
  const agents = agentsIn(asked, basis)
  const earlier = periodsBefore(period, basis)
  const earlierOf = (agentId: string): readonly Period[] =>
    whose === null || whose === agentId ? earlier : []
  const [first] = agents
  const each =
    first === undefined
      ? 0
      : plansOf(first.agentId, card, period, basis).plans.reduce(
          (sum, plan) => sum + recordsOf(plan) + earlier.length,
          isOfWork(card) ? 0 : recordsOf(workIn(first.agentId, period, basis)),
        )
  const cost = each * agents.length
  if (cost > recordsMax) return { kind: 'settled', result: tooMuch('card') }
  return {
    kind: 'read',
    cost,
    async layOut(turn) {
      const reading = await mapInTurns(
        agents,
        (agent): AgentAsked => {
          const { agentId } = agent
          const now = plansOf(agentId, card, period, basis)
          return {
            ...{ agent, now, superseded: now.plans.map((plan) => known.keysOf(plan)) },
            before: plansBefore(agentId, card.id, earlierOf(agentId), basis),
            work: isOfWork(card) ? null : workIn(agentId, period, basis),
          }
        },
        turn,
      )
      return {
        needs: joined(
          ...reading.map((one): Needs => {
            return joined(needsOf(plansIn(one)), { keys: keysOf(one), open: [] })
          }),
        ),
        isCurrent: (atMs) =>
          reading.every((one) => plansIn(one).every((plan) => isCurrent(plan, atMs))),
        async finish(answer, inTurns) {
          const cursor = new Cursor(answer)
          const periods = [...earlier, period]
          const quarters = quartersOf(periods, basis)
          const scored = await mapInTurns(
            reading,
            (one) => agentScoreOf(one, cursor, { answer, basis, known, periods, quarters }),
            inTurns,
          )
          const indexes = salesIndexesOf(scored.map(({ sales }) => sales))
          const indexed = scored.map((one) => {
            return { ...one, salesIndex: indexes.get(one.agentId)! }
          })
          return granted(ranked(indexed))
        },
      }
    },
  }
}

type Within = {
  readonly answer: Answer
  readonly basis: TenantBasis
  readonly known: KnownRevisions
  readonly periods: readonly Period[]
  readonly quarters: readonly (string | null)[]
}

function agentScoreOf(
  asked: AgentAsked,
  cursor: Cursor,
  { answer: { logTimeMs: asOfMs }, basis, known, periods, quarters }: Within,
): Omit<AgentScore, 'rank' | 'salesIndex'> & { readonly sales: AgentSales } {
  const { agent, now, superseded, before } = asked
  const plans = plansIn(asked)
  const reads = plans.map((plan) => readOf(plan, cursor, asOfMs))
  const work = plans.findIndex(isWork)
  const issued = now.plans.map((plan, place) =>
    known.issuedOf(plan, reads[place]!.values, cursor.values(superseded[place]!.length)),
  )
  const score = scoreNow(now, reads)
  const revisions = revisionsOf(now, issued, asOfMs)
  const standings = now.plans.map((plan, place) =>
    standingOf(now.period, plan, reads[place]!, basis.closedTo),
  )
  const course: Course = [
    ...before.map((one) =>
      one === null ? null : pointOf(one, cursor.values(issuedKeysOf(one).length), asOfMs),
    ),
    score.total === null ? null : { period: now.period, card: now.card, total: score.total },
  ]
  return {
    ...agent,
    sales: salesIn(agent, plans[work]!, basis, reads[work]!),
    ...{ score, revisions, course, periods, standing: cardStandingOf(standings, revisions) },
    lowInARow: lowInARow(course),
    topQuartersInARow: topQuartersInARow(course, quarters),
    ...{ appeals: appealsAbout(agent.agentId, now.period, basis), leftOut: now.leftOut },
    excludedFrom: (item) => now.excludedFrom(item),
  }
}

/** A card is closed when all that it is made of is; its revisions are those that changed it. */
function cardStandingOf(
  standings: readonly RowStanding[],
  revisions: readonly CardRevision[],
): RowStanding {
  const closed = standings.every((one) => one.closed)
  const last = revisions.at(-1)
  if (last === undefined) return { closed, ...(closed && { revision: 1 }) }
  return { closed, revision: revisions.length, closedAt: iso(last.closedAtMs) }
}

/** Those of whom something was counted, also where appeals leave all of it out. */
function ranked(scored: readonly Omit<AgentScore, 'rank'>[]): readonly AgentScore[] {
  const counted = scored.filter(
    ({ score, appeals }) =>
      appeals.length > 0 || score.items.some(({ value }) => value.value !== null),
  )
  const ranks = ranksOf(
    counted.map(({ agentId, team, score }) => ({ agentId, team, total: score.total })),
  )
  return counted.map((one) => ({ ...one, rank: ranks.get(one.agentId) ?? null }))
}
