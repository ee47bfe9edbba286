import type { LiveResponse } from '@deskpulse/contract'
import { livePlan, type LiveWindow, windowInterval } from '@deskpulse/core'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import type { Step } from '../reading/question.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { kpisOf } from './kpis.ts'
import { type KpiValues, needsOf, recordsMax, recordsOf, tooMuch, valuesOfPlans } from './rows.ts'
import { slicesOf } from './slices.ts'

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
  const plans = slices.value.map(({ slice, text }) =>
    livePlan({ tenant, slice, sliceId: basis.slices.idOf(text), config, kpis: kpis.value }, request.window, logTimeMs),
  )
  if (recordsOf(plans) > recordsMax) return { kind: 'settled', result: tooMuch('slice') }
  return {
    kind: 'read',
    needs: needsOf(plans),
    isCurrent: (atMs) => plans.every(({ valid }) => atMs >= valid.startMs && atMs < valid.endMs),
    async finish(answer) {
      const rows = await valuesOfPlans(plans, answer)
      const { startMs, endMs } = windowInterval(request.window, answer.logTimeMs, config.timeZone)
      return granted({
        tenant,
        asOf: iso(answer.logTimeMs),
        ...completenessOf(basis, null),
        window: { start: iso(startMs), end: iso(endMs) },
        rows: slices.value.map(({ text }, index) => ({ slice: text, kpis: rows[index] ?? {} })),
      })
    },
  }
}
