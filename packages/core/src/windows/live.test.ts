import { describe, expect, test } from 'vitest'
import { alwaysInForce } from '../config/business-time.ts'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import type { Kpi } from '../kpis/kpi.ts'
import type { KpiValue } from '../kpis/value.ts'
import { measures } from '../families/catalogue.ts'
import { thresholdMeasures } from '../families/replies.ts'
import { parseSlice } from '../slices/slice.ts'
import { type EpochMs, hourMs, minuteMs, secondMs } from '../time/time.ts'
import { type Buckets, buckets } from './buckets.fixture.ts'
import { evaluate } from './evaluate.ts'
import { isCurrent, livePlan, type ReadingPlan, type SliceQuestion } from './plan.ts'
import { wholeSlice } from './sources.ts'
import { type LiveWindow, parseWindow } from './window.ts'

const nowMs = Date.parse('2026-03-02T10:07:27.017Z') as EpochMs
const ago = (ms: number): EpochMs => (nowMs - ms) as EpochMs
const config: TenantConfig = { ...defaultTenantConfig, timeZone: 'Europe/Rome' }

function question(slice = 'all', kpis: readonly Kpi[] = catalogueOf().kpis): SliceQuestion {
  const parsed = parseSlice(slice)
  return {
    tenant: 'acme',
    slice: parsed.ok ? parsed.slice : [],
    sources: wholeSlice(4),
    config,
    history: alwaysInForce(config),
    kpis,
    running: [],
  }
}

function live(
  fill: (stored: Buckets) => void,
  {
    window = { minutes: 15 },
    slice = 'all',
    asOfMs = nowMs,
  }: { window?: LiveWindow; slice?: string; asOfMs?: EpochMs } = {},
): (id: string) => KpiValue {
  const stored = buckets('acme', 4, config.timeZone)
  fill(stored)
  const plan = livePlan(question(slice), window, asOfMs)
  const values = evaluate(plan, stored.answer(plan, asOfMs))
  return (id) => values.get(id) as KpiValue
}

const only = (...ids: string[]): Kpi[] => catalogueOf().kpis.filter((kpi) => ids.includes(kpi.id))

describe('plans', () => {
  test.each([
    { text: '1m', is: { minutes: 1 } },
    { text: '60m', is: { minutes: 60 } },
    { text: 'today', is: 'today' },
    ...['0m', '61m', '015m', '5', '5s', '', 'Today'].map((text) => ({ text, is: null })),
  ])('window $text is $is', ({ text, is }) => {
    expect(parseWindow(text)).toEqual(is)
  })

  test('a window of n minutes reads the running minute and the n − 1 before it', () => {
    const plan = livePlan(question('all', only('contacts_opened')), { minutes: 2 }, nowMs)
    expect(plan.keys).toEqual(['m:acme:minute:1772445960000#4', 'm:acme:minute:1772446020000#4'])
    expect(plan.open).toEqual([])
  })

  test('today is the bucket of the local day', () => {
    const plan = livePlan(question('all', only('response_time')), 'today', nowMs)
    expect(plan.keys).toEqual([`m:acme:day:${Date.parse('2026-03-01T23:00:00Z')}#4`])
  })

  test('open intervals are counted, the oldest fetched for the longest wait alone, members for agent time', () => {
    expect(livePlan(question('all', only('waiting_now')), { minutes: 1 }, nowMs).open).toEqual([
      { tenant: 'acme', slice: 4, kind: 'reply.live', members: 0 },
      { tenant: 'acme', slice: 4, kind: 'queue.voice', members: 0 },
    ])
    const both = livePlan(
      question('all', only('waiting_now', 'longest_wait')),
      { minutes: 1 },
      nowMs,
    )
    expect(both.open.map(({ members }) => members)).toEqual([1, 1])
    const agents = livePlan(question('all', only('occupancy')), { minutes: 1 }, nowMs)
    expect(agents.open.map(({ kind }) => kind)).toEqual([
      'agent-class.handling',
      'agent-class.available',
      'agent-class.not_ready',
    ])
  })

  test('a plan stands until the minute, or the local day, is over', () => {
    const check = (plan: ReadingPlan, at: string): boolean =>
      isCurrent(plan, Date.parse(at) as EpochMs)
    const minutes = livePlan(question(), { minutes: 5 }, nowMs)
    expect(check(minutes, '2026-03-02T10:07:59.999Z')).toBe(true)
    expect(check(minutes, '2026-03-02T10:08:00.000Z')).toBe(false)
    const today = livePlan(question(), 'today', nowMs)
    expect(check(today, '2026-03-02T22:59:59.999Z')).toBe(true)
    expect(check(today, '2026-03-02T23:00:00.000Z')).toBe(false)
  })
})

describe('durations and shares', () => {
  test('an average has its count, sum and percentiles, and the target of live contacts', () => {
    const of = live(
      (stored) => {
        for (const ms of [10_000, 20_000, 60_000]) stored.add(measures.replyTime, ago(minuteMs), ms)
      },
      { slice: 'class=live' },
    )
    const value = of('response_time')
    expect(value).toMatchObject({
      value: 30_000,
      unit: 'ms',
      count: 3,
      sum: 90_000,
      target: { max: 30_000 },
      status: 'ok',
    })
    expect(value).toMatchObject({ definition: 'response_time@1', clock: 'calendar' })
    expect(Math.abs((value.p50 ?? 0) - 20_000)).toBeLessThanOrEqual(200)
    expect(Math.abs((value.p99 ?? 0) - 60_000)).toBeLessThanOrEqual(600)
  })

  test('what happened before the window is not in it; its first minute is', () => {
    const of = live((stored) => {
      stored.add(measures.contactOpened, Date.parse('2026-03-02T09:52:59.999Z') as EpochMs, 1)
      stored.add(measures.contactOpened, Date.parse('2026-03-02T09:53:00.000Z') as EpochMs, 10)
      stored.add(measures.contactOpened, nowMs, 100)
    })
    expect(of('contacts_opened')).toEqual({
      value: 110,
      unit: 'count',
      status: 'ok',
      definition: 'contacts_opened@1',
    })
  })

  test('a share has its numerator and denominator', () => {
    const { due, within } = thresholdMeasures(30)
    const of = live((stored) => {
      stored.add(measures.replyTime, ago(0), 5)
      stored.add(measures.replyWithin, ago(0), 1)
      stored.add(measures.replyDue, ago(0), 4)
      stored.add(measures.replyDueWithin, ago(0), 3)
      stored.add(due, ago(0), 10)
      stored.add(within, ago(0), 9)
    })
    expect(of('answered_within_target_of_answered')).toMatchObject({
      value: 1,
      numerator: 1,
      denominator: 1,
      status: 'ok',
    })
    expect(of('answered_within_target_of_due')).toMatchObject({
      value: 0.75,
      numerator: 3,
      denominator: 4,
      status: 'warning',
    })
    expect(of('answered_within_30s_of_due')).toMatchObject({
      value: 0.9,
      numerator: 9,
      denominator: 10,
    })
  })

  test('with nothing to divide by there is no value, and counts are zero', () => {
    const of = live(() => undefined)
    expect(of('response_time')).toEqual({
      value: null,
      reason: 'nothing-happened',
      unit: 'ms',
      count: 0,
      sum: 0,
      status: 'no-data',
      definition: 'response_time@1',
      clock: 'calendar',
    })
    expect(of('answered_within_target_of_due')).toMatchObject({
      value: null,
      reason: 'nothing-happened',
      numerator: 0,
      denominator: 0,
    })
    expect(of('fcr_gross')).toMatchObject({
      value: null,
      reason: 'nothing-happened',
      status: 'no-data',
    })
    for (const id of [
      'contacts_opened',
      'contacts_handled',
      'contacts_resolved',
      'resolution_events',
      'reopen_events',
      'backlog',
    ])
      expect(of(id)).toMatchObject({ value: 0, status: 'ok' })
  })

  test('a slice that nothing was ever counted in has the same values, and asks for nothing', () => {
    const plan = livePlan({ ...question(), sources: wholeSlice(undefined) }, { minutes: 5 }, nowMs)
    expect([plan.keys, plan.open]).toEqual([[], []])
    const values = evaluate(plan, { values: [], open: [], asOfMs: nowMs })
    expect(values.size).toBe(catalogueOf().kpis.length)
    expect(values.get('contacts_opened')).toMatchObject({ value: 0 })
    expect(values.get('response_time')).toMatchObject({ value: null, reason: 'nothing-happened' })
  })

  test('a value that is not there names no undefined members', () => {
    const of = live(() => undefined)
    for (const kpi of catalogueOf().kpis) expect(Object.values(of(kpi.id))).not.toContain(undefined)
  })
})

describe('first contact resolution', () => {
  const resolve = (stored: Buckets, atMs: EpochMs, solved: number, identified: number): void => {
    stored.add(measures.fcrDue, atMs, 1)
    stored.add(measures.fcrSolved, atMs, solved)
    stored.add(measures.fcrIdentified, atMs, identified)
  }

  test('it is provisional until the window of the last resolution counted has passed', () => {
    const of = live((stored) => {
      resolve(stored, Date.parse('2026-03-02T10:03:20Z') as EpochMs, 1, 1)
      resolve(stored, Date.parse('2026-03-02T10:04:20Z') as EpochMs, 0, 0)
    })
    expect(of('fcr_gross')).toMatchObject({
      value: 0.5,
      numerator: 1,
      denominator: 2,
      identifiedShare: 0.5,
      provisionalUntil: '2026-03-05T10:05:00.000Z',
    })
  })

  test('a resolution of the running minute cannot be later than now', () => {
    const of = live((stored) => resolve(stored, nowMs, 1, 0))
    expect(of('fcr_gross').provisionalUntil).toBe('2026-03-05T10:07:27.017Z')
  })
})

describe('how things stand now', () => {
  test('waiting counts owed live replies and callers; the longest of them has its since', () => {
    const of = live((stored) => {
      stored.openSince('reply.live', ago(40 * secondMs), ago(10 * secondMs))
      stored.openSince('queue.voice', ago(65 * secondMs))
      stored.openSince('reply.live.due', ago(10 * secondMs), nowMs + 20_000)
      stored.openSince('queue.voice.due', ago(45 * secondMs))
      stored.openSince('reply.deferred', ago(9 * hourMs))
    })
    expect(of('waiting_now')).toMatchObject({ value: 3, unit: 'count', status: 'ok' })
    expect(of('longest_wait')).toMatchObject({
      value: 65_000,
      unit: 'ms',
      since: '2026-03-02T10:06:22.017Z',
    })
    expect(of('waiting_over_target')).toMatchObject({
      value: 2,
      target: { max: 0 },
      status: 'breach',
    })
  })

  test('nobody waits: zero, and no longest wait', () => {
    const of = live(() => undefined)
    expect(of('waiting_now')).toMatchObject({ value: 0 })
    expect(of('waiting_over_target')).toMatchObject({ value: 0, status: 'ok' })
    expect(of('longest_wait')).toMatchObject({
      value: null,
      reason: 'nothing-happened',
      status: 'no-data',
    })
  })

  test('agents are counted in every state, the empty ones too', () => {
    const of = live((stored) => {
      stored.openSince('agent.available', nowMs, nowMs)
      stored.openSince('agent.offline', ago(hourMs))
      stored.openSince('backlog', ago(hourMs), nowMs)
    })
    expect(of('agents_by_state')).toMatchObject({
      value: 3,
      breakdown: { available: 2, offline: 1, on_contact: 0, meal: 0 },
    })
    expect(of('backlog')).toMatchObject({ value: 2 })
  })

  test('agents with room for a further contact are counted apart, also when there are none', () => {
    const busy = live((stored) => stored.openSince('agent.available', nowMs, nowMs))
    expect(busy('agents_available')).toMatchObject({ value: 0, unit: 'count' })
    const free = live((stored) => {
      stored.openSince('agent.available', nowMs, nowMs)
      stored.openSince('agent-free', nowMs)
    })
    expect(free('agents_available')).toMatchObject({ value: 1 })
  })

  test('without agents there is no number of them', () => {
    for (const id of ['agents_by_state', 'agents_available'])
      expect(live(() => undefined)(id)).toMatchObject({ value: null, reason: 'no-agent-states' })
  })
})

describe('agent time', () => {
  const boundary = Date.parse('2026-03-02T10:00:00Z') as EpochMs

  test('a state in progress counts from its since, or from the last quarter-hour that was contributed', () => {
    const of = live((stored) => {
      stored.span(measures.agentHandling, ago(20 * minuteMs), boundary) // On contact since 20 minutes ago: contributed up to 10:00.
      stored.openSince('agent-class.handling', ago(20 * minuteMs))
      stored.openSince('agent-class.available', ago(60 * secondMs))
    })
    const sinceBoundary = nowMs - boundary
    const inWindow = boundary - Date.parse('2026-03-02T09:53:00Z')
    expect(of('occupancy')).toMatchObject({
      numerator: inWindow + sinceBoundary,
      denominator: inWindow + sinceBoundary + 60_000,
      unit: 'ratio',
    })
  })

  test('a window that began after the boundary takes only its own part', () => {
    const of = live((stored) => stored.openSince('agent-class.handling', ago(hourMs)), {
      window: { minutes: 1 },
    })
    expect(of('utilization')).toMatchObject({
      value: 1,
      numerator: 27_017,
      denominator: 27_017,
      status: 'breach',
    })
  })

  test('exactly at a quarter-hour everything is contributed', () => {
    const of = live((stored) => stored.openSince('agent-class.handling', ago(hourMs)), {
      asOfMs: boundary,
    })
    expect(of('utilization')).toMatchObject({ value: null })
  })

  test('not ready lowers utilization, not occupancy', () => {
    const of = live((stored) => {
      stored.span(measures.agentHandling, ago(4 * minuteMs), ago(3 * minuteMs))
      stored.span(measures.agentAvailable, ago(3 * minuteMs), ago(2 * minuteMs))
      stored.span(measures.agentNotReady, ago(2 * minuteMs), ago(0))
    })
    expect(of('occupancy')).toMatchObject({ value: 0.5 })
    expect(of('utilization')).toMatchObject({ value: 0.25 })
  })

  test.each([
    { slice: 'all', fill: false, reason: 'no-agent-states', rule: 'no agent has a state' },
    { slice: 'agent=7', fill: false, reason: 'no-agent-states', rule: 'this agent has no state' },
    {
      slice: 'queue=billing',
      fill: false,
      reason: 'no-source',
      rule: 'no agent is known to be in this queue',
    },
    { slice: 'channel=chat', fill: false, reason: 'no-source', rule: 'agents have no channel' },
    { slice: 'queue=billing', fill: true, reason: 'nothing-happened', rule: 'all agents pause' },
  ])('occupancy of $slice is null, $reason: $rule', ({ slice, fill, reason }) => {
    const of = live((stored) => fill && stored.span(measures.agentNotReady, ago(minuteMs), nowMs), {
      slice,
    })
    expect(of('occupancy')).toMatchObject({ value: null, reason })
  })
})
