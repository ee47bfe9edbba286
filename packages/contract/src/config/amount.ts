import type { KpiUnit } from '@deskpulse/core/kpis'
import * as z from 'zod'
import { millisecondsOf } from './duration.ts'

const amountError = 'a number, or of a KPI of durations a duration such as 30s'

/** A number in the unit of the KPI; of a KPI of durations also a duration. Which it may be is known when the KPI is. */
export const amount = z
  .union([z.number(), z.string().max(40)], { error: amountError })
  .meta({ description: amountError })
export type Amount = z.output<typeof amount>

export const aShare = 'a share from 0 to 1'

/** The amount in the unit, or what is wrong with it. */
export type AmountIn =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly fault: { readonly expected: string; readonly hint?: string } }

const refused = (expected: string, hint: { readonly hint?: string } = {}): AmountIn => ({
  ok: false,
  fault: { expected, ...hint },
})

export function amountIn(unit: KpiUnit, amount: Amount): AmountIn {
  if (unit === 'ms') {
    const ms = millisecondsOf(amount)
    return typeof ms === 'number' && ms >= 0
      ? { ok: true, value: ms }
      : refused('a duration such as 30s, or milliseconds')
  }
  if (typeof amount === 'number' && (unit !== 'ratio' || (amount >= 0 && amount <= 1)))
    return { ok: true, value: amount }
  return unit === 'ratio' ? refused(aShare, shareHint(amount)) : refused('a number')
}

/** Who writes 70 or 70% means 0.7. */
function shareHint(amount: Amount): { readonly hint?: string } {
  const percent =
    typeof amount === 'number' ? amount : Number(/^(\d+(?:\.\d+)?)\s*%$/u.exec(amount)?.[1])
  return percent > 1 && percent <= 100 ? { hint: `${percent} % is ${percent / 100}` } : {}
}
