import type { Measure } from '../measures/measure.ts'
import type { ClosedKind } from '../time/periods.ts'
import type { Kpi } from './kpi.ts'
import { type Described, type Find, kpi, nothing } from './shapes.ts'

/** Shapes of KPIs over distinct things, each of which counts once in a period of a kind: elsewhere they have no value. */

/** A measure for each kind of periods. */
export type ByKind = Readonly<Record<ClosedKind, Measure>>

/** How many distinct things there were in a period: `not-distinct-here` where the window is none. */
export function distinctTotal(
  id: string,
  { of, ...common }: Described & { readonly of: ByKind },
): Kpi {
  const find: Find = (reading) =>
    reading.period === null
      ? nothing('not-distinct-here')
      : { value: Number(reading.count(of[reading.period])) }
  const measures = Object.values(of)
  return kpi(id, 'count', measures, common, find, { shape: 'distinct', of: measures })
}

/** Of the distinct things that there were in a period those that were not something, too: `(of − without) ÷ of`. What is in `without` is in `of`. */
export function distinctWithout(
  id: string,
  { of, without, ...common }: Described & Readonly<Record<'of' | 'without', ByKind>>,
): Kpi {
  const find: Find = (reading) => {
    const { period } = reading
    if (period === null) return nothing('not-distinct-here')
    const denominator = Number(reading.count(of[period]))
    const numerator = denominator - Number(reading.count(without[period]))
    return denominator === 0
      ? { ...nothing('nothing-happened'), numerator, denominator }
      : { value: numerator / denominator, numerator, denominator }
  }
  const [all, some] = [Object.values(of), Object.values(without)]
  const terms = { shape: 'distinct-without', of: all, without: some } as const
  return {
    ...kpi(id, 'ratio', [...all, ...some], common, find, terms),
    numbers: ['value', 'numerator', 'denominator'],
  }
}

/** Of the distinct things that there were in a period those that were something, too: `of ÷ per`. What is in `of` is in `per`. `provisionalMs`: so long after the period it may rise. */
export function distinctRatio(
  id: string,
  {
    of,
    per,
    provisionalMs,
    ...common
  }: Described &
    Readonly<Record<'of' | 'per', ByKind>> & {
      readonly provisionalMs: number
    },
): Kpi {
  const find: Find = ({ period, window, asOfMs, ...reading }) => {
    if (period === null) return nothing('not-distinct-here')
    const [numerator, denominator] = [reading.count(of[period]), reading.count(per[period])].map(
      Number,
    ) as [number, number]
    const untilMs = window.endMs + provisionalMs
    return {
      ...(denominator === 0 ? nothing('nothing-happened') : { value: numerator / denominator }),
      ...{ numerator, denominator },
      ...(denominator > 0 &&
        untilMs > asOfMs && { provisionalUntil: new Date(untilMs).toISOString() }),
    }
  }
  const [some, all] = [Object.values(of), Object.values(per)]
  const terms = { shape: 'distinct-ratio', of: some, per: all } as const
  return {
    ...kpi(id, 'ratio', [...some, ...all], common, find, terms),
    numbers: ['value', 'numerator', 'denominator'],
  }
}
