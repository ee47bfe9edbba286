import { dimensionSet } from '../../measures/dimension-set.ts'
import type { ContractCountRow } from '../../subjects/row.ts'
import { RowSet } from '../../subjects/row-set.ts'
import { type LocalTime, zonedAt } from '../../time/local-time.ts'
import { endsInZone, type PeriodBegin, periodBegins } from '../../time/period-starts.ts'
import type { WholeDayKind } from '../../time/periods.ts'
import { bucketStart, type EpochMs, slotMs } from '../../time/time.ts'

/** At an instant so many customers more (`by` > 0) or fewer are under contract. */
export type ContractStep = { readonly atMs: EpochMs; readonly by: number }

/** Periods that began before are not counted: who imports contracts names days of long ago, and a year is some four hundred begins. */
export const contractsFromMs = Date.UTC(2000) as EpochMs

/** `toMs`: a quarter-hour, up to which all begins are counted. `customers`: under contract then, before anything at that instant. `ahead`: steps from then on. */
export type StoredContracts = {
  readonly toMs: EpochMs
  readonly customers: number
  readonly ahead: readonly ContractStep[]
  readonly counts: readonly (readonly [WholeDayKind, EpochMs, number])[]
}

/** Contracts are of no queue, agent or shop. */
const credit = dimensionSet({})

/**
 * How many customers of a tenant are under contract where each period begins, as log time comes to it: a row for each begin at which there is anybody. A contract that begins or ends late
 * changes all begins since. What a begin depends on, beside contracts, is the zone there, which no later configuration changes. Contracts are of days: no hour counts any.
 */
export class ContractCounts {
  readonly rows: RowSet
  #toMs: EpochMs
  #customers: number
  #ahead: readonly ContractStep[]

  /** What was stored is committed; `null`: nothing was. */
  constructor(stored: StoredContracts | null) {
    const { toMs = 0 as EpochMs, customers = 0, ahead = [], counts = [] } = stored ?? {}
    this.#toMs = toMs
    this.#customers = customers
    this.#ahead = ahead
    this.rows = new RowSet(
      counts.map(([period, startMs, held]) => countRow({ period, startMs }, held)),
    )
  }

  /** Takes steps in, and counts the begins that log time has come to. */
  settle(steps: readonly ContractStep[], logTimeMs: EpochMs, localTime: LocalTime): void {
    const begins = (afterMs: EpochMs, toMs: EpochMs): Iterable<PeriodBegin> =>
      periodBegins({ afterMs: Math.max(afterMs, contractsFromMs - 1) as EpochMs, toMs }, localTime)
    const toMs = bucketStart(logTimeMs, slotMs)
    if (this.#isEmpty) this.#toMs = toMs // Meanwhile there was nobody to count.
    const late = steps.filter(({ atMs }) => atMs < this.#toMs).sort(byTime)
    if (late.length > 0)
      for (const begin of begins(late[0]!.atMs, this.#toMs))
        this.#put(begin, this.#countAt(begin) + sumBefore(late, begin.startMs))
    this.#customers += sumBefore(late, this.#toMs)
    const ahead = added([...this.#ahead, ...steps.filter(({ atMs }) => atMs >= this.#toMs)])
    for (const begin of begins(this.#toMs, toMs))
      this.#put(begin, this.#customers + sumBefore(ahead, begin.startMs))
    this.#customers += sumBefore(ahead, toMs)
    this.#ahead = ahead.filter(({ atMs }) => atMs >= toMs)
    this.#toMs = toMs
  }

  /** When the next day begins that counts somebody, or another zone applies; `null`: there is nobody. */
  nextMs(localTime: LocalTime): EpochMs | null {
    if (this.#isEmpty) return null
    const { timeZone, endMs } = zonedAt(localTime, this.#toMs)
    return Math.min(endsInZone(this.#toMs, timeZone).day, endMs) as EpochMs
  }

  get #isEmpty(): boolean {
    return this.#customers === 0 && this.#ahead.length === 0
  }

  /** `null`: there is nothing to know. */
  stored(): StoredContracts | null {
    if (this.#isEmpty && this.rows.size === 0) return null
    const counts = Array.from(
      this.#counts,
      ({ period, begun, customers }) => [period, begun.atMs, customers] as const,
    ).sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1))
    return { toMs: this.#toMs, customers: this.#customers, ahead: this.#ahead, counts }
  }

  get #counts(): readonly ContractCountRow[] {
    return [...this.rows.rows].filter((row) => row.grain === 'contract-count')
  }

  #countAt(begin: PeriodBegin): number {
    const row = this.rows.get(keyOf(begin))
    return row?.grain === 'contract-count' ? row.customers : 0
  }

  #put(begin: PeriodBegin, customers: number): void {
    if (customers === 0) this.rows.remove(keyOf(begin))
    else this.rows.put(countRow(begin, customers))
  }
}

const countRow = ({ period, startMs }: PeriodBegin, customers: number): ContractCountRow => ({
  ...{ grain: 'contract-count', period, begun: { atMs: startMs, credit }, customers },
})

const keyOf = ({ period, startMs }: PeriodBegin): string => `contract-count/${period}/${startMs}`

const byTime = (a: ContractStep, b: ContractStep): number => a.atMs - b.atMs

function sumBefore(steps: readonly ContractStep[], beforeMs: EpochMs): number {
  return steps.reduce((sum, { atMs, by }) => (atMs < beforeMs ? sum + by : sum), 0)
}

/** One step an instant, in order; those that come to nothing are left out. */
function added(steps: readonly ContractStep[]): readonly ContractStep[] {
  const byInstant = new Map<EpochMs, number>()
  for (const { atMs, by } of steps) byInstant.set(atMs, (byInstant.get(atMs) ?? 0) + by)
  return Array.from(byInstant, ([atMs, by]) => ({ atMs, by }))
    .filter(({ by }) => by !== 0)
    .sort(byTime)
}
