import { setImmediate as nextTurn } from 'node:timers/promises'
import { problemOf } from '@deskpulse/contract'
import { evaluate, type KpiValue, type ReadingPlan } from '@deskpulse/core'
import { type Answer, joined, type Needs } from '../reading/held.ts'
import { type Outcome, refused } from '../reading/tenant.ts'

/** Records that one answer may be made of: what one read asks of the store in a few dozen milliseconds. */
export const recordsMax = 100_000

export type KpiValues = Readonly<Record<string, KpiValue>>

export const recordsOf = (plans: readonly ReadingPlan[]): number =>
  plans.reduce((sum, plan) => sum + plan.keys.length + plan.open.length, 0)

export function tooMuch(path: string): Outcome<never> {
  const error = { path, expected: 'fewer slices, KPIs or minutes, or a shorter period', got: `more than ${recordsMax} records to read` }
  return refused(problemOf('bad-request', 'the answer would be made of too much', [error]))
}

export const needsOf = (plans: readonly ReadingPlan[]): Needs => joined(...plans)

const rowsPerTurn = 100

/** The values of each plan, in order. Other requests get a turn in between: an answer of a thousand rows takes a while. */
export async function valuesOfPlans(plans: readonly ReadingPlan[], { values, open, logTimeMs }: Answer): Promise<readonly KpiValues[]> {
  const rows: KpiValues[] = []
  let [value, interval] = [0, 0]
  for (const plan of plans) {
    const part = {
      values: values.slice(value, (value += plan.keys.length)),
      open: open.slice(interval, (interval += plan.open.length)),
    }
    rows.push(Object.fromEntries(evaluate(plan, { ...part, asOfMs: logTimeMs })))
    if (rows.length % rowsPerTurn === 0) await nextTurn()
  }
  return rows
}
