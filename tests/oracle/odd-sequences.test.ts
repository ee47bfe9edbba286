import fc from 'fast-check'
import { test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import { worldOf } from './batch/world.ts'
import { night, office } from './support/calendars.ts'
import { expectAsOracle, type Reads } from './support/compare.ts'
import { logOf } from './support/folded.ts'
import { contactTypes, followedByEach, oddEvents, oddThreads } from './support/odd-events.ts'
import { expectTimelines } from './support/timelines.ts'

const noCalendars = defaultTenantConfig.calendars

const config: TenantConfig = {
  ...defaultTenantConfig,
  limitOverrides: [
    { queue: 'billing', firstResponseMs: 60_000 },
    { queue: 'billing', channel: 'chat', replyMs: 29_000 },
    { queue: 'billing', channel: 'chat', priority: 'high', firstResponseMs: 5_000, replyMs: 5_000 },
    { channel: 'voice', firstResponseMs: 31_000 },
    { queue: 'tech', resolutionMs: null },
    { channel: 'chat', priority: 'high', resolutionMs: 600_000 },
  ],
  limits: {
    ...defaultTenantConfig.limits,
    live: { ...defaultTenantConfig.limits.live, resolutionMs: 3_600_000 },
    voice: { ...defaultTenantConfig.limits.voice, resolutionMs: 180_000 },
    deferred: { ...defaultTenantConfig.limits.deferred, resolutionMs: 7_200_000 },
  },
  pendedPauses: { voice: true, live: false, deferred: true },
  slices: {
    dimensions: ['queue', 'agent', 'channel', 'class', 'topic', 'priority', 'shop'],
    pairs: [
      ['queue', 'channel'],
      ['queue', 'agent'],
      ['agent', 'class'],
    ],
    values: { topic: ['refund'], priority: ['high'], shop: ['s-1'] },
  },
  fcrWindowMs: 2 * hourMs,
  responseCapSeconds: 90,
  sessionMeanSeconds: 60,
  waitMaxMs: { voice: hourMs, live: 2 * hourMs, deferred: 3 * hourMs },
  agentShiftMaxMs: 3 * hourMs,
}

const reads: Omit<Reads, 'fromMs'> = {
  slices: [
    ...[
      'all',
      'queue=billing',
      'queue=none',
      'agent=a-1',
      'agent=none',
      'agent=a-3',
      'appeal=a-1',
      'appeal=a-2',
      'team=day',
      'team=night',
      'class=live',
      'class=voice',
      'channel=wechat',
    ],
    ...[
      'queue=other',
      'agent=other',
      'channel=other',
      'queue=other,channel=chat',
      'queue=tech,agent=other',
      'agent=other,class=live',
    ],
    ...[
      'queue=billing,appeal=a-1',
      'topic=refund',
      'shop=s-1',
      'topic=other',
      'priority=high',
      'queue=billing,channel=chat',
      'queue=tech,agent=a-2',
      'agent=a-1,class=voice',
    ],
  ],
  periods: ['15m', 'hour', 'day', 'month'],
  windows: ['today', { minutes: 1 }, { minutes: 60 }],
}

/** More by hand: `ORACLE_RUNS=50`. A failure prints its seed. */
const runs = Number(process.env['ORACLE_RUNS'] ?? 10)

/** Each event comes some time after it happened; what is late is late by up to hours. */
const delays = fc.array(fc.constantFrom(0, 0, 300, 29_000, 45_000, 700_000, 2 * hourMs), {
  minLength: 1,
  maxLength: 8,
})

const arrivalsOf = (
  events: readonly CanonicalEvent[],
  delaysMs: readonly number[],
  asOfMs: number,
) =>
  events
    .filter(({ timeMs }) => timeMs <= asOfMs)
    .map((event, index) => ({
      event,
      atMs: Math.min(asOfMs, event.timeMs + delaysMs[index % delaysMs.length]!),
    }))
    .toSorted((a, b) => a.atMs - b.atMs)

test.each<Partial<TenantConfig> & { readonly start: string }>([
  ...(['count', 'exclude', 'separate'] as const).map((outside) => ({
    timeZone: outside === 'count' ? 'Asia/Kathmandu' : 'Europe/Rome',
    start: outside === 'count' ? '2026-03-01T12:00:00Z' : '2026-03-28T19:00:00Z',
    calendars: { office, night },
    calendar: 'office',
    queueCalendars: { tech: 'night' },
    clock: { live: 'business', deferred: outside === 'count' ? 'calendar' : 'business' } as const,
    outsideHours: { live: outside, deferred: outside },
    responseWindow: outside === 'separate' ? { fromMinute: 8 * 60, toMinute: 22 * 60 } : null,
  })),
  {
    timeZone: 'America/New_York',
    start: '2026-10-31T23:30:00Z',
    calendars: { night },
    queueCalendars: { billing: 'night' },
    responseWindow: { fromMinute: 20 * 60, toMinute: 30 },
  },
  { timeZone: 'Europe/Rome', start: '2026-03-28T19:00:00Z', sliceValuesMax: 20_000 },
  {
    timeZone: 'America/New_York',
    start: '2026-10-31T23:30:00Z',
    sliceValuesMax: 20_000,
    agentSilenceMs: hourMs,
  },
  { timeZone: 'Asia/Kathmandu', start: '2026-03-01T12:00:00Z', sliceValuesMax: 20_000 },
  { timeZone: 'UTC', start: '2026-03-02T08:00:00Z', sliceValuesMax: 1 },
  { timeZone: 'UTC', start: '2026-03-02T08:00:00Z', sliceValuesMax: 2 },
])(
  'any sequence of events, read at any instant, is as the oracle says ($timeZone, $sliceValuesMax values, $clock, $outsideHours)',
  async ({ start, ...changed }) => {
    const startMs = Date.parse(start)
    const inZone = { ...config, ...changed }
    const clocks = inZone.calendars === noCalendars ? [] : (['calendar', 'business'] as const)
    await fc.assert(
      fc.asyncProperty(
        oddEvents(startMs),
        delays,
        fc.integer({ min: 30 * minuteMs, max: 14 * hourMs }),
        async (events, delaysMs, ageMs) => {
          const asOfMs = startMs + ageMs
          const arrivals = arrivalsOf(events, delaysMs, asOfMs)
          fc.pre(arrivals.length > 0)
          const store = await foldLog(logOf(arrivals, inZone, asOfMs), { batchSizes: [7, 1, 30] })
          const world = worldOf(
            arrivals.map(({ event }) => event),
            inZone,
            asOfMs,
          )
          expectAsOracle(store, world, { ...reads, clocks, fromMs: startMs })
          const [fromMs, toMs, aheadMs] = [
            ...([startMs + ageMs / 3, startMs + ageMs / 2, asOfMs + minuteMs] as const),
          ].map(Math.floor) as [EpochMs, EpochMs, EpochMs]
          for (const endMs of [toMs, aheadMs])
            await expectTimelines(store, world, { startMs: fromMs, endMs })
        },
      ),
      { numRuns: clocks.length === 0 ? runs : Math.ceil(runs / 3) }, // Each is read three times.
    )
  },
)

test.each<Partial<TenantConfig>>([
  { threadSources: ['/chat'], idleGapMs: minuteMs, returnGapMs: 0 },
  { threadSources: ['/chat', '/phone'], idleGapMs: hourMs },
  { threadSources: ['/phone'], idleGapMs: 10 * minuteMs },
])(
  'threads are cut into sessions, and each is counted, as the oracle says ($threadSources, $idleGapMs ms)',
  async (threads) => {
    const startMs = Date.parse('2026-03-02T08:00:00Z')
    const asThreads = { ...config, ...threads }
    await fc.assert(
      fc.asyncProperty(
        oddThreads(startMs),
        delays,
        fc.integer({ min: 2 * hourMs, max: 20 * hourMs }),
        async (events, delaysMs, ageMs) => {
          const asOfMs = startMs + ageMs
          const arrivals = arrivalsOf(events, delaysMs, asOfMs)
          fc.pre(arrivals.length > 0)
          const log = logOf(arrivals, asThreads, asOfMs)
          const store = await foldLog(log, { batchSizes: [7, 1, 30] })
          const told = arrivals.map(({ event }) => event)
          expectAsOracle(store, worldOf(told, asThreads, asOfMs), { ...reads, fromMs: startMs })
        },
      ),
      { numRuns: Math.ceil(runs / 2) },
    )
  },
)

test.each(contactTypes)(
  'whatever comes after %s, with or without an opening, is as the oracle says',
  async (type) => {
    const startMs = Date.parse('2026-03-02T08:00:00Z')
    await fc.assert(
      fc.asyncProperty(followedByEach(type, startMs), delays, async (events, delaysMs) => {
        const asOfMs = startMs + 14 * hourMs
        const arrivals = arrivalsOf(events, delaysMs, asOfMs)
        const store = await foldLog(logOf(arrivals, config, asOfMs), { batchSizes: [7, 1, 30] })
        const world = worldOf(events, config, asOfMs)
        const slices = ['all', 'agent=a-1', 'queue=billing']
        expectAsOracle(store, world, { ...reads, slices, fromMs: startMs })
      }),
      { numRuns: Math.max(2, runs / 25) },
    )
  },
)
