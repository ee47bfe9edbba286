import type { PublicHolidays } from './public-holidays.ts'

const found = { source: 'npm date-holidays 3.37.0 (DE, public)', asOf: '2026-11-27' }

/**
 * Those of all states; what one state has beside them stands in a calendar's own `holidays`. Every date was compared on 2026-11-27 with the package holidays 0.109 of PyPI,
 * which computes them by itself.
 */
export const germanHolidays = {
  'de-2026': {
    ...found,
    holidays: [
      ['Neujahr', '2026-01-01'],
      ['Karfreitag', '2026-04-03'],
      ['Ostermontag', '2026-04-06'],
      ['Tag der Arbeit', '2026-05-01'],
      ['Christi Himmelfahrt', '2026-05-14'],
      ['Pfingstmontag', '2026-05-25'],
      ['Tag der Deutschen Einheit', '2026-10-03'],
      ['Weihnachten', '2026-12-25', '2026-12-26'],
    ],
  },
  'de-2027': {
    ...found,
    holidays: [
      ['Neujahr', '2027-01-01'],
      ['Karfreitag', '2027-03-26'],
      ['Ostermontag', '2027-03-29'],
      ['Tag der Arbeit', '2027-05-01'],
      ['Christi Himmelfahrt', '2027-05-06'],
      ['Pfingstmontag', '2027-05-17'],
      ['Tag der Deutschen Einheit', '2027-10-03'],
      ['Weihnachten', '2027-12-25', '2027-12-26'],
    ],
  },
} satisfies Record<string, PublicHolidays>
