import type { AlertTransition } from '@deskpulse/core/alerts'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { bookLimits, evaluateEveryMs } from '../limits.ts'
import { readAlerts } from '../reading.ts'
import { pipelineRule, slowRule } from '../testing/rules.ts'
import { openWorld, tenant, type World } from '../testing/world.ts'

const rules = [slowRule, pipelineRule]

/** Values go on while `ms` pass. */
async function live(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await world.values.commit(world.clock.nowMs())
    await world.run(Math.min(5_000, ms - passed))
  }
}

const slow = (world: World, ...queues: readonly string[]): void =>
  world.values.reply(queues, 90_000, world.clock.nowMs())

test('each slice of a dimension is an alert of its own, and recovers by itself', async () => {
  const world = await openWorld({ rules })
  slow(world, 'queue=a', 'queue=b')
  world.values.reply(['queue=c'], 1_000, world.clock.nowMs())
  await live(world, 20_000)
  for (let reply = 0; reply < 20; reply += 1)
    world.values.reply(['queue=a'], 0, world.clock.nowMs())
  await live(world, 20_000)
  expect(world.summary()).toEqual([
    'floor firing 0 response-time/slice/queue=a',
    'floor firing 0 response-time/slice/queue=b',
    'floor resolved 0 response-time/slice/queue=a',
  ])
  expect(world.notices()[0]!.notice).toMatchObject({
    kind: 'windowed',
    kpi: 'response_time',
    value: 90_000,
    limit: 30_000,
    unit: 'ms',
  })
})

test('a value must be beyond the threshold for as long as the rule says, in log time', async () => {
  const world = await openWorld({
    rules: [{ ...slowRule, forMs: minuteMs, window: '60m' }, pipelineRule],
  })
  slow(world, 'queue=a')
  await live(world, minuteMs - 10_000)
  expect(world.summary()).toEqual([])
  await live(world, 20_000)
  expect(world.summary()).toEqual(['floor firing 0 response-time/slice/queue=a'])
})

test('nothing is evaluated while log time stands still', async () => {
  const world = await openWorld({ rules })
  await live(world, evaluateEveryMs)
  const evaluated = (): number => world.told.filter((what) => what.startsWith('evaluated')).length
  const before = evaluated()
  await world.run(20_000)
  expect(evaluated()).toBe(before)
  await live(world, evaluateEveryMs)
  expect(evaluated()).toBe(before + 1)
})

test('a rule that is disabled or gone takes back what it said, with what it said then', async () => {
  const world = await openWorld({ rules })
  slow(world, 'queue=a')
  await live(world, 10_000)
  world.values.rules({ ...slowRule, enabled: false, severity: 'critical' })
  await live(world, 10_000)
  expect(world.notices().at(-1)!.notice).toMatchObject({
    status: 'resolved',
    end: 'withdrawn',
    severity: 'warning',
    value: 90_000,
  })
})

test('a rule that is told again sooner from now on is so for the alerts that fire already', async () => {
  const world = await openWorld({
    rules: [{ ...slowRule, window: '60m', repeatMs: 30 * minuteMs }],
  })
  slow(world, 'queue=a')
  await live(world, 10_000)
  world.values.rules({ ...slowRule, window: '60m', repeatMs: 2 * minuteMs })
  await live(world, 3 * minuteMs)
  expect(world.summary()).toEqual([
    'floor firing 0 response-time/slice/queue=a',
    'floor firing 1 response-time/slice/queue=a',
  ])
})

test('a rule that begins anew gives its alerts new numbers, whatever was forgotten', async () => {
  const world = await openWorld({ rules })
  const numbers = async (): Promise<readonly number[]> => {
    const page = await readAlerts(world.alertStore, world.partition, tenant, {
      status: 'firing',
      limit: 10,
      cursor: null,
    })
    return page!.alerts.map(({ transition }) => transition.number)
  }
  slow(world, 'queue=a')
  await live(world, 10_000)
  const [first] = await numbers()
  world.values.rules({ ...slowRule, enabled: false })
  await live(world, 10_000)
  world.values.rules(slowRule)
  await live(world, 10_000)
  expect(await numbers()).toEqual([first! + 1])
})

test('a rule of every slice looks at so many of them and no more, and says how many it leaves out', async () => {
  const world = await openWorld({ rules })
  const { slicesPerRuleMax } = bookLimits
  for (let queue = 0; queue < slicesPerRuleMax + 3; queue += 1)
    world.values.reply([`queue=q${queue}`], 1_000, world.clock.nowMs())
  await live(world, 10_000)
  expect(world.told).toContain(`evaluated ${slicesPerRuleMax}`)
  expect(world.told).toContain('cut response-time 3')
})

test('a pipeline that stands still for longer than its limit fires, once, and is over when it is caught up', async () => {
  const world = await openWorld({ rules })
  await live(world, 10_000)
  await world.run(35_000)
  expect(world.summary()).toEqual(['floor firing 0 pipeline-stalled/pipeline'])
  await world.run(minuteMs)
  await live(world, 10_000)
  expect(world.summary()).toEqual([
    'floor firing 0 pipeline-stalled/pipeline',
    'floor resolved 0 pipeline-stalled/pipeline',
  ])
})

test('a wall clock that leaps, as of a machine that wakes up, is no stalled pipeline: the next look knows what the log makes of it', async () => {
  const world = await openWorld({ rules })
  world.clock.leap(3 * 60 * minuteMs) // Before its first look.
  await world.run(5_000)
  await live(world, 10_000)
  world.clock.leap(3 * 60 * minuteMs)
  await world.run(5_000)
  await live(world, 10_000)
  expect(world.summary()).toEqual([])
  world.clock.leap(3 * 60 * minuteMs)
  await world.run(15_000)
  expect(world.summary()).toEqual(['floor firing 0 pipeline-stalled/pipeline'])
})

test('values that are there but old are a stalled pipeline too: a rebuild is one until it is caught up', async () => {
  const world = await openWorld({ rules })
  for (let behindMs = 10 * minuteMs; behindMs > 0; behindMs -= 2 * minuteMs) {
    await world.values.commit(world.clock.nowMs() - behindMs)
    await world.run(10_000)
  }
  expect(world.summary()).toEqual(['floor firing 0 pipeline-stalled/pipeline'])
  await live(world, 10_000)
  expect(world.summary()).toHaveLength(2)
})

test('a store that cannot be read for so long is a stalled pipeline, and one that answers again ends it', async () => {
  const world = await openWorld({ rules })
  await live(world, 10_000)
  world.away(true)
  await world.run(minuteMs)
  world.away(false)
  await live(world, 20_000)
  expect(world.summary()).toEqual([
    'floor firing 0 pipeline-stalled/pipeline',
    'floor resolved 0 pipeline-stalled/pipeline',
  ])
})

test('while the pipeline stands still alerts that began are held back even before its own alert fires', async () => {
  const world = await openWorld({ rules: [pipelineRule, { ...slowRule, enabled: false }] })
  await live(world, 10_000)
  world.clock.atMs = (world.clock.atMs + minuteMs) as EpochMs
  world.begin()
  await world.run(250)
  expect(world.summary()).toEqual([])
})

test('what a lost state began goes on under its number while it is true, and ends when it is not', async () => {
  const world = await openWorld({ rules })
  const old = {
    kind: 'windowed',
    startedMs: world.clock.nowMs() - 10 * minuteMs,
    detectedMs: world.clock.nowMs() - 10 * minuteMs,
  } as const
  for (const queue of ['a', 'b']) {
    const slice = `queue=${queue}`
    world.begin({
      ...old,
      rule: 'response-time',
      subject: `slice/${slice}`,
      slice,
      number: 7,
    } as Partial<AlertTransition>)
  }
  world.begin({
    ...old,
    kind: 'deadline',
    rule: 'pipeline-stalled',
    subject: 'pipeline',
    number: 3,
  } as Partial<AlertTransition>)
  slow(world, 'queue=a')
  await live(world, 30_000)
  const page = await readAlerts(world.alertStore, world.partition, tenant, {
    status: 'firing',
    limit: 10,
    cursor: null,
  })
  expect(page!.alerts.map(({ transition }) => transition.subject)).toEqual(['slice/queue=a'])
  expect(page!.alerts[0]!.transition.number).toBe(7)
  expect(world.summary()).toEqual(['floor firing 0 response-time/slice/queue=a'])
})

test('losing its state it begins no alert anew, and ends none twice, also where the aggregator’s is lost with it', async () => {
  const world = await openWorld({ rules })
  const stateOf = async (status: 'firing' | 'resolved') => {
    const page = await readAlerts(world.alertStore, world.partition, tenant, {
      status,
      limit: 10,
      cursor: null,
    })
    return page!.alerts.map(({ alertId }) => alertId)
  }
  slow(world, 'queue=a', 'queue=b')
  await live(world, 20_000)
  for (let reply = 0; reply < 20; reply += 1)
    world.values.reply(['queue=a'], 0, world.clock.nowMs())
  await live(world, 20_000)
  const [before, firing, over] = [
    world.published(),
    await stateOf('firing'),
    await stateOf('resolved'),
  ]
  expect([before.length, firing.length, over.length]).toEqual([3, 1, 1])
  await world.loseStore()
  await world.values.commit(world.clock.nowMs() - 20_000) // It is made again, and comes past the moments of those alerts.
  await world.run(5_000)
  await live(world, 20_000)
  expect(await stateOf('firing')).toEqual(firing)
  expect(await stateOf('resolved')).toEqual(over)
  expect(world.published().slice(3)).toEqual(['floor firing 0 response-time/slice/queue=b'])
})

test('values of long ago are not evaluated: what is made again goes through history', async () => {
  const world = await openWorld({ rules: [{ ...slowRule, window: '60m' }] })
  world.values.reply(['queue=a'], 90_000, world.clock.nowMs() - 10 * minuteMs)
  for (let behindMs = 10 * minuteMs; behindMs > 5 * minuteMs; behindMs -= minuteMs) {
    await world.values.commit(world.clock.nowMs() - behindMs)
    await world.run(5_000)
  }
  expect(world.told.filter((what) => what.startsWith('evaluated'))).toEqual([])
  await live(world, 10_000)
  expect(world.summary()).toEqual(['floor firing 0 response-time/slice/queue=a'])
})
