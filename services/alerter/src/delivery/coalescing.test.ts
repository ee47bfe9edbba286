import { expect, test } from 'vitest'
import { readDeliveries, readNotified } from './reading.ts'
import { answered, channelWith, failed, type Reply } from './testing/receivers.ts'
import { noticeTo, partition, resolved, retracted, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')

/** A delivery role whose one endpoint answers so, one message at a time. */
async function answering(reply: Reply, noticesMax = 1): Promise<Rig> {
  const rig = new Rig({ channel: channelWith({ parallel: 1, noticesMax }) })
  rig.receivers.replyOf = () => reply
  await rig.start()
  return rig
}

const sent = (rig: Rig): string[][] =>
  rig.receivers.got.map(({ keys }) => keys.map((key) => key.slice(31)))
const listed = async (rig: Rig) =>
  (await readDeliveries(rig.store(), partition, 'floor')).map(({ status, reason, notices }) => [
    ...notices.map(
      ({ alertId, status: state, repeat }) => `${alertId.slice(31)}/${state}/${repeat}`,
    ),
    reason ?? status,
  ])

test('what is over before it was sent is told once, as over', async () => {
  const rig = await answering(answered(200, 1_000))
  await rig.give(noticeTo('floor', { alertId: alert(0) }), noticeTo('floor', { alertId: alert(1) }))
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(5_000)
  expect(sent(rig)).toEqual([['0/firing/0'], ['1/resolved/0']])
  expect(await listed(rig)).toEqual([
    ['1/resolved/0', 'delivered'],
    ['1/firing/0', 'newer-state'],
    ['0/firing/0', 'delivered'],
  ])
})

test('what is over while it is under way is told after it', async () => {
  const rig = await answering(answered(200, 1_000))
  await rig.tell('floor', { alertId: alert(1) })
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(900)
  expect(sent(rig)).toEqual([['1/firing/0']])
  await rig.clock.pass(5_000)
  expect(sent(rig)).toEqual([['1/firing/0'], ['1/resolved/0']])
})

test('a firing message that fails while it is over already is not tried on', async () => {
  const rig = await answering(answered(503, 1_000))
  await rig.tell('floor', { alertId: alert(1) })
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(900)
  rig.receivers.replyOf = () => answered(200)
  await rig.clock.pass(60_000)
  expect(sent(rig)).toEqual([['1/firing/0'], ['1/resolved/0']])
})

test.each([
  { reply: answered(400), rule: 'refused' },
  { reply: failed('timed-out'), rule: 'not answered' },
])('a firing message that was $rule is given up for what is over now', async ({ reply }) => {
  const rig = await answering(reply)
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(100)
  rig.receivers.replyOf = () => answered(200)
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(60_000)
  expect(sent(rig)).toEqual([['1/firing/0'], ['1/resolved/0']])
  expect(await listed(rig)).toEqual([
    ['1/resolved/0', 'delivered'],
    ['1/firing/0', 'newer-state'],
  ])
})

test('what was taken back before anybody heard of it is told to nobody, and listed', async () => {
  const rig = await answering(answered(200, 1_000))
  await rig.give(noticeTo('floor', { alertId: alert(0) }), noticeTo('floor', { alertId: alert(1) }))
  await rig.tell('floor', { alertId: alert(1), ...retracted })
  await rig.clock.pass(5_000)
  expect(sent(rig)).toEqual([['0/firing/0']])
  expect((await listed(rig)).slice(0, 2)).toEqual([
    ['1/resolved/0', 'retracted'],
    ['1/firing/0', 'newer-state'],
  ])
  expect(
    (await readNotified(rig.store(), partition, 'floor', [alert(1)])).get(alert(1)),
  ).toMatchObject({ received: 'no' })
})

test.each([
  { reply: answered(200), notified: true, rule: 'what somebody heard of is taken back aloud' },
  { reply: failed('timed-out'), notified: true, rule: 'so is what somebody may have heard of' },
  { reply: answered(500), notified: true, rule: 'which a 500 leaves open' },
  { reply: answered(429), notified: false, rule: 'what was refused is taken back silently' },
  { reply: failed('connection-failed'), notified: false, rule: 'and so is what could not be sent' },
])('$rule', async ({ reply, notified }) => {
  const rig = await answering(reply)
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(100)
  rig.receivers.replyOf = () => answered(200)
  await rig.tell('floor', { alertId: alert(1), ...retracted })
  await rig.clock.pass(60_000)
  expect(sent(rig)).toEqual(notified ? [['1/firing/0'], ['1/resolved/0']] : [['1/firing/0']])
})

test('what is taken back after a crash in its request is taken back aloud', async () => {
  const rig = await answering(answered(200, 1_000))
  await rig.tell('floor', { alertId: alert(1) })
  rig.kill()
  await rig.give(noticeTo('floor', { alertId: alert(1), ...retracted }))
  await rig.start()
  await rig.clock.pass(10_000)
  expect(sent(rig).at(-1)).toEqual(['1/resolved/0'])
})

test('a refused message of many gives way when one of them is over; the others are told at once', async () => {
  const rig = await answering(answered(400), 10)
  await rig.give(...[1, 2, 3].map((n) => noticeTo('floor', { alertId: alert(n) })))
  await rig.clock.pass(100)
  rig.receivers.replyOf = () => answered(200)
  await rig.tell('floor', { alertId: alert(2), ...resolved })
  await rig.clock.pass(60_000)
  expect(sent(rig)).toEqual([
    ['1/firing/0', '2/firing/0', '3/firing/0'],
    ['2/resolved/0', '1/firing/0', '3/firing/0'],
  ])
})

test('one that may have arrived is sent again as it was, so that nothing comes under two ids', async () => {
  const rig = await answering(failed('answer-broken'), 10)
  await rig.give(...[1, 2].map((n) => noticeTo('floor', { alertId: alert(n) })))
  await rig.clock.pass(100)
  rig.receivers.replyOf = () => answered(200)
  await rig.tell('floor', { alertId: alert(2), ...resolved })
  await rig.clock.pass(60_000)
  expect(sent(rig)).toEqual([
    ['1/firing/0', '2/firing/0'],
    ['1/firing/0', '2/firing/0'],
    ['2/resolved/0'],
  ])
  expect(rig.receivers.got[0]!.id).toBe(rig.receivers.got[1]!.id)
})

test('a message that is larger than its channel takes since the endpoint was configured anew is regrouped', async () => {
  const rig = await answering(answered(400), 10)
  await rig.give(...[1, 2, 3].map((n) => noticeTo('floor', { alertId: alert(n) })))
  await rig.clock.pass(100)
  rig.kill()
  rig.channel = channelWith({ noticesMax: 2, parallel: 1 })
  rig.receivers.replyOf = () => answered(200)
  await rig.start()
  await rig.clock.pass(60_000)
  expect(sent(rig).slice(1)).toEqual([['1/firing/0', '2/firing/0'], ['3/firing/0']])
})
