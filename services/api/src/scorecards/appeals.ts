import type {
  AppealResponse,
  AppealsQuery,
  AppealsResponse,
  AppealState,
} from '@deskpulse/contract'
import type { AppealItems, AppealRow } from '@deskpulse/core/state'
import { decisionOf } from '@deskpulse/core/subjects'
import { dateAt, type EpochMs, type Period } from '@deskpulse/core/time'
import { iso, type Stamped } from '../questions/answer.ts'
import { readStep, type Step } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'

/** A KPI that an appeal leaves out of a card as a whole, since it was granted. */
export type LeftOutKpi = {
  readonly kpi: string
  readonly appealId: string
  readonly sinceMs: EpochMs
}

type Dates = Pick<AppealRow, 'start' | 'end'>

/** The first and the last local date of a period. */
const datesOf = (
  { startMs, endMs }: Period,
  { history: { localTime } }: Pick<TenantBasis, 'history'>,
): Dates => ({
  start: dateAt(localTime, startMs),
  end: dateAt(localTime, (endMs - 1) as EpochMs),
})

type Appeals = Pick<TenantBasis, 'appeals' | 'history' | 'rosters'>

/** Appeals of an agent, by whatever account, about some of a period. */
export function appealsAbout(
  agentId: string,
  period: Period,
  basis: Appeals,
): readonly AppealRow[] {
  if (basis.appeals.length === 0) return []
  const { start, end } = datesOf(period, basis)
  const accounts = basis.rosters.ofAgent(agentId)
  return basis.appeals.filter(
    (one) => accounts.has(one.appealOf) && one.start <= end && one.end >= start,
  )
}

/** KPIs of which nothing counts in a period that lies within that of the appeal. */
export function leftOutKpis(
  agentId: string,
  period: Period,
  basis: Appeals,
): readonly LeftOutKpi[] {
  const { start, end } = datesOf(period, basis)
  return appealsAbout(agentId, period, basis).flatMap((one) => {
    const { decided, appealId } = one
    if (decided?.isGranted !== true || one.start > start || one.end < end) return []
    return decided.kpis.map((kpi) => ({ kpi, appealId, sinceMs: decided.atMs }))
  })
}

const stateOf = ({ decided, ...asked }: AppealRow): AppealState =>
  decided === null ? 'open' : decisionOf(decided, asked)

/** As the API gives it. */
export function appealOf(row: AppealRow): AppealResponse {
  const { appealId, appealOf: agentId, start, end, reason, filedBy, decided } = row
  const granted: AppealItems = decided ?? { contactIds: [], scores: [], kpis: [] }
  return {
    ...{ appealId, agentId, period: { start, end }, state: stateOf(row), reason },
    ...{ filedAt: iso(row.filedMs), filedBy },
    contacts: row.contactIds.map((contactId) => ({
      ...{ contactId, leftOut: granted.contactIds.includes(contactId) },
      kept: row.found.includes(contactId),
    })),
    scores: row.scores.map(({ kind, id }) => ({
      ...{ kind, id },
      leftOut: granted.scores.some((one) => one.kind === kind && one.id === id),
    })),
    kpis: row.kpis.map((kpi) => ({ kpi, leftOut: granted.kpis.includes(kpi) })),
    decidedAt: decided && iso(decided.atMs),
    decidedBy: decided && decided.by,
    note: decided && decided.note,
  }
}

/** Filed last first. */
export const lastFirst = (rows: readonly AppealRow[]): readonly AppealRow[] =>
  rows.toSorted((a, b) => b.filedMs - a.filedMs || (a.appealId < b.appealId ? -1 : 1))

/** `GET …/appeals` */
export function appealsStep(
  { agent, state, limit }: AppealsQuery,
  { tenant, config, appeals }: TenantBasis,
): Step<Outcome<Stamped<AppealsResponse>>> {
  const found = lastFirst(
    appeals.filter(
      (one) =>
        (agent === undefined || one.appealOf === agent) &&
        (state === undefined || stateOf(one) === state),
    ),
  )
  return readStep({
    needs: { keys: [], open: [] },
    isCurrent: () => true,
    finish: ({ logTimeMs }) =>
      granted({
        ...{ tenant, timeZone: config.timeZone, asOf: iso(logTimeMs), count: found.length },
        appeals: found.slice(0, limit).map(appealOf),
      }),
  })
}
