import { type AlertRule, shippedRules, type WindowedRule } from '@deskpulse/core/alerts'
import { beginningOfTimeMs, type ConfigVersion, defaultTenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { measures } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { dryRun, type DryRunLimits, dryRunLimits, type DryRunOutcome } from './dry-run.ts'
import type { DryRun } from './result.ts'
import { type Aggregated, aggregated } from './testing/aggregated.ts'

const nowMs = Date.parse('2026-03-02T10:07:27.017Z')
const ago = (minutes: number): number => nowMs - minutes * 60_000
const ms = (text: string): EpochMs => Date.parse(text) as EpochMs
const named = (name: string): AlertRule => shippedRules.find((rule) => rule.name === name)!
const always = { fromMs: null, toMs: null }

type Options = {
  range?: { fromMs: EpochMs | null; toMs: EpochMs | null }
  limits?: Partial<DryRunLimits>
  now?: () => number
}

async function run(
  { store, log }: Aggregated,
  rule: AlertRule,
  { range = always, limits = {}, now }: Options = {},
): Promise<DryRunOutcome> {
  const deps = {
    store,
    log,
    topic: 'deskpulse.log',
    partitions: 1,
    limits: { ...dryRunLimits, ...limits },
  }
  return dryRun(now === undefined ? deps : { ...deps, now }, 'acme', rule, range)
}

async function done(world: Aggregated, rule: AlertRule, options: Options = {}): Promise<DryRun> {
  const outcome = await run(world, rule, options)
  if (outcome.kind !== 'done') throw new Error(`not kept: ${outcome.what}`)
  return outcome.result
}

const replyTime: WindowedRule = {
  ...(named('response-time') as WindowedRule),
  minimumSample: 1,
  keepFiringForMs: 0,
}
const fcr: WindowedRule = { ...(named('fcr') as WindowedRule), minimumSample: 1 }
const times = ({ alerts }: DryRun) =>
  alerts.map(({ subject, startedMs, endedMs }) => [
    subject,
    ...[startedMs, endedMs].map((one) =>
      one === null ? null : new Date(one).toISOString().slice(11, 19),
    ),
  ])

describe('a rule of a window of minutes', () => {
  test('fires in the minute in which its value passed the threshold, and is over when that minute has left the window', async () => {
    const world = aggregated(nowMs)
    world.add(measures.replyTime, ['class=live'], ms('2026-03-02T09:10:10Z'), 60_000)
    const result = await done(world, replyTime)
    expect(times(result)).toEqual([['slice/class=live', '09:10:59', '09:15:59']])
    expect(result.alerts[0]).toMatchObject({
      slice: 'class=live',
      value: 60_000,
      late: false,
      end: 'over',
    })
    expect(result.notes).toEqual(['minutes-kept'])
  })

  test('covers the two hours that minutes are kept, from the first whole window on', async () => {
    const { covered } = await done(aggregated(nowMs), replyTime)
    expect(covered).toEqual({ fromMs: ms('2026-03-02T08:11:59.999Z'), toMs: nowMs, entries: null })
  })

  test('looks only at the time that is asked for', async () => {
    const world = aggregated(nowMs)
    for (const at of ['08:30:10', '09:10:10', '09:50:10'])
      world.add(measures.replyTime, ['class=live'], ms(`2026-03-02T${at}Z`), 60_000)
    const range = { fromMs: ms('2026-03-02T09:00:00Z'), toMs: ms('2026-03-02T09:30:00Z') }
    expect(times(await done(world, replyTime, { range }))).toEqual([
      ['slice/class=live', '09:10:59', '09:15:59'],
    ])
  })

  test('still fires when its value is beyond the threshold now', async () => {
    const world = aggregated(nowMs)
    world.add(measures.replyTime, ['class=live'], ago(1), 60_000)
    expect((await done(world, replyTime)).alerts).toMatchObject([{ endedMs: null }])
  })

  test('is an alert of its own in every slice of a dimension', async () => {
    const world = aggregated(nowMs)
    world.add(measures.replyTime, ['queue=a', 'queue=b'], ago(30), 60_000)
    world.add(measures.replyTime, ['queue=c'], ago(30), 10_000)
    const rule = { ...replyTime, slice: 'queue=*' }
    expect((await done(world, rule)).alerts.map(({ slice }) => slice)).toEqual([
      'queue=a',
      'queue=b',
    ])
    const fewer = await done(world, rule, { limits: { slicesMax: 1 } })
    expect(fewer).toMatchObject({ count: 1, notes: ['minutes-kept', 'slices-left-out'] })
  })

  test('waits for as long as it must hold', async () => {
    const world = aggregated(nowMs)
    for (const minute of [30, 29, 28, 27])
      world.add(measures.replyTime, ['class=live'], ago(minute), 60_000)
    expect((await done(world, { ...replyTime, window: '1m', forMs: 180_000 })).count).toBe(1)
    expect((await done(world, { ...replyTime, window: '1m', forMs: 240_000 })).count).toBe(0)
  })

  test('says that the configuration changed meanwhile', async () => {
    const versions: ConfigVersion[] = [
      {
        id: 'a',
        takenMs: beginningOfTimeMs,
        fromMs: beginningOfTimeMs,
        config: defaultTenantConfig,
      },
      { id: 'b', takenMs: ago(36), fromMs: ago(30), config: defaultTenantConfig },
    ]
    expect((await done(aggregated(nowMs, versions), replyTime)).notes).toContain('config-of-now')
  })

  test('adds what agents do now to the quarter-hours that were contributed, and to no earlier ones', async () => {
    const world = aggregated(nowMs)
    const quarterMs = ms('2026-03-02T10:00:00Z')
    for (let at = ago(119); at < quarterMs; at += 60_000)
      world.add(measures.agentAvailable, ['all'], at, 60_000)
    world.openSince('agent-class.handling', ['all'], quarterMs)
    const busy: WindowedRule = { ...(named('occupancy') as WindowedRule), forMs: 0, window: '1m' }
    expect(times(await done(world, busy))).toEqual([['slice/all', '10:00:59', null]])
  })
})

describe('a rule of today', () => {
  test.each([false, true])(
    'has the whole local day, also of a day that a configuration cuts (%s)',
    async (isCut) => {
      const config = { ...defaultTenantConfig, returnGapMs: 1 }
      const fromMs = ms('2026-03-02T09:15:00Z')
      const first = { id: 'a', takenMs: beginningOfTimeMs, fromMs: beginningOfTimeMs }
      const world = aggregated(nowMs, [
        { ...first, config: defaultTenantConfig },
        ...(isCut ? [{ id: 'b', takenMs: ms('2026-03-02T09:00:00Z'), fromMs, config }] : []),
      ])
      world.add(measures.replyTime, ['class=live'], ms('2026-03-02T08:10:10Z'), 60_000)
      const today: WindowedRule = { ...replyTime, window: 'today' }
      const range = { fromMs: ms('2026-03-02T10:00:00Z'), toMs: ms('2026-03-02T11:00:00Z') }
      expect((await done(world, today, { range })).count).toBe(1)
    },
  )

  test('is stepped over quarter-hours, and begins anew with the local day', async () => {
    const world = aggregated(nowMs)
    world.add(measures.fcrDue, ['all'], ms('2026-03-01T14:20:00Z'), 10)
    world.add(measures.fcrDue, ['all'], ms('2026-03-02T05:50:00Z'), 10)
    world.add(measures.fcrSolved, ['all'], ms('2026-03-02T05:50:00Z'), 9)
    const result = await done(world, fcr)
    expect(times(result)).toEqual([['slice/all', '14:29:59', '00:00:59']])
    expect(result.notes).toEqual(['quarter-hours'])
  })

  test('holds over the minutes between two quarter-hours', async () => {
    const world = aggregated(nowMs)
    world.add(measures.fcrDue, ['all'], ms('2026-03-02T05:50:00Z'), 10)
    expect(times(await done(world, { ...fcr, forMs: 3_600_000 }))).toEqual([
      ['slice/all', '06:59:59', null],
    ])
  })

  test.each([
    { hiddenIn: 0, rule: 'knows minutes that are not yet in their quarter-hours' },
    { hiddenIn: 1, rule: 'plans again where a minute ends between its reads' },
  ])('$rule', async ({ hiddenIn }) => {
    const world = aggregated(nowMs)
    world.run(ms('2026-03-02T09:59:00Z'), hiddenIn)
    world.add(measures.fcrDue, ['all'], ms('2026-03-02T09:59:10Z'), 10)
    expect(times(await done(world, fcr))).toEqual([['slice/all', '09:59:59', null]])
  })

  test('covers the whole days whose quarter-hours are kept', async () => {
    expect((await done(aggregated(nowMs), fcr)).covered.fromMs).toBe(ms('2026-02-23T00:00:59.999Z'))
  })
})

const waiting = named('customer-waiting')

describe('a deadline rule', () => {
  let serial = 0
  const asks = (atMs: number, contactId: string, tenant = 'acme'): CanonicalEvent => {
    serial += 1
    const data = { contactId, from: 'customer' }
    return {
      type: 'message.sent',
      id: String(serial),
      source: '/s',
      timeMs: atMs as EpochMs,
      sequence: '0',
      tenant,
      data,
    }
  }

  test('reads the entries of the last 24 hours of its tenant', async () => {
    const world = aggregated(nowMs)
    for (let hours = 30; hours > 0; hours -= 1) {
      world.append(
        ago(60 * hours),
        asks(ago(60 * hours), `c-${hours}`),
        asks(ago(60 * hours), 'o', 'other'),
      )
    }
    const result = await done(world, waiting)
    expect(result).toMatchObject({
      count: 24,
      covered: { fromMs: nowMs - 86_400_000, toMs: nowMs, entries: 24 },
      notes: [],
    })
  })

  test('reads the entries between the times that are asked for', async () => {
    const world = aggregated(nowMs)
    for (const minutes of [50, 40, 30])
      world.append(ago(minutes), asks(ago(minutes), `c-${minutes}`))
    const range = { fromMs: ago(45) as EpochMs, toMs: ago(35) as EpochMs }
    expect(await done(world, waiting, { range })).toMatchObject({
      alerts: [{ subject: 'contact/c-40' }],
      covered: { entries: 1 },
    })
  })

  test('goes by log time as the folds judge it: clocks that were ahead for a moment make nothing late', async () => {
    const world = aggregated(nowMs)
    const beat = (secondsAgo: number, offMs: number, ...events: CanonicalEvent[]): void => {
      const [rightMs, wallMs] = [
        nowMs - 1_000 * secondsAgo,
        (nowMs - 1_000 * secondsAgo + offMs) as EpochMs,
      ]
      world.appendAt(
        { appendedAtMs: wallMs, clock: { name: 'boot', wallMs, monotonicMs: rightMs } },
        ...events,
      )
    }
    for (let second = 100; second > 0; second -= 1) {
      beat(
        second,
        second > 90 && second < 95 ? 600_000 : 0,
        ...(second === 80 ? [asks(nowMs - 80_000, 'c')] : []),
      )
    }
    const { alerts } = await done(world, waiting)
    expect(alerts).toMatchObject([{ subject: 'contact/c', startedMs: nowMs - 50_000, late: false }])
  })

  test('lists the first hundred alerts and counts all', async () => {
    const world = aggregated(nowMs)
    for (let n = 0; n < 120; n += 1) world.append(ago(30) + n, asks(ago(30) + n, `c-${n}`))
    const { count, alerts } = await done(world, waiting)
    expect([count, alerts.length, alerts[0]?.subject, alerts[99]?.subject]).toEqual([
      120,
      100,
      'contact/c-0',
      'contact/c-99',
    ])
  })

  test('stops at the limit of entries, and says how far it came', async () => {
    const world = aggregated(nowMs)
    for (let n = 0; n < 50; n += 1) world.append(ago(50 - n), asks(ago(50 - n), `c-${n}`))
    const result = await done(world, waiting, { limits: { entriesMax: 20 } })
    expect(result).toMatchObject({
      covered: { toMs: ago(31), entries: 20 },
      notes: ['stopped-at-entries'],
    })
    expect(result.count).toBe(19)
  })

  test('stops when it takes too long', async () => {
    const world = aggregated(nowMs)
    for (let n = 0; n < 50; n += 1) world.append(ago(50 - n), asks(ago(50 - n), `c-${n}`))
    let clock = 0
    const result = await done(world, waiting, { limits: { durationMs: 10 }, now: () => clock++ })
    expect(result.notes).toEqual(['stopped-at-time'])
    expect(result.covered.entries).toBeLessThan(50)
  })

  test('reads heartbeats by thousands', async () => {
    const world = aggregated(nowMs)
    for (let n = 0; n < 20_000; n += 1) world.append(ago(100) + 250 * n)
    expect((await done(world, waiting)).notes).toEqual(['nothing-read'])
    expect(world.pages()).toBeLessThan(40)
  })
})

test.each([
  { rule: { ...replyTime, kpi: 'waiting_now', statistic: 'value' as const }, what: 'moment' },
  { rule: named('pipeline-stalled'), what: 'pipeline' },
  { rule: named('endpoint-disabled'), what: 'endpoint' },
  { rule: named('log-clock'), what: 'clock' },
])('of what $rule.name looks at ($what), nothing is kept', async ({ rule, what }) => {
  expect(await run(aggregated(nowMs), rule)).toEqual({ kind: 'not-kept', what })
})
