import { dimensionSet } from '../../measures/dimension-set.ts'
import { isOneZone, type LocalTime, zonedAt } from '../../time/local-time.ts'
import { endsInZone, type PeriodStarts, startsInZone } from '../../time/period-starts.ts'
import { type ClosedKind, closedKinds } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Occasion } from './customer-periods.ts'

/** A payment, where the periods begin that hold it, and where the next ones do: in the zone that applies to it. */
type Payment = Pick<Occasion, 'atMs' | 'credit'> & {
  readonly starts: PeriodStarts
  readonly nexts: PeriodStarts
}

/**
 * Who paid in a period, and in the one after it (semantics 24). A period counts its payers of the one before at its begin, once log time has come to it: what that
 * depends on then stays, as no later configuration reaches back to it. Periods of two zones do not follow one another; what else cuts a period cuts none of these.
 */
export class Retention {
  readonly #payments: readonly Payment[]
  readonly #localTime: LocalTime

  /** `payments`: occasions on which the customer paid. */
  constructor(payments: Iterable<Occasion>, localTime: LocalTime) {
    this.#localTime = localTime
    this.#payments = Array.from(payments, ({ atMs, credit }) => {
      const { timeZone } = zonedAt(localTime, atMs)
      const [starts, nexts] = [startsInZone(atMs, timeZone), endsInZone(atMs, timeZone)]
      return { atMs, credit, starts, nexts }
    }).sort((a, b) => a.atMs - b.atMs)
  }

  /** In periods that have begun by then. */
  occasions(asOfMs: EpochMs): Occasion[] {
    if (this.#payments.length === 0) return [] // Most customers have never paid.
    return closedKinds.flatMap((period) => {
      const again = Map.groupBy(this.#payments, ({ starts }) => starts[period])
      return this.#payments
        .filter(({ nexts }) => nexts[period] <= asOfMs)
        .filter(({ atMs, nexts }) => isOneZone(this.#localTime, atMs, nexts[period]))
        .flatMap(({ credit, nexts }): Occasion[] => {
          const atMs = nexts[period]
          return [
            { what: 'paidBefore', period, atMs, credit },
            ...retained(credit, again.get(atMs) ?? [], period),
          ]
        })
    })
  }

  /** When the next period begins in which the customer counts; `null`: none is ahead. */
  nextMs(asOfMs: EpochMs): EpochMs | null {
    const ahead = this.#payments.flatMap(({ nexts }) => Object.values(nexts))
    const nextMs = Math.min(...ahead.filter((atMs) => atMs > asOfMs))
    return nextMs === Infinity ? null : (nextMs as EpochMs)
  }
}

/** For whom the payment of the period before counts: in slices of its shop where the customer paid there again, in all others where it did anywhere, whoever had a part in it. */
function retained(
  credit: Occasion['credit'],
  again: readonly Payment[],
  period: ClosedKind,
): Occasion[] {
  const [first] = again
  if (first === undefined) return []
  const what = 'retained'
  const there = again.find((one) => one.credit.shop === credit.shop)
  if (there?.atMs === first.atMs) return [{ what, period, atMs: first.atMs, credit }]
  const anywhere = dimensionSet(credit, { ...credit, shop: undefined })
  return [
    { what, period, atMs: first.atMs, credit: anywhere },
    ...(there === undefined ? [] : [{ what, period, atMs: there.atMs, credit } as const]),
  ]
}
