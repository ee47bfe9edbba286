import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import type { Finding, Reading } from '../kpis/kpi.ts'
import type { Measure } from '../measures/measure.ts'
import type { MergedDuration } from '../measures/merged.ts'
import { parseSlice } from '../slices/slice.ts'
import type { OpenKind } from '../state/keys.ts'
import { dayMs, type EpochMs } from '../time/time.ts'
import { catalogueOf, measures } from './catalogue.ts'
import { passThresholdMeasures } from './queues.ts'
import { thresholdMeasures } from './replies.ts'

const asOfMs = 1_000_000_000_000 as EpochMs
const thresholds = thresholdMeasures(30)
const passThresholds = passThresholdMeasures(30)

type Told = {
  readonly counts?: readonly (readonly [Measure, number])[]
  /** Durations in ms, below 128: each is a bin of its own. */
  readonly durations?: readonly (readonly [Measure, readonly number[]])[]
  /** Since when, before `asOfMs`; the oldest first. */
  readonly open?: Partial<Record<OpenKind, readonly number[]>>
  readonly last?: readonly [Measure, number]
  readonly period?: Reading['period']
  readonly slice?: string
  /** How long it is, in ms. */
  readonly window?: number
}

function durationOf(all: readonly number[]): MergedDuration {
  const bins = [...new Set(all)].sort((a, b) => a - b)
  const counts = bins.map((bin) => all.filter((ms) => ms === bin).length)
  const sum = all.reduce((total, ms) => total + ms, 0)
  return { count: all.length, sum, bins: { bins, counts, total: all.length } }
}

/** Of what is told, and nothing else. */
function readingOf({
  counts = [],
  durations = [],
  open = {},
  last,
  slice = 'all',
  period = null,
  window = 3_600_000,
}: Told): Reading {
  const lasted = new Map(durations)
  const parsed = parseSlice(slice)
  return {
    // Measures of thresholds are made where they are asked for: the same by their numbers.
    count: (measure) => {
      const { field, family, kind } = measure
      if (kind === 'duration') return (lasted.get(measure) ?? []).length
      return counts.find(([one]) => one.field === field && one.family === family)?.[1] ?? 0
    },
    duration: (measure) => durationOf(lasted.get(measure) ?? []),
    ages: (kind) => durationOf(open[kind] ?? []),
    period,
    isOneSlice: true,
    lastBefore: (measure) =>
      last !== undefined && measure === last[0] ? (last[1] as EpochMs) : null,
    open: (kind) => {
      const since = open[kind] ?? []
      return {
        count: since.length,
        oldest: since.slice(0, 1).map((beforeMs) => ({ sinceMs: (asOfMs - beforeMs) as EpochMs })),
      }
    },
    ...{
      slice: parsed.ok ? parsed.slice : [],
      config: defaultTenantConfig,
      inForce: defaultTenantConfig,
      asOfMs,
      window: { startMs: (asOfMs - window) as EpochMs, endMs: asOfMs },
    },
  }
}

const found = (id: string, told: Told): Finding => catalogueOf().byId(id)!.find(readingOf(told))

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

describe('bots', () => {
  const counts: Told['counts'] = [
    [measures.botContactOver, 20],
    [measures.botContained, 11],
    [measures.botContactHandedOff, 7],
    [measures.contactOpened, 40],
    [measures.aiContactOpened, 19],
    [measures.aiEpisode, 25],
    [measures.aiAutonomous, 10],
    [measures.aiAssisted, 6],
    [measures.aiDropped, 3],
    [measures.aiMessages, 60],
    [measures.aiReopened, 2],
    [measures.aiMature, 8],
    [measures.aiDurable, 7],
    [measures.handoffLimit, 1],
    [measures.handoffUnable, 2],
    [measures.handoffOther, 4],
    [measures.handoffNone, 1],
  ]

  test.each<{ id: string; numerator: number; denominator: number }>([
    { id: 'bot_contained_rate', numerator: 11, denominator: 20 },
    { id: 'handoff_rate', numerator: 7, denominator: 20 },
    { id: 'ai_coverage', numerator: 19, denominator: 40 },
    { id: 'ai_autonomous_rate', numerator: 10, denominator: 25 },
    { id: 'ai_assisted_rate', numerator: 6, denominator: 25 },
    { id: 'ai_dropped_rate', numerator: 3, denominator: 25 },
    { id: 'ai_reopen_rate', numerator: 2, denominator: 10 },
    { id: 'ai_durable_rate', numerator: 7, denominator: 8 },
    { id: 'ai_depth', numerator: 60, denominator: 25 },
  ])('$id: $numerator of $denominator', ({ id, numerator, denominator }) => {
    const value = numerator / denominator
    expect(found(id, { counts })).toEqual({ value, numerator, denominator })
  })

  test('hand-offs are told by their reasons, which add up to them', () => {
    const breakdown = { limit: 1, requested: 0, unable: 2, policy: 0, other: 4, none: 1 }
    const [numerator, denominator] = [8, 25]
    const value = numerator / denominator
    expect(found('ai_handoff_rate', { counts })).toEqual({
      value,
      numerator,
      denominator,
      breakdown,
    })
  })

  test.each([
    { rule: 'stands 7 days after the last resolution', ms: 7 * dayMs, until: {} },
    {
      rule: 'is provisional until then',
      ms: 7 * dayMs - 1,
      until: { provisionalUntil: new Date(asOfMs + 1).toISOString() },
    },
  ])('the share of reopened ones $rule', ({ ms, until }) => {
    const last = [measures.aiAutonomous, asOfMs - ms] as const
    const is = { value: 0.2, numerator: 2, denominator: 10, ...until }
    expect(found('ai_reopen_rate', { counts, last })).toEqual(is)
  })
})

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
