import { issuedIn } from '@deskpulse/core/kpis'
import { cardIn, type Course } from '@deskpulse/core/scorecards'
import { type EpochMs, type Period, periodAt } from '@deskpulse/core/time'
import type { Read } from '../questions/rows.ts'
import type { TenantBasis } from '../reading/tenant.ts'
import { type AgentPlans, plansOf, scoreIssued } from './plans.ts'

/** A course goes back so far, this period included: two years of months. */
const periodsMax = 24

/** The periods before one, oldest first, as many as a course has. */
export function periodsBefore(
  { kind, startMs }: Period,
  { history: { localTime } }: TenantBasis,
): readonly Period[] {
  const before: Period[] = []
  for (let atMs = startMs; before.length < periodsMax - 1;) {
    const period = periodAt(kind as 'month', (atMs - 1) as EpochMs, localTime)
    before.unshift(period)
    atMs = period.startMs
  }
  return before
}

/** What is read of an agent's periods before one: `null` where there was no such card. */
export const plansBefore = (
  agentId: string,
  cardId: string,
  periods: readonly Period[],
  basis: TenantBasis,
): readonly (AgentPlans | null)[] =>
  periods.map((period) => {
    const card = cardIn(cardId, period, basis.history, basis.logTimeMs)
    return card === null ? null : plansOf(agentId, card, period, basis)
  })

/** Of a period that is over only what was issued is looked at. */
export const issuedKeysOf = ({ plans }: AgentPlans): readonly string[] =>
  plans.flatMap(({ keys, issued }) => keys.slice(keys.length - issued.length))

/** @param values of `issuedKeysOf` */
export function pointOf(
  agent: AgentPlans,
  values: Read['values'],
  asOfMs: EpochMs,
): Course[number] {
  let at = 0
  const issued = agent.plans.map((plan) => {
    const its = values.slice(at, (at += plan.issued.length))
    const unread = Array<null>(plan.keys.length - plan.issued.length).fill(null)
    return issuedIn(plan, [...unread, ...its])
  })
  if (issued.every((one) => one === null)) return null
  const nothing = { measures: [] }
  const { total } = scoreIssued(
    agent,
    issued.map((one) => one ?? nothing),
    asOfMs,
  )
  return total === null ? null : { period: agent.period, card: agent.card, total }
}

/** The quarter in which each period of a course ends, by its label; `null`: it is not over when the last period is. */
export function quartersOf(
  periods: readonly Period[],
  { history: { localTime } }: TenantBasis,
): readonly (string | null)[] {
  const endMs = periods.at(-1)!.endMs
  return periods.map((period) => {
    const quarter = periodAt('quarter', (period.endMs - 1) as EpochMs, localTime)
    return quarter.endMs <= endMs ? quarter.label : null
  })
}
