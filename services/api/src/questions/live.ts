import type { LiveResponse } from '@deskpulse/contract'
import { isCurrent, livePlan, type LiveWindow, type ReadingPlan, windowInterval } from '@deskpulse/core'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import type { Layout, Step } from '../reading/question.ts'
import type { Turns } from '../reading/turns.ts'
import { iso, type Stamped } from './answer.ts'
import { kpisOf } from './kpis.ts'
import { type KpiValues, needsOf, recordsMax, recordsOf, tooMuch, valuesOfPlans } from './rows.ts'
import { mapInTurns } from '../reading/turns.ts'
import { type NamedSlice, slicesOf } from './slices.ts'

export type LiveRequest = {
  readonly slice: readonly string[]
  readonly window: LiveWindow
  readonly kpis?: readonly string[]
}

type Row = { readonly slice: string; readonly kpis: KpiValues }
export type LiveAnswer = Stamped<Omit<LiveResponse, 'rows'> & { readonly rows: readonly Row[] }>

/** `GET …/kpis/live`: one row a slice, all of one moment. */
export function liveStep(request: LiveRequest, basis: TenantBasis): Step<Outcome<LiveAnswer>> {
  const { tenant, config, logTimeMs } = basis
  const kpis = kpisOf(request.kpis, config)
  if (!kpis.ok) return { kind: 'settled', result: kpis }
  const slices = slicesOf(request.slice, basis)
  if (!slices.ok) return { kind: 'settled', result: slices }
  const planOf = ({ slice, text }: NamedSlice): ReadingPlan =>
    livePlan({ tenant, slice, sliceId: basis.slices.idOf(text), config, kpis: kpis.value }, request.window, logTimeMs)
  // All slices in which anything was ever counted read as many records.
  const counted = slices.value.filter(({ text }) => basis.slices.idOf(text) !== undefined)
  const cost = counted[0] === undefined ? 0 : counted.length * recordsOf(planOf(counted[0]))
  if (cost > recordsMax) return { kind: 'settled', result: tooMuch('slice') }
  const layOut = async (turn: Turns): Promise<Layout<Outcome<LiveAnswer>>> => {
    const plans = await mapInTurns(slices.value, planOf, turn)
    return {
      needs: needsOf(plans),
      isCurrent: (atMs) => plans.every((plan) => isCurrent(plan, atMs)),
      async finish(answer, turn) {
        const rows = await valuesOfPlans(plans, answer, turn)
        const { startMs, endMs } = windowInterval(request.window, answer.logTimeMs, config.timeZone)
        return granted({
          tenant,
          asOf: iso(answer.logTimeMs),
          window: { start: iso(startMs), end: iso(endMs) },
          rows: slices.value.map(({ text }, index) => ({ slice: text, kpis: rows[index] ?? {} })),
        })
      },
    }
  }
  return { kind: 'read', cost, layOut }
}
