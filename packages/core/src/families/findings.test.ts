import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import type { Finding } from '../kpis/kpi.ts'
import type { Measure } from '../measures/measure.ts'
import { catalogueOf, measures } from './catalogue.ts'
import { asOfMs, found, readingOf, type Told } from './findings.test-support.ts'
import { passThresholdMeasures } from './queues.ts'
import { thresholdMeasures } from './replies.ts'

const thresholds = thresholdMeasures(30)
const passThresholds = passThresholdMeasures(30)

test.each<{ id: string; measure: Measure }>([
  { id: 'contacts_opened', measure: measures.contactOpened },
  { id: 'contacts_handled', measure: measures.contactHandled },
  { id: 'contacts_resolved', measure: measures.contactResolved },
  { id: 'resolution_events', measure: measures.resolution },
  { id: 'reopen_events', measure: measures.reopening },
  { id: 'lost_waits', measure: measures.lostWait },
  { id: 'contacts_offered', measure: measures.passEntered },
  { id: 'short_abandons', measure: measures.passAbandonedShort },
  { id: 'left_queue', measure: measures.passLeft },
  { id: 'left_before_queue', measure: measures.leftBeforeQueue },
  { id: 'ai_contacts', measure: measures.aiContact },
])('$id is how often that happened, and nothing else', ({ id, measure }) => {
  const others = Object.values(measures).filter((other) => other !== measure)
  expect(
    found(id, { counts: [...others.map((other) => [other, 1_000] as const), [measure, 7]] }),
  ).toEqual({ value: 7 })
})

test.each<{ id: string; measure: Measure; percentiles: Partial<Finding> }>([
  {
    id: 'first_response_time',
    measure: measures.firstReplyTime,
    percentiles: { p50: 20, p90: 50, p95: 50, p99: 50 },
  },
  {
    id: 'response_time',
    measure: measures.replyTime,
    percentiles: { p50: 20, p90: 50, p95: 50, p99: 50 },
  },
  {
    id: 'resolution_time_from_request',
    measure: measures.resolutionTimeFromRequest,
    percentiles: { p90: 50 },
  },
  ...(
    [
      ['time_to_start', measures.timeToStart],
      ['resolution_time_from_request_active', measures.resolutionTimeFromRequestActive],
      ['resolution_time_from_start', measures.resolutionTimeFromStart],
      ['resolution_time_from_start_active', measures.resolutionTimeFromStartActive],
      ['resolution_time_to_last', measures.resolutionTimeToLast],
      ['resolution_time_to_last_active', measures.resolutionTimeToLastActive],
      ['manager_reaction_time', measures.managerReaction],
      ['manager_reaction_time_conflict', measures.managerReactionConflict],
      ['manager_reaction_time_technical', measures.managerReactionTechnical],
    ] as const
  ).map(([id, measure]) => ({ id, measure, percentiles: { p90: 50 } })),
  { id: 'speed_of_answer', measure: measures.passAnswered, percentiles: { p90: 50 } },
  { id: 'queue_wait', measure: measures.passEnded, percentiles: { p90: 50 } },
  { id: 'abandon_time', measure: measures.passAbandoned, percentiles: { p90: 50 } },
])('$id is the sum by the count, with its percentiles', ({ id, measure, percentiles }) => {
  expect(found(id, { durations: [[measure, [10, 20, 50]]] })).toEqual({
    value: 80 / 3,
    count: 3,
    sum: 80,
    ...percentiles,
  })
})

describe('a share is a part of its own whole', () => {
  const { agentHandling, agentAvailable, agentNotReady } = measures
  const time = (handling: number, available: number, notReady: number): Told['counts'] => [
    [agentHandling, handling],
    [agentAvailable, available],
    [agentNotReady, notReady],
  ]
  test.each<{ id: string; told: Told; finding: Finding }>([
    {
      id: 'occupancy',
      told: { counts: time(30, 10, 60) },
      finding: { value: 0.75, numerator: 30, denominator: 40 },
    },
    {
      id: 'utilization',
      told: { counts: time(30, 10, 60) },
      finding: { value: 0.3, numerator: 30, denominator: 100 },
    },
    {
      id: 'occupancy',
      told: { counts: time(0, 1, 0) },
      finding: { value: 0, numerator: 0, denominator: 1 },
    },
    {
      id: 'answered_within_target_of_answered',
      told: {
        counts: [[measures.replyWithin, 3]],
        durations: [[measures.replyTime, [1, 1, 2, 3]]],
      },
      finding: { value: 0.75, numerator: 3, denominator: 4 },
    },
    {
      id: 'answered_within_target_of_due',
      told: {
        counts: [
          [measures.replyDue, 5],
          [measures.replyDueWithin, 4],
        ],
      },
      finding: { value: 0.8, numerator: 4, denominator: 5 },
    },
    {
      id: 'answered_within_30s_of_due',
      told: {
        counts: [
          [thresholds.due, 8],
          [thresholds.within, 2],
        ],
      },
      finding: { value: 0.25, numerator: 2, denominator: 8 },
    },
  ])('$id: $finding.numerator of $finding.denominator', ({ id, told, finding }) => {
    expect(found(id, told)).toEqual(finding)
  })

  /** Of 3 answered passes 2 within the limit and 1 within 30 s; 4 abandoned, of which 3 after more than 5 s; 2 left; all of them are due, and one that waits. */
  const passes: Told = {
    counts: [
      [measures.passWithin, 2],
      [measures.passDue, 10],
      [measures.passAbandonedLong, 3],
      [measures.passAbandonedShort, 1],
      [measures.passLeft, 2],
      [passThresholds.within, 1],
      [passThresholds.due, 9],
    ],
    durations: [[measures.passAnswered, [1, 1, 2]]],
  }
  test.each<{ id: string; numerator: number; denominator: number }>([
    { id: 'service_level_of_offered', numerator: 2, denominator: 10 },
    { id: 'service_level_of_answered_abandoned', numerator: 2, denominator: 6 },
    { id: 'service_level_of_answered', numerator: 2, denominator: 3 },
    { id: 'service_level_30s_of_offered', numerator: 1, denominator: 9 },
    { id: 'service_level_30s_of_answered_abandoned', numerator: 1, denominator: 6 },
    { id: 'service_level_30s_of_answered', numerator: 1, denominator: 3 },
    { id: 'abandon_rate', numerator: 3, denominator: 8 },
  ])('$id: $numerator of $denominator', ({ id, numerator, denominator }) => {
    const value = numerator / denominator
    expect(found(id, passes)).toEqual({ value, numerator, denominator })
  })

  test.each([
    {
      slice: 'all',
      counts: time(0, 0, 5),
      occupancy: 'nothing-happened',
      rule: 'signed in, but neither handling nor available',
    },
    {
      slice: 'queue=a',
      counts: time(0, 0, 5),
      occupancy: 'nothing-happened',
      rule: 'in a queue too',
    },
    { slice: 'all', counts: [], occupancy: 'no-agent-states', rule: 'nobody was ever signed in' },
    { slice: 'agent=7', counts: [], occupancy: 'no-agent-states', rule: 'nor was this agent' },
    {
      slice: 'queue=a',
      counts: [],
      occupancy: 'no-source',
      rule: 'agents have no part in this slice',
    },
  ])('occupancy of $slice is none, $occupancy: $rule', ({ slice, counts, occupancy }) => {
    expect(found('occupancy', { slice, counts })).toMatchObject({ value: null, reason: occupancy })
  })
})

test('the longest queue wait is the longest of those that ended', () => {
  const durations = [[measures.passEnded, [10, 50, 20]]] as const
  expect(found('queue_wait_max', { durations })).toEqual({ value: 50, count: 3 })
})

describe('first contact resolution', () => {
  const counts: Told['counts'] = [
    [measures.fcrDue, 8],
    [measures.fcrSolved, 6],
    [measures.fcrIdentified, 2],
  ]
  const solved = { value: 0.75, numerator: 6, denominator: 8, identifiedShare: 0.25 }
  const windowMs = defaultTenantConfig.fcrWindowMs

  test.each([
    {
      rule: 'stands when the window of its last one is over',
      lastMs: asOfMs - windowMs,
      until: {},
    },
    {
      rule: 'is provisional until then',
      lastMs: asOfMs - windowMs + 1,
      until: { provisionalUntil: new Date(asOfMs + 1).toISOString() },
    },
  ])('$rule', ({ lastMs, until }) => {
    expect(found('fcr_gross', { counts, last: [measures.fcrDue, lastMs] })).toEqual({
      ...solved,
      ...until,
    })
  })
})

test.each<{ id: string; of: Measure; per: Measure }>([
  { id: 'fcr_net', of: measures.fcrNetSolved, per: measures.fcrNetDue },
  {
    id: 'first_level_resolution',
    of: measures.firstResolutionFirstLevel,
    per: measures.firstResolutionInAuthority,
  },
  {
    id: 'followed_up_resolution_rate',
    of: measures.firstPartResolvedLater,
    per: measures.firstPartUnresolved,
  },
  { id: 'resolution_rate', of: measures.openedResolvedInTime, per: measures.contactOpened },
  { id: 'repeat_contact_rate', of: measures.openedRepeat, per: measures.contactOpened },
])('$id is a part of its own whole', ({ id, of, per }) => {
  const counts = [[of, 3] as const, [per, 4] as const]
  expect(found(id, { counts })).toMatchObject({ value: 0.75, numerator: 3, denominator: 4 })
})

test.each([
  { id: 'fcr_net', per: measures.fcrNetDue, forMs: defaultTenantConfig.fcrWindowMs },
  { id: 'resolution_rate', per: measures.contactOpened, forMs: 24 * 3_600_000 },
])('$id is provisional until the last of them can no longer change', ({ id, per, forMs }) => {
  const until = (lastMs: number) =>
    found(id, { counts: [[per, 1]], last: [per, lastMs] }).provisionalUntil
  expect(until(asOfMs - forMs)).toBeUndefined()
  expect(until(asOfMs - forMs + 1)).toBe(new Date(asOfMs + 1).toISOString())
})

test('cycles late are the lateness of those past their limit by how many these are, and of none nothing', () => {
  const { find } = catalogueOf().byId('backlog_cycles_late')!
  const late = (count: number, lateness: number): Finding =>
    find({ ...readingOf({}), open: () => ({ count, oldest: [], lateness }) })
  expect(late(4, 6_000_000)).toEqual({ value: 1.5, count: 4 })
  expect(late(2, 0)).toEqual({ value: 0, count: 2 })
  expect(late(0, 0)).toEqual({ value: null, reason: 'nothing-happened', count: 0 })
})

describe('now', () => {
  const open: Told['open'] = {
    ...{
      'reply.live': [500, 1],
      'queue.voice': [600],
      'reply.deferred': [9_000, 8_000, 7_000],
      'reply.live.due': [1, 1, 1],
    },
    ...{
      'queue.voice.due': [1],
      'reply.deferred.due': [1, 1],
      backlog: [1, 1, 1, 1, 1],
      'backlog.overdue': [1, 1, 1],
      'agent-free': [1, 1],
    },
    ...{ 'agent.available': [1, 1, 1], 'agent.offline': [1], 'agent.on_contact': [1, 1] },
  }

  test.each<{ id: string; finding: Finding; rule: string }>([
    {
      id: 'waiting_now',
      finding: { value: 3 },
      rule: 'live contacts that wait for a reply, and callers in a queue',
    },
    { id: 'waiting_over_target', finding: { value: 4 }, rule: 'those of them over their limit' },
    { id: 'queued_now', finding: { value: 1 }, rule: 'callers alone' },
    {
      id: 'longest_queue_wait',
      finding: { value: 600, since: new Date(asOfMs - 600).toISOString() },
      rule: 'of callers alone',
    },
    { id: 'backlog', finding: { value: 5 }, rule: 'contacts that are open' },
    { id: 'backlog_overdue', finding: { value: 3 }, rule: 'those of them past their limit' },
    { id: 'agents_available', finding: { value: 2 }, rule: 'agents who are free' },
    {
      id: 'longest_wait',
      finding: { value: 600, since: new Date(asOfMs - 600).toISOString() },
      rule: 'of all who wait, whoever waits longest',
    },
  ])('$id: $rule', ({ id, finding }) => {
    expect(found(id, { open })).toEqual(finding)
  })

  test('who waits longest may be of either kind', () => {
    expect(
      found('longest_wait', { open: { 'reply.live': [700], 'queue.voice': [600] } }).value,
    ).toBe(700)
    expect(found('longest_wait', { open: { 'queue.voice': [0] } }).value).toBe(0)
  })

  test('agents are counted in every state, signed out ones too', () => {
    const { value, breakdown } = found('agents_by_state', { open })
    expect(value).toBe(6)
    expect(breakdown).toMatchObject({ available: 3, offline: 1, on_contact: 2, meal: 0 })
  })

  test('agents who are there and not free are no reason to say that nobody is known', () => {
    expect(found('agents_available', { open: { 'agent.offline': [1] } })).toEqual({ value: 0 })
  })
})

test('customers served are those of the very period that is read, and of none where it is no period', () => {
  const counts = [
    [measures.servedInHour, 2],
    [measures.servedInDay, 3],
    [measures.servedInWeek, 5],
    [measures.servedInMonth, 7],
    [measures.servedInQuarter, 11],
    [measures.servedInYear, 13],
  ] as const
  const periods = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const
  expect(periods.map((period) => found('customers_served', { counts, period }).value)).toEqual([
    2, 3, 5, 7, 11, 13,
  ])
  expect(found('customers_served', { counts })).toEqual({
    value: null,
    reason: 'not-distinct-here',
  })
  expect(found('customers_served', { period: 'day' }).value).toBe(0)
})
