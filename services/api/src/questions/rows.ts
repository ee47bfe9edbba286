import { problemOf } from '@deskpulse/contract'
import { evaluate, type KpiValue, type ReadingPlan } from '@deskpulse/core/kpis'
import { type Answer, joined, type Needs } from '../reading/held.ts'
import type { Turns } from '../reading/turns.ts'
import { type Outcome, refused } from '../reading/tenant.ts'

/** Records that one answer may be made of: what one read asks of the store in a few dozen milliseconds. */
export const recordsMax = 100_000

export type KpiValues = Readonly<Record<string, KpiValue>>

export const recordsOf = ({ keys, open }: ReadingPlan): number => keys.length + open.length

export function tooMuch(path: string): Outcome<never> {
  const error = {
    path,
    expected: 'fewer slices, KPIs or minutes, or a shorter period',
    got: `more than ${recordsMax} records to read`,
  }
  return refused(problemOf('bad-request', 'the answer would be made of too much', [error]))
}

export const needsOf = (plans: readonly ReadingPlan[]): Needs => joined(...plans)

/** What was read for one plan. */
export type Read = Parameters<typeof evaluate>[1]

/** What is made of each plan, in order. */
export async function madeOfPlans<Made>(
  plans: readonly ReadingPlan[],
  { values, open, logTimeMs }: Answer,
  turn: Turns,
  made: (plan: ReadingPlan, read: Read, place: number) => Made,
): Promise<readonly Made[]> {
  const all: Made[] = []
  let [value, interval] = [0, 0]
  for (const [place, plan] of plans.entries()) {
    const read = {
      values: values.slice(value, (value += plan.keys.length)),
      open: open.slice(interval, (interval += plan.open.length)),
      asOfMs: logTimeMs,
    }
    all.push(made(plan, read, place))
    const pause = turn()
    if (pause !== null) await pause
  }
  return all
}

/** The values of each plan, in order. `beside`: what was read, with what was read of others. */
export const valuesOfPlans = (
  plans: readonly ReadingPlan[],
  answer: Answer,
  turn: Turns,
  beside: (read: Read) => Read = (read) => read,
): Promise<readonly KpiValues[]> =>
  madeOfPlans(plans, answer, turn, (plan, read) => Object.fromEntries(evaluate(plan, beside(read))))
