import type { Measure } from '../measures/measure.ts'
import { type ClosedKind, periodAt, type WholeDayKind } from '../time/periods.ts'
import type { DistinctShare, Finding, Kpi, KpiTerms, Reading } from './kpi.ts'
import { type Described, type Find, kpi, nothing } from './shapes.ts'

/** Shapes of KPIs over distinct things, each of which counts once in a period of a kind: elsewhere they have no value. */

/** A measure for each kind of periods. */
export type ByKind = By<ClosedKind>
type By<Kinds extends ClosedKind> = Readonly<Record<Kinds, Measure>>

/** Of the things of a kind those that are not in `without`, too; or those in `of` of all in `per`. What is in `without`, or in `of` of a ratio, is in the other one. */
type Share<Kinds extends ClosedKind = ClosedKind> =
  | { readonly of: By<Kinds>; readonly without: By<Kinds> }
  | { readonly of: By<Kinds>; readonly per: By<Kinds> }

type Provisional = { readonly until?: Until }

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
  { of, without, until, ...common }: Described & Provisional & Extract<Share, { without: ByKind }>,
): Kpi {
  return shareKpi(id, common, termsOf({ of, without }), (reading, kind) =>
    shareOf(partsOf({ of, without }, kind, reading), reading, until),
  )
}

/** Of the distinct things that there were in a period those that were something, too: `of ÷ per`. What is in `of` is in `per`. */
export function distinctRatio(
  id: string,
  { of, per, until, ...common }: Described & Provisional & Extract<Share, { per: ByKind }>,
): Kpi {
  return shareKpi(id, common, termsOf({ of, per }), (reading, kind) =>
    shareOf(partsOf({ of, per }, kind, reading), reading, until),
  )
}

/** A share of customers under contract where there are any, else of those who paid: the value names which (`basis`). Contracts are of days: hours have none. */
export function shareByBasis(
  id: string,
  {
    contracts,
    payers,
    until,
    ...common
  }: Described & Provisional & { readonly contracts: Share<WholeDayKind>; readonly payers: Share },
): Kpi {
  const shares = { contracts: termsOf(contracts), payers: termsOf(payers) }
  return shareKpi(id, common, { shape: 'by-basis', ...shares }, (reading, kind) => {
    const under = kind === 'hour' ? null : partsOf(contracts, kind, reading)
    if (under !== null && under.denominator > 0)
      return { ...shareOf(under, reading, until), basis: 'contracts' }
    const paid = partsOf(payers, kind, reading)
    return { ...shareOf(paid, reading, until), ...(paid.denominator > 0 && { basis: 'payers' }) }
  })
}

/** `find`: of a period of a kind. */
function shareKpi(
  id: string,
  common: Described,
  terms: KpiTerms & { readonly shape: DistinctShare['shape'] | 'by-basis' },
  find: (reading: Reading, kind: ClosedKind) => Finding,
): Kpi {
  const shares = terms.shape === 'by-basis' ? [terms.contracts, terms.payers] : [terms]
  const measures = shares.flatMap((share) => [
    ...share.of,
    ...(share.shape === 'distinct-ratio' ? share.per : share.without),
  ])
  const findIn: Find = (reading) =>
    reading.period === null ? nothing('not-distinct-here') : find(reading, reading.period)
  return {
    ...kpi(id, 'ratio', measures, common, findIn, terms),
    numbers: ['value', 'numerator', 'denominator'],
  }
}

function termsOf<Kinds extends ClosedKind>(share: Share<Kinds>): DistinctShare {
  const of: readonly Measure[] = Object.values(share.of)
  return 'per' in share
    ? { shape: 'distinct-ratio', of, per: Object.values(share.per) }
    : { shape: 'distinct-without', of, without: Object.values(share.without) }
}

type Parts = { readonly numerator: number; readonly denominator: number }

function partsOf<Kinds extends ClosedKind>(
  share: Share<Kinds>,
  kind: Kinds,
  reading: Reading,
): Parts {
  const of = Number(reading.count(share.of[kind]))
  if ('per' in share) return { numerator: of, denominator: Number(reading.count(share.per[kind])) }
  return { numerator: of - Number(reading.count(share.without[kind])), denominator: of }
}

function shareOf(parts: Parts, reading: Reading, until?: Until): Finding {
  const { numerator, denominator } = parts
  if (denominator === 0) return { ...nothing('nothing-happened'), ...parts }
  const untilMs = until?.(reading) ?? -Infinity
  return {
    ...{ value: numerator / denominator, ...parts },
    ...(untilMs > reading.asOfMs && { provisionalUntil: new Date(untilMs).toISOString() }),
  }
}
