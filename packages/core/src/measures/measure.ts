import type { Clock } from '../config/tenant-config.ts'
import type { ClosedKind, WholeDayKind } from '../time/periods.ts'
import { currencyCodes, currencyOfNumber, numberOfCurrency } from './currency.ts'

/** So many numbers a family can have, from 0. */
export const familiesMax = 64
/** A measure owns so many cells of a record. */
export const cellsPerField = 4_096

/**
 * - `distinct`: adds 1 where something happens for the first time in a period of a kind, in each slice: its buckets add up to that period, and to no longer one.
 * - `count`: adds its value at an instant.
 * - `duration`: adds 1 to a count, its value in ms to a sum, and 1 to a histogram bin, at an instant.
 * - `span`: adds its value in ms to the buckets that an interval covers, spread evenly over it: of its length the overlap with each.
 * - `money`: adds an amount in minor units of a currency at an instant; amounts of two currencies are never added.
 */
export type MeasureKind = 'distinct' | 'count' | 'duration' | 'span' | 'money'

/** Within what, after its instant, time alone may change a measure: `fcrWindow`, or seven days. */
export const maturities = ['fcrWindow', 'week'] as const
export type Maturity = (typeof maturities)[number]

/** `family` and `field` are the numbers under which a measure is stored; they are never reused. */
export type Measure = {
  readonly name: string
  readonly family: number
  readonly field: number
  readonly kind: MeasureKind
  /** The kind of the periods of which alone it says something; absent, of a `distinct`: each row is of a period of its own, so that its buckets add up to any. */
  readonly of?: ClosedKind
  /** It changes by time passing alone, for so long after its instant: a closed period is not issued again for each change of it. */
  readonly matures?: Maturity
  /** What a reading on one clock adds: this measure has everything on the clock of its class. Absent: no clock runs in it, or one for all. */
  readonly shifts?: Readonly<Record<Clock, Measure>>
  /** The same of what it counts, at the entry of each (`by=entry`). Absent: it has one instant at which it can count. */
  readonly atEntry?: Measure
  /** The same of what names a period: by the kinds of the periods that contain all of it, in readings of which it counts, too. Absent: nothing that it counts names one. */
  readonly named?: Readonly<Record<WholeDayKind, Measure>>
}

/** What is stored beside a measure, for other readings of it. */
export const twinsOf = ({ shifts, atEntry, named }: Measure): readonly Measure[] => [
  ...(shifts === undefined ? [] : [shifts.calendar, shifts.business]),
  ...(atEntry === undefined ? [] : [atEntry]),
  ...(named === undefined ? [] : Object.values(named)),
]

/** The first of a measure's cells in a record, which holds measures of all families. */
export function firstCell({ field, family }: Pick<Measure, 'field' | 'family'>): number {
  return (field * familiesMax + family) * cellsPerField
}

/** So many fields a measure of money takes, so that each currency has a cell of its own. */
export const moneyFields = Math.ceil(currencyCodes / cellsPerField)

/** The fields that a measure takes: its own, and those behind it. */
export const fieldsOf = ({ field, kind }: Pick<Measure, 'field' | 'kind'>): readonly number[] =>
  Array.from({ length: kind === 'money' ? moneyFields : 1 }, (_, place) => field + place)

/** The cell of a currency in a measure of money. */
export function moneyCell({ field, family }: Measure, currency: string): number {
  const number = numberOfCurrency(currency)
  const column = field + Math.floor(number / cellsPerField)
  return firstCell({ field: column, family }) + (number % cellsPerField)
}

/** Whose cell it is in a measure of money; `null`: it is a cell of another measure. */
export function currencyOfCell({ field, family }: Measure, cell: number): string | null {
  const column = Math.floor(cell / cellsPerField)
  const place = Math.floor(column / familiesMax) - field
  if (column % familiesMax !== family || place < 0 || place >= moneyFields) return null
  return currencyOfNumber(place * cellsPerField + (cell % cellsPerField))
}

/** Dimension values; absent = in no slice of that dimension. An agent may be in several queues at once. */
export type DimensionValues = {
  readonly queue?: string | readonly string[]
  readonly agent?: string
  readonly channel?: string
  readonly class?: string
  readonly topic?: string
  readonly priority?: string
  readonly skill?: string
  readonly shop?: string
  readonly intent?: string
  /** Its agent, where an appeal leaves it out of the agent’s score cards. */
  readonly appeal?: string
}

/** Dimensions that describe the whole contact: its last word counts, also for what was counted before (`contact.updated`). */
export const attributeNames = ['topic', 'priority', 'skill', 'shop', 'intent'] as const
export type ContactAttributes = Pick<DimensionValues, (typeof attributeNames)[number]>

/** `wide`: slices without the agent dimension alone; `agent`: slices with it alone; `both`: all that match. */
export type CreditScope = 'both' | 'wide' | 'agent'
