import { describe, expect, test } from 'vitest'
import type { Finding } from '../kpis/kpi.ts'
import { measures } from './catalogue.ts'
import { asOfMs, found, type Told } from './findings.test-support.ts'

describe('concurrency', () => {
  const signedIn = [measures.agentAvailable, 10] as const
  test.each<{ rule: string; id: string; counts: Told['counts']; is: Partial<Finding> }>([
    {
      rule: 'contact time of what fits, which may be more than that',
      id: 'concurrency',
      counts: [signedIn, [measures.agentEngagedOfCapacity, 6], [measures.agentCapacity, 4]],
      is: { value: 1.5, numerator: 6, denominator: 4 },
    },
    {
      rule: 'nobody who was signed in told a capacity',
      id: 'concurrency',
      counts: [signedIn, [measures.agentEngaged, 6]],
      is: { value: null, reason: 'no-source' },
    },
    {
      rule: 'nobody was signed in',
      id: 'concurrency',
      counts: [],
      is: { value: null, reason: 'no-agent-states' },
    },
    {
      rule: 'contacts at once while any is handled',
      id: 'average_concurrency',
      counts: [
        [measures.agentHandling, 4],
        [measures.agentEngaged, 6],
      ],
      is: { value: 1.5, numerator: 6, denominator: 4 },
    },
    {
      rule: 'nothing was handled',
      id: 'average_concurrency',
      counts: [signedIn],
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'what is neither handling nor available, of all that is signed in',
      id: 'nonproductive_share',
      counts: [signedIn, [measures.agentHandling, 5], [measures.agentNotReady, 5]],
      is: { value: 0.25, numerator: 5, denominator: 20 },
    },
  ])('$id: $rule', ({ id, counts, is }) => {
    expect(found(id, { counts })).toMatchObject(is)
  })
})

describe('effective staffing', () => {
  const hour = 3_600_000
  const staffed = [measures.staffedTime, hour] as const
  test.each<{ rule: string; told: Told; is: Partial<Finding> }>([
    {
      rule: 'staffed time ÷ the time up to the last quarter-hour that is over',
      told: { counts: [staffed], window: (asOfMs % 900_000) + hour },
      is: { value: 1, sum: hour },
    },
    {
      rule: 'no quarter-hour of the window is over',
      told: { window: asOfMs % 900_000 },
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'agents were signed in and not staffed',
      told: { counts: [[measures.agentNotReady, hour]], window: 2 * hour },
      is: { value: 0, sum: 0 },
    },
    {
      rule: 'nobody was signed in',
      told: { window: 2 * hour },
      is: { value: null, reason: 'no-agent-states' },
    },
    {
      rule: 'agents have no part in this slice',
      told: { window: 2 * hour, slice: 'queue=a' },
      is: { value: null, reason: 'no-source' },
    },
  ])('$rule', ({ told, is }) => {
    expect(found('effective_staffing', told)).toMatchObject(is)
  })
})

describe('shifts', () => {
  const signedIn = [measures.agentAvailable, 10] as const
  const { scheduledTime, adheredTime, scheduledProductiveTime, productiveTime } = measures
  const { attendanceDue, attendanceKept, attendanceViolated } = measures
  test.each<{ rule: string; id: string; counts: Told['counts']; is: Partial<Finding> }>([
    {
      rule: 'time as scheduled, of scheduled time',
      id: 'adherence',
      counts: [
        [scheduledTime, 40],
        [adheredTime, 38],
      ],
      is: { value: 0.95, numerator: 38, denominator: 40 },
    },
    {
      rule: 'nobody had a shift',
      id: 'adherence',
      counts: [signedIn],
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'nobody was signed in, nor had a shift',
      id: 'adherence',
      counts: [],
      is: { value: null, reason: 'no-agent-states' },
    },
    {
      rule: 'a shift of somebody who is absent is no silence',
      id: 'adherence',
      counts: [[scheduledTime, 40]],
      is: { value: 0, numerator: 0, denominator: 40 },
    },
    {
      rule: 'productive time may be more than was scheduled',
      id: 'conformance',
      counts: [
        [scheduledProductiveTime, 40],
        [productiveTime, 50],
      ],
      is: { value: 1.25, numerator: 50, denominator: 40 },
    },
    {
      rule: 'work around a shift, where none of it is in the period',
      id: 'conformance',
      counts: [signedIn, [productiveTime, 10]],
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'attended shifts of all',
      id: 'attendance_rate',
      counts: [
        [attendanceDue, 4],
        [attendanceKept, 3],
      ],
      is: { value: 0.75, numerator: 3, denominator: 4 },
    },
    {
      rule: 'no shift was over',
      id: 'attendance_rate',
      counts: [signedIn],
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'all that were told',
      id: 'attendance_violations',
      counts: [[attendanceViolated, 3]],
      is: { value: 3 },
    },
    { rule: 'none was told', id: 'attendance_violations', counts: [], is: { value: 0 } },
  ])('$id: $rule', ({ id, counts, is }) => {
    expect(found(id, { counts })).toMatchObject(is)
  })
})
