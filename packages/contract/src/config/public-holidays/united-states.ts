import type { PublicHolidays } from './public-holidays.ts'

const found = { source: 'npm date-holidays 3.37.0 (US, public)', asOf: '2026-11-27' }

/**
 * Federal holidays, and the weekday on which one of a weekend is observed. Every date was compared on 2026-11-27 with the package holidays 0.109 of PyPI, which computes
 * them by itself.
 */
export const americanHolidays = {
  'us-2026': {
    ...found,
    holidays: [
      ["New Year's Day", '2026-01-01'],
      ['Martin Luther King Jr. Day', '2026-01-19'],
      ["Washington's Birthday", '2026-02-16'],
      ['Memorial Day', '2026-05-25'],
      ['Juneteenth', '2026-06-19'],
      ['Independence Day', '2026-07-03', '2026-07-04'],
      ['Labor Day', '2026-09-07'],
      ['Columbus Day', '2026-10-12'],
      ['Veterans Day', '2026-11-11'],
      ['Thanksgiving Day', '2026-11-26'],
      ['Christmas Day', '2026-12-25'],
    ],
  },
  'us-2027': {
    ...found,
    holidays: [
      ["New Year's Day", '2027-01-01'],
      ['Martin Luther King Jr. Day', '2027-01-18'],
      ["Washington's Birthday", '2027-02-15'],
      ['Memorial Day', '2027-05-31'],
      ['Juneteenth', '2027-06-18', '2027-06-19'],
      ['Independence Day', '2027-07-04', '2027-07-05'],
      ['Labor Day', '2027-09-06'],
      ['Columbus Day', '2027-10-11'],
      ['Veterans Day', '2027-11-11'],
      ['Thanksgiving Day', '2027-11-25'],
      ['Christmas Day', '2027-12-24', '2027-12-25'],
      ["New Year's Day, observed", '2027-12-31'],
    ],
  },
} satisfies Record<string, PublicHolidays>
