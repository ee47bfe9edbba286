import type { ReadSlice } from '@deskpulse/core/measures'
import type { Interval } from '@deskpulse/core/time'
import { goneOn, underContract } from './contracts.ts'
import { isIn, observedAs, type Observation } from './observation.ts'
import type { Expected } from './values.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000

/** How long the periods of whole days are, and the first date of the one that holds a date. */
const wholeDays = [
  { length: { days: 1 }, firstOf: (date: Temporal.PlainDate) => date },
  {
    length: { weeks: 1 },
    firstOf: (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 }),
  },
  { length: { months: 1 }, firstOf: (date: Temporal.PlainDate) => date.with({ day: 1 }) },
  {
    length: { months: 3 },
    firstOf: (date: Temporal.PlainDate) =>
      date.with({ day: 1, month: 3 * Math.ceil(date.month / 3) - 2 }),
  },
  { length: { years: 1 }, firstOf: (date: Temporal.PlainDate) => date.with({ day: 1, month: 1 }) },
] as const

/** By zone and bounds: each period is asked for in every slice. */
const startsBefore = new Map<string, number>()

/** Where the period begins that ends where this one begins; what is no period of whole days is an hour. */
const startBefore = (period: Interval, timeZone: string): number =>
  startsBefore.getOrInsertComputed(`${timeZone} ${period.startMs} ${period.endMs}`, () =>
    computedStartBefore(period, timeZone),
  )

function computedStartBefore({ startMs, endMs }: Interval, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(timeZone)
  const date = local.toPlainDate()
  const startOf = (one: Temporal.PlainDate) => one.toZonedDateTime(timeZone).epochMilliseconds
  const kind = wholeDays.find(
    ({ length, firstOf }) => firstOf(date).equals(date) && startOf(date.add(length)) === endMs,
  )
  return kind === undefined || startOf(date) !== startMs
    ? startMs - hourMs
    : startOf(date.subtract(kind.length))
}

/** Of customers under contract at the begin of the period those who are so at its end, or went on under another id in it; without any, of those who paid in the period before those who paid in this one, too. */
export function retentionValues(
  world: World,
  slice: ReadSlice,
  period: Interval,
): [string, Expected][] {
  const isCounted = slice.length === 0 && period.endMs - period.startMs > 2 * hourMs // Contracts are of days.
  const contracts = isCounted ? underContract(world, period.startMs) : new Set<string>()
  if (contracts.size === 0) return payersAgain(world, slice, period)
  const there = underContract(world, period.endMs).union(
    goneOn(world, period.startMs, period.endMs),
  )
  return both('contracts', contracts.intersection(there).size, contracts.size)
}

function both(
  basis: 'contracts' | 'payers',
  kept: number,
  denominator: number,
): [string, Expected][] {
  const lost = denominator - kept
  return [
    ['customer_retention', { kind: 'ratio', numerator: kept, denominator, basis }],
    ['customer_churn', { kind: 'ratio', numerator: lost, denominator, basis }],
  ]
}

function payersAgain(world: World, slice: ReadSlice, period: Interval): [string, Expected][] {
  const { observations, asOfMs, config } = world
  const paidIn = (from: number, to: number): Observation[] =>
    observedAs('payer', observations).filter(
      ({ atMs }) => atMs >= from && atMs < to && atMs <= asOfMs,
    )
  const before = paidIn(startBefore(period, config.timeZone), period.startMs).filter((one) =>
    isIn(slice, one, world, period.startMs),
  )
  const now = paidIn(period.startMs, period.endMs)
  const isOfShop = slice.some(({ dimension }) => dimension === 'shop')
  const isAgain = (a: Observation, b: Observation): boolean =>
    a.customer === b.customer && (!isOfShop || a.dimensions.shop === b.dimensions.shop)
  const customers = (all: readonly Observation[]): number =>
    new Set(all.map(({ customer }) => customer)).size
  const denominator = customers(before)
  const again = customers(before.filter((one) => now.some((other) => isAgain(one, other))))
  return both('payers', again, denominator)
}
