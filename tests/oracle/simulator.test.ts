import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import { foldLog, recordOf } from '../../packages/engine/src/testing/fold-log.ts'
import { worldOf } from './batch/world.ts'
import { expectAsOracle } from './support/compare.ts'
import { logOf } from './support/folded.ts'
import { simulatedEvents } from './support/simulated-days.ts'

const slices = {
  ...defaultTenantConfig.slices,
  dimensions: ['queue', 'agent', 'channel', 'class', 'topic'],
  values: { topic: ['refund', 'login', 'delivery'] },
} satisfies TenantConfig['slices']

/** Nothing is compared in vain: all of these happen in one stretch or another. */
const everything = [
  'wait',
  ...[
    'opened',
    'answered',
    'handled',
    'handled-transferred',
    'resolution',
    'resolution-time',
    'resolved',
    'resolved-reopened',
    'reopened',
  ],
  ...['resolution-due', 'resolution-due-within'],
  ...['handle', 'talk', 'hold', 'wrap-up', 'part-held', 'holds', 'hang-up', 'hang-up-by-agent'],
  ...['customer-message', 'human-message', 'customer-response', 'answered-over', 'messages-over'],
  ...['close', 'opened-over', 'first-reply-queue', 'first-reply-agent'],
  ...['fcr-due', 'fcr-solved', 'fcr-mature-due', 'fcr-mature-solved', 'fcr-identified'],
  ...[
    'reply',
    'reply-within',
    'first-reply',
    'due',
    'due-within',
    'first-due',
    'first-due-within',
    'due-30s',
    'due-30s-within',
    'due-180s',
    'due-180s-within',
  ],
  ...['pass', 'pass-answered', 'pass-end', 'pass-left', 'left-before-queue'],
  ...['pass-abandoned', 'pass-abandoned-long', 'pass-abandoned-short'],
  ...['pass-due', 'pass-due-within', 'pass-due-30s', 'pass-due-30s-within'],
  ...['pass-due-180s', 'pass-due-180s-within'],
  ...['bot-over', 'bot-handed-off', 'ai-contact', 'ai-opened', 'ai-episode', 'ai-messages'],
  ...['ai-assisted', 'ai-dropped', 'bot-contained', 'ai-autonomous', 'ai-reopened'],
  ...['ai-handoff-requested', 'ai-handoff-unable', 'ai-handoff-limit', 'ai-handoff-policy'],
  ...['offer-accepted', 'offer-missed'],
  ...['reaction', 'reaction-conflict', 'reaction-technical'],
  ...['forecast', 'forecast-work', 'forecast-agents'],
  ...['left-message', 'handled-escalated', 'effective', 'missed', 'contact-end'],
  ...['start-time', 'resolution-time-active', 'resolution-to-last', 'resolution-to-last-active'],
  ...['resolution-from-start', 'resolution-from-start-active', 'opened-resolved', 'opened-repeat'],
  ...['fcr-net-due', 'fcr-net-solved', 'fcr-net-identified'],
  ...['resolved-in-authority', 'resolved-first-level', 'part-unresolved', 'part-resolved-later'],
  ...['capped', 'session', 'session-within', 'first-owed', 'first-kept'],
  ...['stations', 'total-queue-wait', 'attendance-due', 'attendance-kept', 'violation'],
  ...['survey-sent', 'survey-returned', 'handled-invited', 'nps-rated', 'nps-score', 'nps-balance'],
  ...['csat-rated', 'csat-satisfied', 'csat-score', 'csat-human-rated', 'csat-human-satisfied'],
  ...['order placed', 'order placed and paid', 'order converted', 'sold in CNY', 'kept in CNY'],
  ...['contract begins', 'contract ends'],
  ...['payer', 'advised', 'inquired', 'converted', 'bought'],
  ...['csat-bot-rated', 'csat-bot-satisfied', 'csat-assisted-rated', 'csat-assisted-satisfied'],
  ...['collaboration', 'teamwork', 'development', 'attitude'].flatMap((kind) => [
    ...[kind, `${kind}, passed`],
    ...['self', 'supervisor', 'peer', 'customer'].map((rater) => `${kind} by ${rater}`),
  ]),
  ...['knowledge_test', 'training'].flatMap((kind) => [
    ...[kind, `${kind}, passed`, `${kind} by supervisor`],
  ]),
  ...['accuracy', 'call', 'ticket_hygiene'].flatMap((kind) => [
    ...[`review of ${kind}`, `review of ${kind}, passed`],
  ]),
  'review of any kind',
]

const compared = new Set<string>()

const read = [
  'all',
  'queue=billing',
  'queue=technical',
  'queue=none',
  'agent=agent-001',
  'agent=agent-002',
  'agent=none',
  'team=north',
  'channel=chat',
  'class=live',
  'class=voice',
  'topic=refund',
  'topic=other',
  'queue=orders,channel=email',
  'queue=billing,class=live',
  'queue=nobody-was-ever-here',
]

describe.each([
  {
    timeZone: 'Europe/Rome',
    start: '2026-03-29T00:00:00Z',
    rule: 'the night when an hour is skipped',
    seed: 1,
  },
  {
    timeZone: 'America/New_York',
    start: '2026-11-01T04:30:00Z',
    rule: 'the night when an hour is repeated',
    seed: 2,
  },
  {
    timeZone: 'Asia/Kathmandu',
    start: '2026-02-28T17:10:00Z',
    rule: 'midnight and the end of a month at +5:45',
    seed: 3,
  },
  { timeZone: 'UTC', start: '2026-12-31T22:30:00Z', rule: 'a new year', seed: 20 },
])('$rule ($timeZone)', ({ timeZone, start, seed }) => {
  const startMs = Date.parse(start)
  const config: TenantConfig = { ...defaultTenantConfig, timeZone, slices, fcrWindowMs: hourMs }

  test.each([
    { rule: 'in the middle of a minute', asOfMs: startMs + 2 * hourMs + 7 * 60_000 + 13_419 },
    { rule: 'at a quarter of an hour', asOfMs: startMs + 3 * hourMs },
    { rule: 'a millisecond before a minute', asOfMs: startMs + 2 * hourMs + 59_999 },
  ])('a simulated stretch read $rule is as the oracle says', async ({ asOfMs }) => {
    const random = createRandom(seed)
    const events = simulatedEvents({ seed, startMs, endMs: asOfMs, agents: 5 })
    const arrivals = events.map((event) => ({
      event,
      atMs: Math.min(asOfMs, event.timeMs + Math.round(random.exponential(5_000))),
    }))
    const store = await foldLog(logOf(arrivals, config, asOfMs), { batchSizes: [40, 3, 200] })
    const windows = ['today', { minutes: 1 }, { minutes: 5 }, { minutes: 60 }] as const
    const world = worldOf(events, config, asOfMs)
    for (const { what } of world.observations) if (!what.includes('@')) compared.add(what)
    if (world.waits.length > 0) compared.add('wait')
    expectAsOracle(store, world, {
      slices: read,
      periods: ['15m', '30m', 'hour', 'day', 'week', 'month'],
      windows,
      fromMs: startMs,
    })
  })
})

test.each([
  { seed: 1, quietMs: 47 * hourMs },
  { seed: 1, quietMs: 49 * hourMs },
  { seed: 4, quietMs: 48 * hourMs },
])(
  'calls that nobody ended engage their agents for two quiet days, and no longer (seed $seed, $quietMs ms)',
  async ({ seed, quietMs }) => {
    const startMs = Date.parse('2026-03-02T08:00:00Z')
    const endMs = startMs + hourMs
    const asOfMs = endMs + quietMs
    const config: TenantConfig = { ...defaultTenantConfig, timeZone: 'UTC' }
    const events = simulatedEvents({ seed, startMs, endMs, agents: 5 })
    const records = logOf(
      events.map((event) => ({ event, atMs: event.timeMs })),
      config,
      endMs,
    )
    for (let atMs = endMs + hourMs; atMs <= asOfMs; atMs += hourMs)
      records.push(recordOf(records.length, atMs as EpochMs, []))
    const store = await foldLog(records, { batchSizes: [40, 3, 200] })
    const world = worldOf(events, config, asOfMs)
    const engaged = [...world.agents.values()].flat().filter((one) => one.class === 'handling')
    expect(Math.max(...engaged.map(({ endMs: untilMs }) => untilMs))).toBeGreaterThan(
      endMs + 46 * hourMs,
    )
    expectAsOracle(store, world, {
      slices: ['all', 'queue=billing', 'agent=agent-001', 'agent=agent-002', 'agent=agent-003'],
      periods: ['hour', 'day'],
      windows: ['today', { minutes: 60 }],
      fromMs: startMs,
    })
  },
)

test('everything that is counted happened', () => {
  expect(compared).toEqual(new Set(everything))
})
