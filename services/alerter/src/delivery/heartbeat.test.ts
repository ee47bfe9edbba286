import { minuteMs, secondMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { deliveryLimits } from './limits.ts'
import { openPinging } from './heartbeat.ts'
import { readDeliveries, readEndpoint } from './reading.ts'
import { answered, channelWith, endpointOf, failed } from './testing/receivers.ts'
import { partition, Rig } from './testing/rig.ts'

const pinged = { pingMs: minuteMs, parallel: 1 }

async function started(canTell = true): Promise<Rig> {
  const rig = new Rig({
    endpoints: [endpointOf('outside', { kind: 'heartbeat' })],
    channel: channelWith(pinged),
  })
  rig.canTell = canTell
  await rig.start()
  await rig.clock.pass(0)
  return rig
}

/** Seconds after the first ping. */
const pings = (rig: Rig): number[] =>
  rig.receivers.got.map(({ beganMs }) => (beganMs - rig.receivers.got[0]!.beganMs) / secondMs)
const inLast = (rig: Rig, ms: number): number =>
  rig.receivers.got.filter(({ beganMs }) => beganMs > rig.clock.atMs - ms).length

test('it is pinged at once and every minute, each ping a message of its own', async () => {
  const rig = await started()
  await rig.clock.pass(5 * minuteMs)
  expect(pings(rig)).toEqual([0, 60, 120, 180, 240, 300])
  expect(new Set(rig.receivers.got.map(({ id }) => id)).size).toBe(6)
})

test('while alerts could not be told it is not, and as soon as they can it is', async () => {
  const rig = await started()
  rig.canTell = false
  await rig.clock.pass(10 * minuteMs)
  expect(pings(rig)).toEqual([0])
  rig.canTell = true
  await rig.clock.pass(deliveryLimits.pingLookMs)
  expect(rig.receivers.got).toHaveLength(2)
})

test('one whose process cannot tell when it begins is pinged later', async () => {
  const rig = await started(false)
  await rig.clock.pass(minuteMs)
  expect(rig.receivers.got).toEqual([])
  rig.canTell = true
  await rig.clock.pass(deliveryLimits.pingLookMs)
  expect(rig.receivers.got).toHaveLength(1)
})

test('a ping that fails is not tried again: the next one follows, and never more than one a minute', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => failed('connection-failed')
  await rig.clock.pass(30 * minuteMs)
  expect(rig.receivers.got.length).toBeGreaterThan(5)
  expect(rig.receivers.got.length).toBeLessThanOrEqual(31)
  expect(await readEndpoint(rig.store(), partition, 'outside')).toMatchObject({
    state: 'failing',
    waiting: 0,
  })
  rig.receivers.replyOf = () => answered(200)
  await rig.clock.pass(6 * minuteMs + secondMs)
  expect(await readEndpoint(rig.store(), partition, 'outside')).toMatchObject({
    state: 'healthy',
    open: 0,
  })
})

test('one that keeps failing is disabled as others are, which others are told, and pinged again once a person enables it', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => answered(500)
  await rig.clock.pass(2 * 60 * minuteMs)
  expect(rig.telemetry).toEqual(['disabled outside failing'])
  expect(rig.transitions()).toMatchObject([
    { rule: 'endpoint-disabled', subject: 'endpoint/outside', status: 'firing' },
  ])
  expect(inLast(rig, 10 * minuteMs)).toBe(0)
  rig.receivers.replyOf = () => answered(200)
  await rig.ask({ kind: 'enable-endpoint', endpoint: 'outside' })
  await rig.clock.pass(2 * minuteMs)
  expect(inLast(rig, 2 * minuteMs)).toBe(2)
})

test('a ping that was held back does not go out once alerts cannot be told', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => answered(503, 5, { 'retry-after': '150' })
  await rig.clock.pass(minuteMs)
  const before = rig.receivers.got.length
  await rig.clock.pass(minuteMs + secondMs)
  rig.canTell = false
  rig.receivers.replyOf = () => answered(200)
  await rig.clock.pass(30 * minuteMs)
  expect(rig.receivers.got).toHaveLength(before)
})

test('the list of its messages is short, and a person can try it', async () => {
  const rig = await started()
  await rig.clock.pass(2 * 60 * minuteMs)
  await rig.ask({ kind: 'test-endpoint', endpoint: 'outside' })
  await rig.clock.pass(secondMs)
  const listed = await readDeliveries(rig.store(), partition, 'outside')
  expect(listed).toHaveLength(deliveryLimits.renewalsListedMax + 1)
  expect(listed[0]).toMatchObject({ test: true, status: 'delivered' })
})

test('a process that stops, or dies, pings no more; the next one does', async () => {
  const rig = await started()
  await rig.stop()
  await rig.clock.pass(5 * minuteMs)
  expect(rig.receivers.got).toHaveLength(1)
  await rig.start()
  await rig.clock.pass(minuteMs)
  expect(rig.receivers.got).toHaveLength(3)
})

test('what is stopped while it finds out whether alerts can be told pings nobody, and looks no more', async () => {
  const asked = Promise.withResolvers<boolean>()
  const acts: string[] = []
  const pinging = openPinging({
    ...{
      nowMs: () => 0,
      everyMs: minuteMs,
      canTell: () => asked.promise,
      failed: () => void acts.push('failed'),
    },
    ping: () => Promise.resolve(void acts.push('pinged')),
    timer: {
      after: () => {
        acts.push('waits')
        return () => {}
      },
    },
  })
  pinging.begin()
  pinging.stop()
  asked.resolve(true)
  await new Promise(setImmediate)
  expect(acts).toEqual([])
})
