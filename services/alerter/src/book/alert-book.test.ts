import { lateAfterMs } from '@deskpulse/core/alerts'
import { type EpochMs, hourMs, minuteMs, secondMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { bookLimits, settleMaxMs, settleMs } from './limits.ts'
import { readAlert, readAlerts, readSilences } from './reading.ts'
import { pipelineRule, waitingRule } from './testing/rules.ts'
import { contact, live, silence } from './testing/floor.ts'
import { endpoint, idOf, openWorld, tenant, waiting } from './testing/world.ts'

const rules = [waitingRule, pipelineRule]
test('what begins is told to every endpoint, what ends to those who were told, each once', async () => {
  const world = await openWorld({ rules, endpoints: [endpoint('floor'), endpoint('night')] })
  const begun = world.begin()
  await live(world, 1_000)
  world.end(begun)
  await live(world, 1_000)
  expect(world.summary()).toEqual([
    'floor firing 0 customer-waiting/contact/c-1',
    'night firing 0 customer-waiting/contact/c-1',
    'floor resolved 0 customer-waiting/contact/c-1',
    'night resolved 0 customer-waiting/contact/c-1',
  ])
})

test('a notice says all that a message needs, in both languages', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin()
  await live(world, 1_000)
  const { number: _, ...facts } = begun
  expect(world.notices()[0]!.notice).toEqual({
    ...facts,
    ...{
      alertId: idOf(begun),
      repeat: 0,
      acknowledgedBy: null,
      timeZone: 'UTC',
      test: false,
      url: 'https://desk.example/alerts?tenant=acme',
    },
    text: { en: 'Customer waiting: contact c-1 30 s', zh: '客户等待超时：会话 c-1 30 秒' },
  })
})

test('transitions that come again, and a beginning that comes after its end, change nothing', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin()
  await live(world, 1_000)
  world.group.append({ kind: 'transition', transition: begun })
  world.end(begun)
  world.end(begun)
  await live(world, 1_000)
  world.group.append({ kind: 'transition', transition: begun })
  await live(world, 1_000)
  expect(world.summary()).toHaveLength(2)
  expect(world.told.filter((what) => what.startsWith('taken'))).toEqual([
    'taken firing',
    'taken resolved',
  ])
  expect(world.counts()).toEqual({ info: 0, warning: 0, critical: 0 })
})

test('an end without a beginning is history, told as one state', async () => {
  const world = await openWorld({ rules })
  world.end(waiting(world.clock.nowMs()))
  await live(world, 1_000)
  const page = await readAlerts(world.alertStore, world.partition, tenant, {
    status: 'resolved',
    limit: 10,
    cursor: null,
  })
  expect(page).toMatchObject({ count: 1, next: null, alerts: [{ why: 'told', isFinal: true }] })
  expect(world.summary()).toEqual(['floor resolved 0 customer-waiting/contact/c-1'])
})

test('an alert that ends because its rule was changed keeps the limit that it passed', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin()
  await live(world, 1_000)
  world.end(begun, { end: 'withdrawn', limit: 20 * begun.limit })
  await live(world, 1_000)
  expect(
    (await readAlert(world.alertStore, world.partition, tenant, idOf(begun)))?.transition,
  ).toMatchObject({
    ...{ status: 'resolved', end: 'withdrawn' },
    limit: begun.limit,
  })
})

test('old news is told after a while, unless its end comes with it: a backlog pages nobody for what is over', async () => {
  const world = await openWorld({ rules })
  const old = (world.clock.nowMs() - lateAfterMs - 1_000) as EpochMs
  const over = waiting(old, contact('c-over'))
  world.group.append({ kind: 'transition', transition: over })
  world.group.append({ kind: 'transition', transition: waiting(old, contact('c-open')) })
  await live(world, settleMs / 2)
  expect(world.summary()).toEqual([])
  world.end(over)
  await live(world, settleMs)
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-open'])
})

test('a deadline that was found well after it passed is told after a while, unless its answer follows: a source may send in batches', async () => {
  const world = await openWorld({ rules })
  const passed = (world.clock.nowMs() - minuteMs) as EpochMs
  const answered = world.begin({ ...contact('c-answered'), startedMs: passed })
  world.begin({ ...contact('c-open'), startedMs: passed })
  world.begin({ ...contact('c-now'), startedMs: world.clock.nowMs() })
  await live(world, settleMs / 2)
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-now'])
  world.end(answered, { end: 'retracted', endedMs: passed })
  await live(world, settleMs)
  expect(world.summary()).toEqual([
    'floor firing 0 customer-waiting/contact/c-now',
    'floor firing 0 customer-waiting/contact/c-open',
  ])
})

test('old news is told when no more of it comes: a backlog that takes long pages nobody for what is over, and cannot hold it back for good', async () => {
  const world = await openWorld({ rules })
  const old = (world.clock.nowMs() - hourMs) as EpochMs
  const begin = (id: string): ReturnType<typeof waiting> => {
    const transition = waiting(old, contact(id))
    world.group.append({ kind: 'transition', transition })
    return transition
  }
  const over = begin('c-over')
  for (let passed = 0; passed < 3 * settleMs; passed += settleMs / 2) {
    begin(`c-${passed}`)
    await live(world, settleMs / 2)
  }
  world.end(over, { detectedMs: (old + minuteMs) as EpochMs })
  expect(world.summary()).toEqual([])
  for (let passed = 0; passed < 2 * settleMaxMs; passed += settleMs / 2) {
    begin(`d-${passed}`)
    await live(world, settleMs / 2)
  }
  expect(world.summary()).toContain('floor firing 0 customer-waiting/contact/c-0')
  expect(world.summary().filter((line) => line.endsWith('c-over'))).toEqual([])
})

test('it is told again every repeat interval, until somebody acknowledges', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin()
  await live(world, 21 * minuteMs)
  expect(world.notices().map(({ notice }) => notice.repeat)).toEqual([0, 1, 2])
  world.command({ kind: 'acknowledge', tenant, alertId: idOf(begun), comment: 'on it' })
  await live(world, 30 * minuteMs)
  expect(world.notices()).toHaveLength(3)
  expect(await readAlert(world.alertStore, world.partition, tenant, idOf(begun))).toMatchObject({
    why: 'acknowledged',
    acknowledged: { author: 'ann', comment: 'on it' },
  })
  world.end(begun)
  await live(world, 1_000)
  expect(world.notices().at(-1)!.notice).toMatchObject({
    status: 'resolved',
    acknowledgedBy: 'ann',
  })
})

test('an acknowledgement of an alert that is not there is refused, and counted', async () => {
  const world = await openWorld({ rules })
  world.command({ kind: 'acknowledge', tenant, alertId: '0'.repeat(32), comment: '' })
  await live(world, 1_000)
  expect(world.told).toContain('refused unknown-alert')
})

test('a silenced alert is told when the silence ends, if it still fires', async () => {
  const world = await openWorld({ rules })
  silence(world, { ms: 5 * minuteMs })
  const begun = world.begin()
  const over = world.begin(contact('c-2'))
  await live(world, 4 * minuteMs)
  world.end(over)
  expect(world.summary()).toEqual([])
  await live(world, 2 * minuteMs)
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-1'])
  expect(await readSilences(world.alertStore, world.partition, tenant)).toMatchObject([
    { id: 's-1', author: 'ann' },
  ])
  world.end(begun)
  await live(world, 1_000)
  expect(world.summary()).toHaveLength(2)
})

test('a silence that is ended early lets its alerts be told at once; a repeat of its command does not bring it back', async () => {
  const world = await openWorld({ rules })
  silence(world)
  const [first] = world.group.records
  world.begin()
  await live(world, minuteMs)
  world.command({ kind: 'unsilence', tenant, silenceId: 's-1' })
  await live(world, 1_000)
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-1'])
  world.group.append(first!.value!)
  world.begin(contact('c-2'))
  await live(world, 1_000)
  expect(world.summary()).toHaveLength(2)
})

test('while the pipeline alert fires others are held back, and told when it is over', async () => {
  const world = await openWorld({ rules })
  await live(world, 5_000)
  await world.run(40_000)
  world.begin()
  await world.run(10_000)
  expect(world.summary()).toEqual(['floor firing 0 pipeline-stalled/pipeline'])
  await live(world, 10_000)
  expect(world.summary().slice(1)).toEqual([
    'floor resolved 0 pipeline-stalled/pipeline',
    'floor firing 0 customer-waiting/contact/c-1',
  ])
})

test('a process that is killed and one that takes over remember what was told', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin()
  await live(world, minuteMs)
  await world.restart()
  await live(world, minuteMs)
  expect(world.counts()).toEqual({ info: 0, warning: 1, critical: 0 })
  world.end(begun)
  await live(world, 10 * minuteMs)
  expect(world.summary()).toEqual([
    'floor firing 0 customer-waiting/contact/c-1',
    'floor resolved 0 customer-waiting/contact/c-1',
  ])
})

test('the history of a tenant is bounded: those leave first whose end was taken in first', async () => {
  const world = await openWorld({ rules: [pipelineRule] })
  const { historyMax } = bookLimits
  const extra = 150
  const nowMs = world.clock.nowMs()
  for (let number = 1; number <= extra; number += 1) world.end(waiting(nowMs, { number }))
  await live(world, 1_000)
  for (let number = extra + 1; number <= historyMax + extra; number += 1)
    world.end(waiting(nowMs, { number }))
  await live(world, 30 * secondMs)
  const page = await readAlerts(world.alertStore, world.partition, tenant, {
    status: 'resolved',
    limit: 500,
    cursor: null,
  })
  expect(page!.count).toBe(historyMax)
  expect(
    await readAlert(
      world.alertStore,
      world.partition,
      tenant,
      idOf(waiting(nowMs, { number: extra })),
    ),
  ).toBeNull()
  expect(
    await readAlert(
      world.alertStore,
      world.partition,
      tenant,
      idOf(waiting(nowMs, { number: extra + 1 })),
    ),
  ).not.toBeNull()
})

test('an alert whose end is to be told after a silence does not leave the history before', async () => {
  const world = await openWorld({ rules })
  const begun = world.begin()
  await live(world, 1_000)
  silence(world, { ms: 2 * minuteMs })
  await live(world, 1_000)
  world.end(begun)
  await live(world, 1_000)
  const nowMs = world.clock.nowMs()
  for (let number = 2; number <= bookLimits.historyMax + 100; number += 1)
    world.end(waiting(nowMs, { number, late: true }))
  await live(world, 3 * minuteMs)
  expect(world.summary()).toEqual([
    'floor firing 0 customer-waiting/contact/c-1',
    'floor resolved 0 customer-waiting/contact/c-1',
  ])
})

test('while the clock stands still, as it was put back, each end of a silence is followed', async () => {
  const world = await openWorld({ rules })
  await live(world, 1_000)
  world.clock.atMs = (world.clock.atMs - 40 * secondMs) as EpochMs
  silence(world, { id: 's-1' })
  silence(world, { id: 's-2' })
  world.begin()
  await world.run(1_000)
  for (const silenceId of ['s-1', 's-2']) {
    expect(world.summary()).toEqual([])
    world.command({ kind: 'unsilence', tenant, silenceId })
    await world.run(1_000)
  }
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-1'])
})

test('a clock that was an hour ahead, and put right, keeps nothing back for an hour that comes after', async () => {
  const world = await openWorld({ rules: [waitingRule] })
  await live(world, 1_000)
  const rightMs = world.clock.atMs
  world.clock.atMs = (rightMs + hourMs) as EpochMs
  world.group.append({ kind: 'transition', transition: waiting(rightMs, contact('c-1')) })
  await world.run(1_000)
  world.clock.atMs = (rightMs + 1_000) as EpochMs
  world.begin(contact('c-2'))
  await live(world, 5_000)
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-2'])
})

test('what is older than the history is kept leaves it with the next end', async () => {
  const world = await openWorld({ rules })
  world.end(waiting(world.clock.nowMs()))
  await world.run(1_000)
  world.clock.atMs = (world.clock.atMs + bookLimits.historyKeptMs) as EpochMs
  world.end(waiting(world.clock.nowMs(), { number: 2 }))
  await live(world, 1_000)
  const page = await readAlerts(world.alertStore, world.partition, tenant, {
    status: 'resolved',
    limit: 10,
    cursor: null,
  })
  expect(page!.alerts.map(({ transition }) => transition.number)).toEqual([2])
  expect(page!.count).toBe(1)
})

test('silences of a tenant are bounded: one too many is refused, and those that are over make room', async () => {
  const world = await openWorld({ rules })
  for (let index = 0; index < bookLimits.silencesMax; index += 1)
    silence(world, { id: `s-${index}`, ms: 10_000 })
  silence(world, { id: 'one too many' })
  await live(world, 5_000)
  expect(world.told.filter((what) => what.startsWith('refused'))).toEqual([
    'refused too-many-silences',
  ])
  await live(world, 10_000)
  silence(world, { id: 'later' })
  await live(world, 1_000)
  expect(world.told.filter((what) => what.startsWith('refused'))).toHaveLength(1)
})

test('lists are read page by page, the newest first, whatever comes meanwhile', async () => {
  const world = await openWorld({ rules })
  const nowMs = world.clock.nowMs()
  const begun = (number: number) => ({ number, startedMs: (nowMs + number) as EpochMs })
  for (let number = 1; number <= 5; number += 1) world.begin(begun(number))
  await live(world, 1_000)
  const read = (cursor: string | null) =>
    readAlerts(world.alertStore, world.partition, tenant, { status: 'firing', limit: 2, cursor })
  const first = await read(null)
  world.begin(begun(6))
  await live(world, 1_000)
  const second = await read(first!.next)
  const third = await read(second!.next)
  expect(
    [first, second, third].map((page) => page!.alerts.map(({ transition }) => transition.number)),
  ).toEqual([[5, 4], [3, 2], [1]])
  expect(third!.next).toBeNull()
  expect(await read('nonsense')).toBeNull()
})

test('while the aggregator’s store stays away the stalled pipeline is told, and what is held back by it when it is over', async () => {
  const world = await openWorld({ rules })
  await live(world, 5_000)
  world.away(true)
  world.begin()
  await world.run(minuteMs)
  expect(world.summary()).toEqual(['floor firing 0 pipeline-stalled/pipeline'])
  world.away(false)
  await live(world, 20_000)
  expect(world.summary().slice(1).toSorted()).toEqual([
    'floor firing 0 customer-waiting/contact/c-1',
    'floor resolved 0 pipeline-stalled/pipeline',
  ])
})

test('while the aggregator’s store is away nothing is taken in half, and all of it when it is back', async () => {
  const world = await openWorld({ rules })
  world.away(true)
  world.begin()
  await world.run(20_000)
  expect(world.summary()).toEqual([])
  world.away(false)
  await live(world, 5_000)
  expect(world.summary()).toEqual(['floor firing 0 customer-waiting/contact/c-1'])
})

test('an alert book that was stopped has no alerts, and looks at nothing any more', async () => {
  const world = await openWorld({ rules })
  world.begin()
  await live(world, 10_000)
  expect(world.counts()).toEqual({ info: 0, warning: 1, critical: 0 })
  const stopped = world.stop()
  await world.run(250)
  await stopped
  expect(world.counts()).toEqual({ info: 0, warning: 0, critical: 0 })
  world.away(true) // A look would say so.
  const before = [...world.told]
  await world.run(20_000)
  expect(world.told).toEqual(before)
})
