import { measures } from '@deskpulse/core/kpis'
import { partText } from '@deskpulse/core/measures'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { DeskpulseError } from '@deskpulse/stream'
import { Gauge } from 'prom-client'
import { expect, test } from 'vitest'
import { promlint } from '../../../../tests/support/promlint.ts'
import { openApi } from '../testing/server.ts'
import { queuesMax } from './reading.ts'

const lines = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`))
const aWaiting = { contactId: 'c', dueAtMs: 0 as EpochMs, first: true, channel: 'chat' }
const billing = ['all', 'queue=billing']
const billingLive = [...billing, 'class=live', 'queue=billing,class=live']

test('the service levels of a tenant and those of its queues are gauges of their own, in seconds and ratios', async () => {
  const { floor, scrape } = await openApi()
  floor.duration(measures.replyTime, billingLive, 21_480)
  floor.count(measures.replyDue, billingLive, 4)
  floor.count(measures.replyDueWithin, billingLive, 3)
  floor.open('reply.live', billing, aWaiting, floor.nowMs() - 40_000)
  floor.open('reply.live.due', billing, aWaiting, floor.nowMs() - 10_000)
  await floor.commit()
  const text = await scrape()
  for (const line of [
    'deskpulse_queue_kpi_response_time_seconds{tenant="acme",queue="billing",class="live",window="5m",stat="avg"} 21.48',
    'deskpulse_kpi_response_time_seconds{tenant="acme",class="live",window="5m",stat="avg"} 21.48',
    'deskpulse_queue_kpi_answered_within_target_of_due_ratio{tenant="acme",queue="billing",class="live",window="5m"} 0.75',
    'deskpulse_queue_kpi_waiting_now{tenant="acme",queue="billing"} 1',
    'deskpulse_queue_kpi_waiting_over_target{tenant="acme",queue="billing"} 1',
    'deskpulse_queue_oldest_wait_start_timestamp_seconds{tenant="acme",queue="billing"} 1772446007.017',
    'deskpulse_oldest_wait_start_timestamp_seconds{tenant="acme"} 1772446007.017',
    'deskpulse_kpi_as_of_timestamp_seconds{tenant="acme"} 1772446047.017',
    'deskpulse_kpi_queues_omitted{tenant="acme"} 0',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('a metric never holds both a total and its parts', async () => {
  const { floor, scrape } = await openApi()
  floor.open('reply.live', billing, aWaiting, floor.nowMs())
  await floor.commit()
  const text = await scrape()
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toEqual([
    'deskpulse_kpi_waiting_now{tenant="acme"} 1',
  ])
  expect(lines(text, 'deskpulse_queue_kpi_waiting_now')).toEqual([
    'deskpulse_queue_kpi_waiting_now{tenant="acme",queue="billing"} 1',
    'deskpulse_queue_kpi_waiting_now{tenant="acme",queue="none"} 0',
  ])
  const byQueue = text.split('\n').filter((line) => line.includes('queue="'))
  expect(byQueue.filter((line) => !line.startsWith('deskpulse_queue_'))).toEqual([])
})

test('e-mail does not mix into the response times of chat', async () => {
  const { floor, scrape } = await openApi()
  floor.duration(measures.replyTime, ['all', 'class=live'], 20_000)
  floor.duration(measures.replyTime, ['all', 'class=deferred'], 100_000)
  await floor.commit()
  const averages = lines(await scrape(), 'deskpulse_kpi_response_time_seconds').filter((line) =>
    line.includes('stat="avg"'),
  )
  expect(averages).toEqual([
    'deskpulse_kpi_response_time_seconds{tenant="acme",class="live",window="5m",stat="avg"} 20',
    'deskpulse_kpi_response_time_seconds{tenant="acme",class="deferred",window="5m",stat="avg"} 100',
  ])
})

test('occupancy, backlog, agents by state and first contact resolution are gauges', async () => {
  const { floor, scrape } = await openApi()
  floor.count(measures.agentHandling, billing, 3_000)
  floor.count(measures.agentAvailable, billing, 1_000)
  floor.open('backlog', billing, aWaiting, floor.nowMs() - 90_000_000)
  floor.open(
    'agent.available',
    ['all'],
    { agentId: 'a-3', contacts: 1, capacity: null, queues: ['billing'] },
    floor.nowMs(),
  )
  floor.count(measures.fcrDue, billing, 4, floor.nowMs() - 2 * hourMs)
  floor.count(measures.fcrSolved, billing, 3, floor.nowMs() - 2 * hourMs)
  await floor.commit()
  const text = await scrape()
  for (const line of [
    'deskpulse_kpi_occupancy_ratio{tenant="acme",window="5m"} 0.75',
    'deskpulse_queue_kpi_occupancy_ratio{tenant="acme",queue="billing",window="5m"} 0.75',
    'deskpulse_kpi_backlog{tenant="acme"} 1',
    'deskpulse_queue_kpi_backlog{tenant="acme",queue="billing"} 1',
    'deskpulse_kpi_agents_by_state{tenant="acme",state="available"} 1',
    'deskpulse_kpi_agents_by_state{tenant="acme",state="offline"} 0',
    'deskpulse_kpi_fcr_gross_ratio{tenant="acme",window="today"} 0.75',
    'deskpulse_queue_kpi_fcr_gross_ratio{tenant="acme",queue="billing",window="today"} 0.75',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('the service level and the abandon rate of calls are gauges', async () => {
  const { floor, scrape } = await openApi()
  const calls = ['all', 'queue=hotline']
  floor.count(measures.passDue, calls, 4)
  floor.count(measures.passWithin, calls, 3)
  for (const waitMs of [4_000, 9_000, 15_000]) floor.duration(measures.passAnswered, calls, waitMs)
  floor.count(measures.passAbandonedLong, calls, 1)
  floor.count(measures.passAbandonedShort, calls, 6)
  await floor.commit()
  const text = await scrape()
  for (const line of [
    'deskpulse_kpi_service_level_of_offered_ratio{tenant="acme",window="5m"} 0.75',
    'deskpulse_queue_kpi_service_level_of_offered_ratio{tenant="acme",queue="hotline",window="5m"} 0.75',
    'deskpulse_kpi_abandon_rate_ratio{tenant="acme",window="5m"} 0.25',
    'deskpulse_queue_kpi_abandon_rate_ratio{tenant="acme",queue="hotline",window="5m"} 0.25',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  expect(promlint(text)).toEqual([])
})

test('a tenant without slices of class or queue has the gauges of the whole', async () => {
  const { floor, scrape } = await openApi({
    config: { slices: { dimensions: [], pairs: [], values: {} } },
  })
  floor.open('reply.live', ['all'], aWaiting, floor.nowMs())
  floor.duration(measures.replyTime, ['all'], 20_000)
  await floor.commit()
  const text = await scrape()
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toEqual([
    'deskpulse_kpi_waiting_now{tenant="acme"} 1',
  ])
  expect(lines(text, 'deskpulse_kpi_response_time_seconds')).toEqual([])
})

test('promtool finds no fault in the gauges', async () => {
  const { floor, scrape } = await openApi()
  floor.duration(measures.replyTime, billingLive, 21_480)
  floor.open('reply.live', billing, aWaiting, floor.nowMs())
  await floor.commit()
  expect(promlint(await scrape())).toEqual([])
})

test('what has no value has no series', async () => {
  const { floor, scrape } = await openApi()
  await floor.commit()
  const text = await scrape()
  for (const name of [
    'kpi_response_time_seconds',
    'kpi_service_level_of_offered_ratio',
    'kpi_abandon_rate_ratio',
    'kpi_occupancy_ratio',
    'kpi_fcr_gross_ratio',
    'oldest_wait_start_timestamp_seconds',
  ]) {
    expect([
      ...lines(text, `deskpulse_${name}`),
      ...lines(text, `deskpulse_queue_${name}`),
    ]).toEqual([])
  }
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toEqual([
    'deskpulse_kpi_waiting_now{tenant="acme"} 0',
  ])
  expect(lines(text, 'deskpulse_queue_kpi_waiting_now')).toEqual([
    'deskpulse_queue_kpi_waiting_now{tenant="acme",queue="none"} 0',
  ])
  expect(text).not.toMatch(/ NaN$/m)
})

test('a scrape is one moment, and the next one is anew', async () => {
  const { floor, scrape } = await openApi()
  floor.open('reply.live', ['all'], aWaiting, floor.nowMs())
  await floor.commit()
  expect(lines(await scrape(), 'deskpulse_kpi_waiting_now')).toEqual([
    'deskpulse_kpi_waiting_now{tenant="acme"} 1',
  ])
  floor.open('reply.live', ['all'], aWaiting, null)
  await floor.commit()
  await expect
    .poll(async () => lines(await scrape(), 'deskpulse_kpi_waiting_now'))
    .toEqual(['deskpulse_kpi_waiting_now{tenant="acme"} 0'])
  expect(lines(await scrape(), 'deskpulse_oldest_wait_start_timestamp_seconds')).toEqual([])
})

test('queues past the limit have no series, and are counted', async () => {
  const { floor, scrape } = await openApi()
  const many = Array.from({ length: queuesMax + 2 }, (_, n) => partText('queue', `q${n}`))
  floor.count(measures.contactOpened, ['all', ...many])
  await floor.commit()
  const text = await scrape()
  expect(lines(text, 'deskpulse_queue_kpi_waiting_now')).toHaveLength(queuesMax)
  expect(text).toContain('deskpulse_kpi_queues_omitted{tenant="acme"} 3')
})

test('how full the kept dimensions are is two gauges, of which an alert of anybody can be made', async () => {
  const { floor, scrape } = await openApi({
    config: {
      sliceValuesMax: 2,
      slices: { dimensions: ['queue', 'class'], pairs: [], values: {} },
    },
  })
  floor.name('queue', ['a', 'b', 'c'])
  await floor.commit()
  const text = await scrape()
  expect(lines(text, 'deskpulse_slice_values')).toEqual([
    'deskpulse_slice_values{tenant="acme",dimension="queue"} 2',
  ])
  expect(lines(text, 'deskpulse_slice_values_max')).toEqual([
    'deskpulse_slice_values_max{tenant="acme",dimension="queue"} 2',
  ])
})

test('while the store is away the other metrics are still printed', async () => {
  const away = async (): Promise<never> => {
    throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
  }
  const { registry, scrape } = await openApi({ wrap: (store) => ({ ...store, read: away }) })
  new Gauge({ name: 'of_the_process', help: 'x', registers: [registry] }).set(1)
  const text = await scrape()
  expect(text).toContain('of_the_process 1')
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toEqual([])
})
