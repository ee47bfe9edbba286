import type { IntradayResponse } from '@deskpulse/contract'
import {
  agentsFor,
  isCurrent,
  measures,
  periodPlan,
  promisedIn,
  readingOf,
  type ReadingPlan,
  wholeSlice,
} from '@deskpulse/core/kpis'
import { allText, partText } from '@deskpulse/core/measures'
import type { ForecastAhead, OpenAnswer, OpenQuestion } from '@deskpulse/core/state'
import { minuteEnd, perContact, spreadBetween } from '@deskpulse/core/subjects'
import {
  type EpochMs,
  hourMs,
  type Interval,
  type Period,
  periodAt,
  periodsIn,
} from '@deskpulse/core/time'
import type { Answer } from '../reading/held.ts'
import { joined } from '../reading/held.ts'
import { readStep, type Step } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import { noTurns } from '../reading/turns.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { madeOfPlans } from './rows.ts'
import { type NamedSlice, slicesOf } from './slices.ts'

export type IntradayRequest = {
  readonly queue?: string | undefined
  readonly period: '15m' | '30m'
}
export type IntradayAnswer = Stamped<IntradayResponse>
type Row = IntradayResponse['rows'][number]

/** So many forecasts of a slice are read, those that begin first. */
const forecastsMax = 100_000

/** Of a time: what was expected, and came, in millionths of a contact, and ms. */
type Sums = {
  readonly offered: number
  readonly actual: number
  readonly workMs: number
  readonly timedOffered: number
  readonly agentMs: number
  readonly handleMs: number
  readonly handled: number
}
const nothing: Sums = {
  ...{ offered: 0, actual: 0, workMs: 0, timedOffered: 0, agentMs: 0, handleMs: 0, handled: 0 },
}

const plus = (a: Sums, b: Sums): Sums => ({
  offered: a.offered + b.offered,
  actual: a.actual + b.actual,
  workMs: a.workMs + b.workMs,
  timedOffered: a.timedOffered + b.timedOffered,
  agentMs: a.agentMs + b.agentMs,
  handleMs: a.handleMs + b.handleMs,
  handled: a.handled + b.handled,
})

/** A part of the day: what has begun of it, and what is ahead of it by forecasts. */
type Part = { readonly period: Period; readonly begun: Sums; readonly ahead: Sums }

/** `GET …/intraday`: the running day in quarter-hours or halves, with what was forecast, what came, and what the day comes to. */
export function intradayStep(
  { queue, period: kind }: IntradayRequest,
  basis: TenantBasis,
): Step<Outcome<IntradayAnswer>> {
  const text = queue === undefined ? allText : partText('queue', queue)
  const slices = slicesOf([text], basis, false)
  if (!slices.ok) return { kind: 'settled', result: slices }
  const slice = slices.value[0]!
  const { history, logTimeMs } = basis
  const day = periodAt('day', logTimeMs, history.localTime)
  const periods = [...periodsIn(kind, day, history.localTime)]
  const plans = periods
    .filter(({ startMs }) => startMs <= logTimeMs)
    .map((period) => planOf(period, slice, basis))
  const open = forecastsOf(slice, basis)
  return readStep({
    needs: joined(...plans, { keys: [], open }),
    isCurrent: (atMs) => plans.every((plan) => isCurrent(plan, atMs)),
    async finish(answer) {
      const begun = await madeOfPlans(plans, answer, noTurns, (plan, read) => sumsOf(plan, read))
      const ahead = open.length === 0 ? [] : forecastsIn(answer.open.at(-1)!)
      const parts = periods.map((period, place) => ({
        period,
        begun: begun[place] ?? nothing,
        ahead: aheadIn(period, ahead, answer.logTimeMs),
      }))
      return granted(answered(kind, parts, slice, basis, answer, day))
    },
  })
}

function planOf(period: Period, { slice, text }: NamedSlice, basis: TenantBasis): ReadingPlan {
  const { tenant, config, history, running, logTimeMs, slices } = basis
  const question = {
    tenant,
    slice,
    sources: wholeSlice(slices.idOf(text)),
    config,
    history,
    running,
    kpis: [],
  }
  return periodPlan(question, period, logTimeMs)
}

function forecastsOf(
  { text }: NamedSlice,
  { tenant, slices }: TenantBasis,
): readonly OpenQuestion[] {
  const slice = slices.idOf(text)
  return slice === undefined ? [] : [{ tenant, slice, kind: 'forecast', members: forecastsMax }]
}

const forecastsIn = ({ oldest }: OpenAnswer): readonly ForecastAhead[] =>
  oldest.map(({ row }) => row as ForecastAhead)

function sumsOf(plan: ReadingPlan, read: Parameters<typeof readingOf>[1]): Sums {
  const reading = readingOf(plan, read)
  const count = (name: keyof typeof measures): number => Number(reading.count(measures[name]))
  const { count: handled, sum } = reading.duration(measures.effectiveHandleTime)
  const offered = count('forecastOffered')
  return {
    offered,
    actual: count('workloadDifference') + offered,
    workMs: count('forecastWork'),
    timedOffered: count('forecastTimedOffered'),
    agentMs: count('forecastAgentTime'),
    handleMs: Number(sum),
    handled,
  }
}

/** What forecasts expect in a part of the day in minutes that have not begun. */
function aheadIn(part: Interval, forecasts: readonly ForecastAhead[], nowMs: EpochMs): Sums {
  return forecasts.reduce((sums, its) => {
    const begunMs = nowMs < its.startMs ? its.startMs : minuteEnd(its, nowMs)
    const fromMs = Math.max(part.startMs, begunMs) as EpochMs
    if (fromMs >= part.endMs || part.startMs >= its.endMs) return sums
    const rest = (total: number): number => spreadBetween(total, its, fromMs, part.endMs)
    const { offered, workMs, agentMs } = its
    return plus(sums, {
      ...nothing,
      offered: rest(offered),
      workMs: workMs === null ? 0 : rest(workMs),
      timedOffered: workMs === null ? 0 : rest(offered),
      agentMs: agentMs === null ? 0 : rest(agentMs),
    })
  }, nothing)
}

function answered(
  kind: IntradayRequest['period'],
  parts: readonly Part[],
  { slice, text }: NamedSlice,
  basis: TenantBasis,
  { logTimeMs }: Answer,
  day: Period,
): IntradayAnswer {
  const { tenant, config } = basis
  const serviceLevel = promisedIn({ slice, config, inForce: config })
  const begun = parts.reduce((sums, part) => plus(sums, part.begun), nothing)
  const ahead = parts.reduce((sums, part) => plus(sums, part.ahead), nothing)
  const handleMs = begun.handled > 0 ? begun.handleMs / begun.handled : null
  const rowOf = (part: Part): Row =>
    rowOfPart(part, logTimeMs, (offered, itsMs, lengthMs) => {
      const ms = itsMs ?? handleMs
      return ms === null
        ? null
        : agentsFor({ callsPerHour: (offered / lengthMs) * hourMs, handleMs: ms }, serviceLevel)
    })
  return {
    tenant,
    timeZone: config.timeZone,
    asOf: iso(logTimeMs),
    ...completenessOf(basis, day),
    slice: text,
    period: kind,
    serviceLevel,
    rows: parts.map(rowOf),
    totals: totalsOf(begun, ahead),
  }
}

type Staffing = (offered: number, handleMs: number | null, lengthMs: number) => number | null

function rowOfPart(
  { period: { startMs, endMs, label }, begun, ahead }: Part,
  nowMs: EpochMs,
  staffing: Staffing,
): Row {
  const whole = plus(begun, ahead)
  const offered = whole.offered / perContact
  const handleMs =
    whole.timedOffered === 0 ? null : (whole.workMs * perContact) / whole.timedOffered
  const lengthMs = endMs - startMs
  return {
    ...{ start: iso(startMs), end: iso(endMs), label },
    forecastOffered: whole.offered === 0 ? null : offered,
    actualOffered: startMs > nowMs ? null : begun.actual / perContact,
    variance: begun.offered === 0 ? null : (begun.actual - begun.offered) / begun.offered,
    forecastHandleMs: handleMs,
    requiredAgents: whole.offered === 0 ? null : staffing(offered, handleMs, lengthMs),
    forecastAgents: whole.agentMs === 0 ? null : whole.agentMs / lengthMs,
  }
}

/** What is ahead is taken to be off by as much as what has been. */
function totalsOf(begun: Sums, ahead: Sums): IntradayResponse['totals'] {
  const share = begun.offered === 0 ? null : begun.actual / begun.offered
  return {
    actualToNow: begun.actual / perContact,
    forecastToNow: begun.offered / perContact,
    forecastDay: (begun.offered + ahead.offered) / perContact,
    projectedDay: share === null ? null : (begun.actual + ahead.offered * share) / perContact,
  }
}
