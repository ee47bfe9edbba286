import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import { parseSlice, type Slice } from '../slices/slice.ts'
import { clockOf } from './clock.ts'
import type { Kpi } from './kpi.ts'

const kpi = (id: string): Kpi => catalogueOf().byId(id)!
const sliceOf = (text: string): Slice => {
  const parsed = parseSlice(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.slice
}
const office = { hours: [], holidays: [], workdays: [] }
const withCalendar = (changed: Partial<TenantConfig> = {}): TenantConfig => ({
  ...defaultTenantConfig,
  calendars: { office },
  calendar: 'office',
  ...changed,
})

describe('the clock of a value that was asked for without one', () => {
  test.each([
    ['class=deferred', {}, 'business'],
    ['channel=email', {}, 'business'],
    ['class=live', {}, 'calendar'],
    ['channel=new', {}, 'calendar'],
    ['class=voice', { clock: { live: 'business', deferred: 'business' } }, 'calendar'],
    ['all', {}, 'class'],
    ['queue=billing', {}, 'class'],
    ['all', { clock: { live: 'business', deferred: 'business' } }, 'class'],
    ['all', { clock: { live: 'calendar', deferred: 'calendar' } }, 'calendar'],
    ['class=deferred', { calendar: null }, 'calendar'],
    ['class=deferred', { calendar: null, queueCalendars: { vip: 'office' } }, 'business'],
  ] as const)('in %s with %j is %s', (slice, changed, clock) => {
    const at = { slice: sliceOf(slice), config: withCalendar(changed) }
    expect(clockOf(kpi('response_time'), null, at)).toBe(clock)
  })
})

test('one that is asked for is that one, where a KPI has it', () => {
  const at = { slice: sliceOf('all'), config: withCalendar() }
  expect(clockOf(kpi('response_time'), 'business', at)).toBe('business')
  expect(clockOf(kpi('response_time'), 'calendar', at)).toBe('calendar')
  expect(clockOf(kpi('time_to_restore'), 'business', at)).toBe('calendar')
  expect(clockOf(kpi('contacts_opened'), 'business', at)).toBeNull()
})
