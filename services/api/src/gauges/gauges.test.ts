import { encodeWaiting, type EpochMs, measures, partText } from '@deskpulse/core'
import { DeskpulseError } from '@deskpulse/stream'
import { Gauge } from 'prom-client'
import { expect, test } from 'vitest'
import { openApi } from '../testing/server.ts'
import { queuesMax } from './reading.ts'

const ofTenant = (text: string, name: string): string[] => lines(text, name).filter((line) => !line.includes('queue='))
const lines = (text: string, name: string): string[] => text.split('\n').filter((line) => line.startsWith(name))

test('the service levels of a tenant and of its queues are gauges, in seconds and ratios', async () => {
  const { floor, registry } = await openApi()
  const slices = ['all', 'queue=billing']
  floor.duration(measures.replyTime, slices, 21_480)
  floor.count(measures.replyDue, slices, 4)
  floor.count(measures.replyDueWithin, slices, 3)
  const member = encodeWaiting({ contactId: 'c', dueAtMs: 0 as EpochMs, first: true, channel: 'chat' })
  floor.open('reply.live', slices, member, floor.nowMs() - 40_000)
  floor.open('reply.live.due', slices, member, floor.nowMs() - 10_000)
  await floor.commit()
  const text = await registry.metrics()
  for (const line of [
    'deskpulse_kpi_response_time_seconds{tenant="acme",queue="billing",window="5m",stat="avg"} 21.48',
    'deskpulse_kpi_response_time_seconds{tenant="acme",window="5m",stat="avg"} 21.48',
    'deskpulse_kpi_answered_within_target_of_due_ratio{tenant="acme",queue="billing",window="5m"} 0.75',
    'deskpulse_kpi_waiting_now{tenant="acme",queue="billing"} 1',
    'deskpulse_kpi_waiting_over_target{tenant="acme",queue="billing"} 1',
    'deskpulse_oldest_wait_start_timestamp_seconds{tenant="acme",queue="billing"} 1772446007.017',
    'deskpulse_kpi_as_of_timestamp_seconds{tenant="acme"} 1772446047.017',
    'deskpulse_kpi_queues_omitted{tenant="acme"} 0',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('what has no value has no series', async () => {
  const { floor, registry } = await openApi()
  await floor.commit()
  const text = await registry.metrics()
  expect(lines(text, 'deskpulse_kpi_response_time')).toEqual([])
  expect(lines(text, 'deskpulse_oldest_wait')).toEqual([])
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toEqual([
    'deskpulse_kpi_waiting_now{tenant="acme"} 0',
    'deskpulse_kpi_waiting_now{tenant="acme",queue="none"} 0',
  ])
  expect(text).not.toContain('NaN')
})

test('a scrape is one moment, and the next one is anew', async () => {
  const { floor, registry } = await openApi()
  const member = encodeWaiting({ contactId: 'c', dueAtMs: 0 as EpochMs, first: true, channel: 'chat' })
  floor.open('reply.live', ['all'], member, floor.nowMs())
  await floor.commit()
  expect(ofTenant(await registry.metrics(), 'deskpulse_kpi_waiting_now')).toEqual(['deskpulse_kpi_waiting_now{tenant="acme"} 1'])
  floor.open('reply.live', ['all'], member, null)
  await floor.commit()
  await expect
    .poll(async () => ofTenant(await registry.metrics(), 'deskpulse_kpi_waiting_now'))
    .toEqual(['deskpulse_kpi_waiting_now{tenant="acme"} 0'])
  expect(lines(await registry.metrics(), 'deskpulse_oldest_wait')).toEqual([])
})

test('queues past the limit have no series, and are counted', async () => {
  const { floor, registry } = await openApi()
  const many = Array.from({ length: queuesMax + 2 }, (_, n) => partText('queue', `q${n}`))
  floor.count(measures.contactOpened, ['all', ...many])
  await floor.commit()
  const text = await registry.metrics()
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toHaveLength(1 + queuesMax)
  expect(text).toContain('deskpulse_kpi_queues_omitted{tenant="acme"} 3')
})

test('while the store is away the other metrics are still printed', async () => {
  const away = async (): Promise<never> => {
    throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
  }
  const { registry } = await openApi({ wrap: (store) => ({ ...store, read: away }) })
  new Gauge({ name: 'of_the_process', help: 'x', registers: [registry] }).set(1)
  const text = await registry.metrics()
  expect(text).toContain('of_the_process 1')
  expect(lines(text, 'deskpulse_kpi_waiting_now')).toEqual([])
})
