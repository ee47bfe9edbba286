import { at } from './alert.test-support.ts'
import type { AlertStanding, NoticeEndpoint } from './notice.ts'
import type { Silence } from './silence.ts'

/** Fires since the test's second 0. */
export const firing = (changed: Partial<AlertStanding> = {}): AlertStanding => ({
  tenant: 'acme',
  rule: 'customer-waiting',
  subject: 'contact/c-17',
  slice: 'queue=billing',
  severity: 'warning',
  kind: 'deadline',
  contactId: 'c-17',
  labels: {},
  status: 'firing',
  late: false,
  sinceMs: at(-30),
  startedMs: at(0),
  endedMs: null,
  end: null,
  acknowledged: false,
  ...changed,
})

export const resolved = (second: number, changed: Partial<AlertStanding> = {}): AlertStanding =>
  firing({ status: 'resolved', endedMs: at(second), end: 'over', ...changed })

export const endpoint = (name: string, changed: Partial<NoticeEndpoint> = {}): NoticeEndpoint => ({
  name,
  tenants: null,
  severityMin: 'info',
  ...changed,
})

/** Of every alert of the tenant. */
export const silence = (fromSecond: number, toSecond: number): Silence => ({
  id: `s-${fromSecond}-${toSecond}`,
  tenant: 'acme',
  matchers: [],
  author: 'Li',
  comment: '',
  startsMs: at(fromSecond),
  endsMs: at(toSecond),
})
