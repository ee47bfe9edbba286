import type { AlertRecord, Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { deliveryLimits } from './limits.ts'
import { answered, channelWith } from './testing/receivers.ts'
import { noticeTo, resolved, retracted, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')
const late = (n: number, changes: Partial<Notice> = {}): AlertRecord =>
  noticeTo('floor', { alertId: alert(n), late: true, ...changes })
const many = (count: number): AlertRecord[] => Array.from({ length: count }, (_, n) => late(n))

async function started(options: ConstructorParameters<typeof Rig>[0] = {}): Promise<Rig> {
  const rig = new Rig(options)
  await rig.start()
  return rig
}

/** Of each request: the last digit and the state of each notice. */
const sent = (rig: Rig): string[] =>
  rig.receivers.got.map(({ keys }) =>
    keys
      .map((key) => key.slice(31))
      .toSorted()
      .join(' '),
  )

test('what was found late is told in one message for a rule and queue, once no more of it comes for a while', async () => {
  const rig = await started()
  await rig.give(late(0), late(1), late(2, { slice: 'queue=other' }))
  await rig.clock.pass(deliveryLimits.summaryGatherMs / 2)
  await rig.give(late(3), late(4, { slice: 'queue=other' }), late(5, { rule: 'vip' }))
  expect(sent(rig)).toEqual([])
  await rig.clock.pass(deliveryLimits.summaryGatherMs)
  expect(sent(rig).toSorted()).toEqual([
    '0/firing/0 1/firing/0 3/firing/0',
    '2/firing/0 4/firing/0',
    '5/firing/0',
  ])
})

test('what is found in time does not wait for it, and is told by itself', async () => {
  const rig = await started({ channel: channelWith({ noticesMax: 10 }) })
  await rig.give(late(0), noticeTo('floor', { alertId: alert(1) }), late(2))
  await rig.clock.pass(100)
  expect(sent(rig)).toEqual(['1/firing/0'])
  await rig.clock.pass(deliveryLimits.summaryGatherMs)
  expect(sent(rig)).toEqual(['1/firing/0', '0/firing/0 2/firing/0'])
})

test('what waited before a summary goes before it, also alone', async () => {
  const rig = await started({ channel: channelWith({ noticesMax: 10, parallel: 1 }) })
  rig.receivers.replyOf = () => answered(200, 2 * deliveryLimits.summaryGatherMs)
  await rig.give(noticeTo('floor', { alertId: alert(8) }))
  await rig.give(noticeTo('floor', { alertId: alert(9) }), late(0), late(1))
  await rig.clock.pass(10 * deliveryLimits.summaryGatherMs)
  expect(sent(rig)).toEqual(['8/firing/0', '9/firing/0', '0/firing/0 1/firing/0'])
})

test('each alert of a summary goes its ordinary way from then on: repeats, its end, also one that is taken back', async () => {
  const rig = await started()
  await rig.give(...many(3))
  await rig.clock.pass(2 * deliveryLimits.summaryGatherMs)
  await rig.give(
    late(0, { late: false, repeat: 1 }),
    late(1, { late: false, ...resolved }),
    late(2, { late: false, ...retracted }),
  )
  await rig.clock.pass(100)
  expect(sent(rig).slice(1)).toEqual(['0/firing/1', '1/resolved/0', '2/resolved/0'])
})

test('one that is over while they are gathered is told as over, and is not counted', async () => {
  const rig = await started()
  await rig.give(...many(3), late(1, resolved))
  await rig.clock.pass(2 * deliveryLimits.summaryGatherMs)
  expect(sent(rig)).toEqual(['1/resolved/0', '0/firing/0 2/firing/0'])
})

test('a summary is tried until it is taken in, as the same message; what is over meanwhile leaves it', async () => {
  const rig = await started({ channel: channelWith({ parallel: 1 }) })
  rig.receivers.replyOf = () => answered(429)
  await rig.give(...many(3))
  await rig.clock.pass(2 * deliveryLimits.summaryGatherMs)
  const ids = new Set(rig.receivers.got.map(({ id }) => id))
  expect([rig.receivers.got.length > 1, ids.size]).toEqual([true, 1])
  await rig.give(late(1, resolved))
  rig.receivers.replyOf = () => answered(200)
  await rig.clock.pass(60_000)
  expect(sent(rig).slice(-2).toSorted()).toEqual(['0/firing/0 2/firing/0', '1/resolved/0'])
})

test('a process that dies while they are gathered leaves them to the next one, in one message', async () => {
  const rig = await started()
  await rig.give(...many(3))
  await rig.clock.pass(100)
  rig.kill()
  await rig.start()
  await rig.clock.pass(100)
  expect(sent(rig)).toEqual([])
  await rig.clock.pass(2 * deliveryLimits.summaryGatherMs)
  expect(sent(rig)).toEqual(['0/firing/0 1/firing/0 2/firing/0'])
})

test('a summary is bounded, and the rest is another one; a queue at its limit loses nothing of it', async () => {
  const rig = await started()
  await rig.give(...many(deliveryLimits.summarisedMax + 7))
  await rig.clock.pass(2 * deliveryLimits.summaryGatherMs)
  expect(rig.receivers.got.map(({ keys }) => keys.length)).toEqual([
    deliveryLimits.summarisedMax,
    7,
  ])
})

test('a receiver that groups by itself is told each alert at once', async () => {
  const rig = await started({ channel: channelWith({ noticesMax: 2, groups: true }) })
  await rig.give(...many(3))
  await rig.clock.pass(10)
  expect(sent(rig)).toEqual(['0/firing/0 1/firing/0', '2/firing/0'])
})

test('a clock that was ahead, and put right, does not keep a summary back', async () => {
  const rig = await started()
  rig.clock.atMs = (rig.clock.atMs + 3_600_000) as EpochMs
  await rig.give(...many(2))
  rig.clock.atMs = (rig.clock.atMs - 3_600_000) as EpochMs
  await rig.give(noticeTo('floor', { alertId: alert(9) }))
  await rig.clock.pass(2 * deliveryLimits.summaryGatherMs)
  expect(sent(rig)).toEqual(['9/firing/0', '0/firing/0 1/firing/0'])
})
