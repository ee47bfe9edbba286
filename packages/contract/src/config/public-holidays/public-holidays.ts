import { chinaHolidays } from './china.ts'
import { germanHolidays } from './germany.ts'
import { americanHolidays } from './united-states.ts'

/** The public holidays of a country in a year, as they were published. */
export type PublicHolidays = {
  /** Where they stand, and when they were looked up. */
  readonly source: string
  readonly asOf: string
  /** Dates, or the first and the last one of several. */
  readonly holidays: readonly (readonly [name: string, from: string, to?: string])[]
  /** Days off that are worked for them. */
  readonly workdays?: readonly string[]
}

/** By the name under which a calendar lists them. */
export const publicHolidays: Readonly<Record<string, PublicHolidays>> = {
  ...chinaHolidays,
  ...germanHolidays,
  ...americanHolidays,
}
