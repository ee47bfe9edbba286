import type { BusinessCalendar } from '@deskpulse/core/time'

const everyDay = [1, 2, 3, 4, 5, 6, 7]

/** Around the hours in which odd events are: closed at noon, over changes of the clocks, at night, on a holiday, on a day that is worked all the same. */
export const office: BusinessCalendar = {
  hours: [
    { days: everyDay, fromMinute: 9 * 60, toMinute: 12 * 60 },
    { days: [1, 2, 3, 4, 5, 6], fromMinute: 12 * 60 + 30, toMinute: 16 * 60 },
    { days: [6, 7], fromMinute: 22 * 60, toMinute: 2 * 60 + 30 },
  ],
  holidays: [{ from: '2026-03-29', to: '2026-03-29' }],
  workdays: [{ date: '2026-03-01', fromMinute: 18 * 60, toMinute: 23 * 60 + 45 }],
}

export const night: BusinessCalendar = {
  hours: [{ days: everyDay, fromMinute: 20 * 60, toMinute: 60 }],
  holidays: [],
  workdays: [],
}

export const always: BusinessCalendar = {
  hours: [{ days: everyDay, fromMinute: 0, toMinute: 24 * 60 }],
  holidays: [],
  workdays: [],
}
