import type { Measure } from '../measures/measure.ts'
import { type ClosedKind, periodAt } from '../time/periods.ts'
import type { Finding, Kpi, Reading } from './kpi.ts'
import { type Described, type Find, kpi, nothing } from './shapes.ts'

/** Shapes of KPIs over distinct things, each of which counts once in a period of a kind: elsewhere they have no value. */

/** A measure for each kind of periods. */
export type ByKind = Readonly<Record<ClosedKind, Measure>>

type Terms<Names extends string> = Readonly<Record<Names, ByKind>> & { readonly until?: Until }

/** Until when what happens may change a value; absent: only what comes late does. */
type Until = (reading: Reading) => number

/** So long after the period, as far as it is read. */
export const afterPeriod =
  (ms: number): Until =>
  ({ window }) =>
    window.endMs + ms

/** The end of the period, which goes on where it is read up to now. */
export const periodEnd: Until = ({ period, window: { startMs, endMs }, inForce, asOfMs }) =>
  period === null || endMs < asOfMs ? endMs : periodAt(period, startMs, inForce.timeZone).endMs

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
  { of, without, until, ...common }: Described & Terms<'of' | 'without'>,
): Kpi {
  const find: Find = (reading) => {
    const { period } = reading
    if (period === null) return nothing('not-distinct-here')
    const denominator = Number(reading.count(of[period]))
    const numerator = denominator - Number(reading.count(without[period]))
    return shareOf(numerator, denominator, reading, until)
  }
  const [all, some] = [Object.values(of), Object.values(without)]
  const terms = { shape: 'distinct-without', of: all, without: some } as const
  return {
    ...kpi(id, 'ratio', [...all, ...some], common, find, terms),
    numbers: ['value', 'numerator', 'denominator'],
  }
}

/** Of the distinct things that there were in a period those that were something, too: `of ÷ per`. What is in `of` is in `per`. */
export function distinctRatio(
  id: string,
  { of, per, until, ...common }: Described & Terms<'of' | 'per'>,
): Kpi {
  const find: Find = (reading) => {
    const { period } = reading
    if (period === null) return nothing('not-distinct-here')
    const [numerator, denominator] = [reading.count(of[period]), reading.count(per[period])].map(
      Number,
    ) as [number, number]
    return shareOf(numerator, denominator, reading, until)
  }
  const [some, all] = [Object.values(of), Object.values(per)]
  const terms = { shape: 'distinct-ratio', of: some, per: all } as const
  return {
    ...kpi(id, 'ratio', [...some, ...all], common, find, terms),
    numbers: ['value', 'numerator', 'denominator'],
  }
}

function shareOf(numerator: number, denominator: number, reading: Reading, until?: Until): Finding {
  const parts = { numerator, denominator }
  if (denominator === 0) return { ...nothing('nothing-happened'), ...parts }
  const untilMs = until?.(reading) ?? -Infinity
  return {
    ...{ value: numerator / denominator, ...parts },
    ...(untilMs > reading.asOfMs && { provisionalUntil: new Date(untilMs).toISOString() }),
  }
}
