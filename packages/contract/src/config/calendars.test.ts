import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { type ConfigError, parseConfig } from './index.ts'
import { publicHolidays } from './public-holidays/public-holidays.ts'

const yaml = `
timeZone: Asia/Shanghai
calendars:
  office:
    hours:
      - { days: [mon, tue, wed, thu, fri], from: '09:00', to: '12:00' }
      - { days: [mon, tue, wed, thu, fri], from: '13:30', to: '18:00' }
    holidays: [{ from: '2026-10-01', to: '2026-10-07', name: National Day }, { date: '2026-09-25' }]
    workdays: [{ date: '2026-10-10', from: '09:00', to: '18:00' }]
calendar: office
queueCalendars: { billing: office }
clock: { live: calendar, deferred: business }
outsideHours: { deferred: count, live: exclude }
pendedPauses: { deferred: true }
limits: { live: { resolution: 4h }, deferred: { resolution: never } }
`
const weekdays = [1, 2, 3, 4, 5]

function configOf(acme: unknown): TenantConfig {
  const parsed = parseConfig({ tenants: { acme } })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config.tenants['acme']!.config
}
function errorsOf(acme: object): readonly ConfigError[] {
  const parsed = parseConfig({ tenants: { acme } })
  return parsed.ok ? [] : parsed.errors
}

test('a calendar is read as it is written', () => {
  const { limits, ...config } = configOf(parse(yaml))
  expect(config).toMatchObject({
    calendars: {
      office: {
        hours: [
          { days: weekdays, fromMinute: 540, toMinute: 720 },
          { days: weekdays, fromMinute: 810, toMinute: 1_080 },
        ],
        holidays: [
          { from: '2026-10-01', to: '2026-10-07', name: 'National Day' },
          { from: '2026-09-25', to: '2026-09-25' },
        ],
        workdays: [{ date: '2026-10-10', fromMinute: 540, toMinute: 1_080 }],
      },
    },
    calendar: 'office',
    queueCalendars: { billing: 'office' },
    clock: { live: 'calendar', deferred: 'business' },
    outsideHours: { live: 'exclude', deferred: 'count' },
    pendedPauses: { voice: false, live: false, deferred: true },
  })
  expect([limits.live.resolutionMs, limits.deferred.resolutionMs]).toEqual([14_400_000, null])
})

test('without any of it a tenant is always open', () => {
  const { calendars, calendar, queueCalendars, outsideHours } = configOf({})
  expect({ calendars, calendar, queueCalendars, outsideHours }).toEqual({
    ...{ calendars: {}, calendar: null, queueCalendars: {} },
    outsideHours: defaultTenantConfig.outsideHours,
  })
})

describe('public holidays', () => {
  const week = { hours: [{ days: ['mon', 'tue'], from: '09:00', to: '18:00' }] }
  const named = (publicHolidays: string[], more: object = {}) =>
    configOf({ calendars: { office: { ...week, ...more, publicHolidays } } }).calendars['office']!

  test('stand in the calendar with all their dates, and the days that are worked for them with its usual hours', () => {
    const { holidays, workdays } = named(['cn-2026'], { holidays: [{ date: '2026-12-24' }] })
    expect(holidays).toContainEqual({ from: '2026-12-24', to: '2026-12-24' })
    expect(holidays).toContainEqual({ from: '2026-10-01', to: '2026-10-07', name: '国庆节' })
    expect(workdays).toContainEqual({ date: '2026-10-10', fromMinute: 540, toMinute: 1_080 })
    expect(workdays).toHaveLength(6)
  })

  test('yield to what the calendar says of a day that is worked', () => {
    const own = [{ date: '2026-10-10', from: '10:00', to: '12:00' }]
    const { workdays } = named(['cn-2026'], { workdays: own })
    expect(workdays.filter(({ date }) => date === '2026-10-10')).toEqual([
      { date: '2026-10-10', fromMinute: 600, toMinute: 720 },
    ])
  })

  test('that are not known are refused with those that are near', () => {
    const office = { ...week, publicHolidays: ['cn-2036', 'fr'] }
    expect(errorsOf({ calendars: { office } })).toMatchObject([
      { path: 'tenants.acme.calendars.office.publicHolidays.0', hint: 'did you mean cn-2026?' },
      {
        path: 'tenants.acme.calendars.office.publicHolidays.1',
        expected: `the name of public holidays: one of ${Object.keys(publicHolidays).join(', ')}`,
      },
    ])
  })

  test.each(Object.entries(publicHolidays))(
    '%s lie in their year, in order, and only days of weekends are worked for them',
    (name, { holidays, workdays = [], asOf, source }) => {
      const dates = holidays.flatMap(([, from, to = from]) => [from, to])
      expect(dates).toEqual(dates.toSorted())
      for (const date of [...dates, ...workdays]) {
        expect(date.slice(0, 4)).toBe(name.slice(-4))
        expect(new Date(date).toISOString().slice(0, 10)).toBe(date)
      }
      for (const date of workdays) expect([0, 6]).toContain(new Date(date).getUTCDay())
      expect([asOf, source]).toEqual([
        expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        expect.stringMatching(/./),
      ])
    },
  )
})

describe('a calendar that cannot be meant is refused:', () => {
  const day = (from: string, to: string, ...days: string[]) => ({ days, from, to })
  const office = { hours: [day('09:00', '18:00', 'mon')] }
  const calendar = (changed: object) => ({ calendars: { office: { ...office, ...changed } } })
  const at = 'tenants.acme.calendars.office'

  test.each([
    {
      rule: 'a name that no calendar has',
      acme: { calendars: { office }, calendar: 'ofice' },
      error: { path: 'tenants.acme.calendar', hint: 'did you mean office?' },
    },
    {
      rule: 'the same of a queue',
      acme: { calendars: { office }, queueCalendars: { vip: 'weekend' } },
      error: {
        path: 'tenants.acme.queueCalendars.vip',
        expected: 'the name of one of the calendars: office',
      },
    },
    {
      rule: 'a name where there is no calendar',
      acme: { calendar: 'office' },
      error: {
        path: 'tenants.acme.calendar',
        expected: 'the name of one of the calendars, of which there is none',
      },
    },
    {
      rule: 'stretches that overlap',
      acme: calendar({
        hours: [day('09:00', '12:00', 'mon', 'tue'), day('11:59', '18:00', 'tue')],
      }),
      error: { path: `${at}.hours.1`, expected: 'hours that no other stretch of the week has' },
    },
    {
      rule: 'stretches that overlap over the end of the week',
      acme: calendar({ hours: [day('22:00', '06:00', 'sun'), day('05:00', '12:00', 'mon')] }),
      error: { path: `${at}.hours.1` },
    },
    {
      rule: 'a holiday that ends before it begins',
      acme: calendar({ holidays: [{ from: '2026-10-07', to: '2026-10-01' }] }),
      error: {
        path: `${at}.holidays.0.to`,
        expected: 'a date that is not before from, 2026-10-07',
        got: '"2026-10-01"',
      },
    },
    {
      rule: 'a holiday that says two things',
      acme: calendar({ holidays: [{ date: '2026-10-07', to: '2026-10-01' }] }),
      error: { path: `${at}.holidays.0`, expected: 'either date, or from and to' },
    },
    {
      rule: 'a holiday without an end',
      acme: calendar({ holidays: [{ from: '2026-10-07', name: 'National Day' }] }),
      error: { path: `${at}.holidays.0`, expected: 'either date, or from and to' },
    },
    ...['2026-02-29', '2026-13-01', '1899-12-31', 'Oct 1'].map((date) => ({
      rule: `${date}, which is no date`,
      acme: calendar({ holidays: [{ date }] }),
      error: {
        path: `${at}.holidays.0.date`,
        expected: 'a date of the years 1900 to 2199, such as 2026-10-01, in quotes',
      },
    })),
    {
      rule: 'a workday without hours',
      acme: calendar({ workdays: [{ date: '2026-10-10', from: '09:00' }] }),
      error: { path: `${at}.workdays.0.to` },
    },
    {
      rule: 'workdays that overlap',
      acme: calendar({
        workdays: [
          { date: '2026-10-10', from: '22:00', to: '04:00' },
          { date: '2026-10-11', from: '03:00', to: '08:00' },
        ],
      }),
      error: {
        path: `${at}.workdays.1`,
        expected: 'hours that no other workday of the date has',
      },
    },
    {
      rule: 'no hours',
      acme: { calendars: { office: {} } },
      error: { path: `${at}.hours` },
    },
    {
      rule: 'a clock that there is not',
      acme: { clock: { live: 'buisness' } },
      error: { path: 'tenants.acme.clock.live', hint: 'did you mean business?' },
    },
    {
      rule: 'an outside that there is not',
      acme: { outsideHours: { live: 'ignore' } },
      error: { path: 'tenants.acme.outsideHours.live' },
    },
  ])('$rule', ({ acme, error }) => {
    expect(errorsOf(acme)).toMatchObject([error])
  })

  test('stretches that meet are none', () => {
    const hours = [day('09:00', '12:00', 'mon'), day('12:00', '18:00', 'mon')]
    expect(errorsOf(calendar({ hours }))).toEqual([])
  })
})
