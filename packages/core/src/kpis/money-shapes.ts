import { minorDigits } from '../measures/currency.ts'
import type { Measure } from '../measures/measure.ts'
import { type Amounts, type ExactInteger, exactSum, quotient } from '../measures/merged.ts'
import type { Finding, Kpi } from './kpi.ts'
import type { ByKind } from './distinct-shapes.ts'
import { type Described, kpi, nothing } from './shapes.ts'

/** Shapes of KPIs in money. It is never added over currencies: where there are several, each has a value, and all together have none. */

/** An amount in the main unit of its currency: 12900 of `CNY` are 129. */
const inMainUnit = (amountMinor: ExactInteger, currency: string, per: ExactInteger = 1): number =>
  quotient(amountMinor, exactProduct(per, 10 ** minorDigits(currency)))

const exactProduct = (a: ExactInteger, b: number): ExactInteger => BigInt(a) * BigInt(b)

/** `per`: what each amount is divided by. `exact`: under which name the amount stands beside the value where there is one currency. */
function findingOf(amounts: Amounts, exact: 'sum' | 'numerator', per: ExactInteger = 1): Finding {
  const values = [...amounts].map(([one, amount]) => [one, inMainUnit(amount, one, per)] as const)
  const [first, ...others] = values
  if (first === undefined) return nothing('nothing-happened')
  if (others.length > 0)
    return { ...nothing('several-currencies'), byCurrency: Object.fromEntries(values) }
  const [currency, value] = first
  return { value, [exact]: amounts.get(currency), currency }
}

/** `of − less`, in currencies of which there is something in `of`; `nothing-happened` where there are none. */
export function moneyTotal(
  id: string,
  { of, less, ...common }: Described & { readonly of: Measure; readonly less?: Measure },
): Kpi {
  const taken = less === undefined ? [] : [less]
  const terms = { shape: 'money', of: [of], less: taken } as const
  const find: Kpi['find'] = (reading) => {
    const off = taken.map((measure) => reading.money(measure))
    const amounts = [...reading.money(of)].map(([currency, amount]): [string, ExactInteger] => [
      currency,
      exactSum(amount, ...off.map((one) => -(one.get(currency) ?? 0))),
    ])
    return findingOf(new Map(amounts), 'sum')
  }
  return {
    ...kpi(id, 'money', [of, ...taken], common, find, terms),
    numbers: ['value', 'sum'],
  }
}

/** Money ÷ how often something happened; `nothing-happened` without either. */
export function moneyPer(
  id: string,
  { of, per, ...common }: Described & { readonly of: Measure; readonly per: Measure },
): Kpi {
  const find: Kpi['find'] = (reading) => dividedBy(reading.count(per), reading.money(of))
  return quotientKpi(id, of, [per], common, find)
}

/** The same of distinct things: `not-distinct-here` where the window is no period of a kind. */
export function moneyPerDistinct(
  id: string,
  { of, per, ...common }: Described & { readonly of: Measure; readonly per: ByKind },
): Kpi {
  const find: Kpi['find'] = (reading) =>
    reading.period === null
      ? nothing('not-distinct-here')
      : dividedBy(reading.count(per[reading.period]), reading.money(of))
  return quotientKpi(id, of, Object.values(per), common, find)
}

function dividedBy(denominator: ExactInteger, amounts: Amounts): Finding {
  const found =
    denominator <= 0 ? nothing('nothing-happened') : findingOf(amounts, 'numerator', denominator)
  return { ...found, denominator }
}

const quotientKpi = (
  id: string,
  of: Measure,
  per: readonly Measure[],
  common: Described,
  find: Kpi['find'],
): Kpi => ({
  ...kpi(id, 'money', [of, ...per], common, find, { shape: 'money-ratio', of: [of], per }),
  numbers: ['value', 'numerator', 'denominator'],
})
