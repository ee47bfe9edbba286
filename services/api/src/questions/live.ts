import { type LiveResponse, problemOf } from '@deskpulse/contract'
import { type Kpi, livePlan, type LiveWindow, type ReadingPlan, windowInterval } from '@deskpulse/core'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import type { Step } from '../reading/question.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { kpisOf } from './kpis.ts'
import { type KpiValues, needsOf, recordsMax, recordsOf, tooMuch, valuesOfPlans } from './rows.ts'
import { hasStar, type NamedSlice, slicesMax, slicesOf } from './slices.ts'

export type LiveRequest = {
  readonly slice: readonly string[]
  readonly window: LiveWindow
  readonly kpis?: readonly string[]
  readonly cursor?: string
}

type Row = { readonly slice: string; readonly kpis: KpiValues }
export type LiveAnswer = Stamped<Omit<LiveResponse, 'rows'> & { readonly rows: readonly Row[] }>

/** `GET …/kpis/live`: one row a slice, all of one moment. With a star the rows may go on in a further page, of a moment of its own. */
export function liveStep(request: LiveRequest, basis: TenantBasis): Step<Outcome<LiveAnswer>> {
  const { tenant, config } = basis
  const kpis = kpisOf(request.kpis, config)
  if (!kpis.ok) return { kind: 'settled', result: kpis }
  const slices = slicesOf(request.slice, basis, true)
  if (!slices.ok) return { kind: 'settled', result: slices }
  const first = firstOf(request, slices.value)
  if (first < 0) return { kind: 'settled', result: badCursor(request) }
  const rest = slices.value.slice(first)
  const { plans, records } = planned(rest, kpis.value, request, basis)
  if (records > recordsMax) return { kind: 'settled', result: tooMuch('slice') }
  return {
    kind: 'read',
    needs: needsOf(plans),
    isCurrent: (atMs) => plans.every(({ valid }) => atMs >= valid.startMs && atMs < valid.endMs),
    async finish(answer) {
      const rows = await valuesOfPlans(plans, answer)
      const { startMs, endMs } = windowInterval(request.window, answer.logTimeMs, config.timeZone)
      const next = rest[plans.length]
      return granted({
        tenant,
        asOf: iso(answer.logTimeMs),
        ...completenessOf(basis, null),
        window: { start: iso(startMs), end: iso(endMs) },
        rows: rest.slice(0, plans.length).map(({ text }, index) => ({ slice: text, kpis: rows[index] ?? {} })),
        ...(next !== undefined && { omitted: rest.length - plans.length, cursor: encodeCursor(next) }),
      })
    },
  }
}

/** Of as many slices as one answer holds where there is a star, else of all. */
function planned(slices: readonly NamedSlice[], kpis: readonly Kpi[], request: LiveRequest, basis: TenantBasis): Planned {
  const { tenant, config, logTimeMs } = basis
  const isPaged = request.slice.some(hasStar)
  const plans: ReadingPlan[] = []
  let records = 0
  for (const { slice, text } of slices) {
    const plan = livePlan({ tenant, slice, sliceId: basis.slices.idOf(text), config, kpis }, request.window, logTimeMs)
    const more = recordsOf([plan])
    if (isPaged && plans.length > 0 && (plans.length === slicesMax || records + more > recordsMax)) break
    plans.push(plan)
    records += more
  }
  return { plans, records }
}

type Planned = { readonly plans: readonly ReadingPlan[]; readonly records: number }

/** A page begins with a slice, so that one that comes meanwhile moves nothing. */
const encodeCursor = ({ text }: NamedSlice): string => Buffer.from(text).toString('base64url')

/** The place of the slice that the page begins with; -1: the cursor names none of these. */
function firstOf({ cursor }: LiveRequest, slices: readonly NamedSlice[]): number {
  if (cursor === undefined) return 0
  const text = Buffer.from(cursor, 'base64url').toString()
  return slices.findIndex((slice) => slice.text === text)
}

function badCursor({ cursor = '' }: LiveRequest): Outcome<never> {
  const error = { path: 'cursor', expected: 'the cursor of an answer to the same question', got: cursor }
  return refused(problemOf('bad-request', 'not what it must be: cursor', [error]))
}
