import { expect, test } from 'vitest'
import { readDeliveries, readEndpoint } from './reading.ts'
import { answered, channelWith, failed } from './testing/receivers.ts'
import { noticeTo, partition, resolved, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')

async function started(rig = new Rig()): Promise<Rig> {
  await rig.start()
  return rig
}

const deliveriesOf = (rig: Rig) => readDeliveries(rig.store(), partition, 'floor')

test('a test is delivered like any other message, marked as a test', async () => {
  const rig = await started()
  let left = 2
  rig.receivers.replyOf = () => answered(left-- > 0 ? 500 : 200)
  await rig.ask({ kind: 'test-endpoint', endpoint: 'floor' })
  await rig.clock.pass(60_000)
  expect(rig.receivers.got).toHaveLength(3)
  expect(await deliveriesOf(rig)).toMatchObject([
    { status: 'delivered', test: true, notices: [{ rule: 'test', tenant: '_installation' }] },
  ])
})

test('a test goes before everything that waits, and a disabled endpoint is tested too', async () => {
  const rig = await started(new Rig({ channel: channelWith({ parallel: 1 }) }))
  rig.receivers.replyOf = () => answered(410)
  await rig.tell('floor', { alertId: alert(1), severity: 'critical' })
  await rig.clock.pass(100)
  await rig.ask({ kind: 'test-endpoint', endpoint: 'floor' })
  await rig.clock.pass(100)
  expect((await deliveriesOf(rig))[0]).toMatchObject({
    status: 'given-up',
    reason: 'endpoint-disabled',
    test: true,
  })
  rig.receivers.replyOf = () => answered(200)
  await rig.ask({ kind: 'test-endpoint', endpoint: 'floor' })
  await rig.clock.pass(100)
  expect((await deliveriesOf(rig))[0]).toMatchObject({ status: 'delivered', test: true })
  expect((await readEndpoint(rig.store(), partition, 'floor'))?.state).toBe('disabled')
  expect(rig.receivers.got).toHaveLength(3)
})

test('a delivered message is sent again under its id, with an attempt more in its log', async () => {
  const rig = await started()
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(100)
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(100)
  const { id } = rig.receivers.got[0]!
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: id })
  await rig.clock.pass(100)
  expect(rig.receivers.got[2]).toMatchObject({ id, keys: [`${alert(1)}/firing/0`] })
  expect((await deliveriesOf(rig))[1]).toMatchObject({ id, status: 'delivered', attemptCount: 2 })
})

test('sent again in vain it is what it was before, with the failed attempt in its log, and is not tried on', async () => {
  const rig = await started()
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(100)
  rig.receivers.replyOf = () => failed('timed-out')
  const { id } = rig.receivers.got[0]!
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: id })
  await rig.clock.pass(3_600_000)
  expect(rig.receivers.got).toHaveLength(2)
  const [delivery] = await deliveriesOf(rig)
  expect(delivery).toMatchObject({ status: 'delivered', attemptCount: 2 })
  expect(delivery!.attempts[1]).toMatchObject({ outcome: 'failed', reason: 'timed-out' })
})

test('what was never sent can be sent', async () => {
  const rig = await started(new Rig({ channel: channelWith({ parallel: 1 }) }))
  rig.receivers.replyOf = () => answered(200, 500)
  await rig.give(noticeTo('floor', { alertId: alert(0) }), noticeTo('floor', { alertId: alert(1) }))
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(5_000)
  const coalesced = (await deliveriesOf(rig)).find(({ status }) => status === 'coalesced')!
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: coalesced.id })
  await rig.clock.pass(5_000)
  expect(rig.receivers.got[2]).toMatchObject({ id: coalesced.id, keys: [`${alert(1)}/firing/0`] })
  expect((await deliveriesOf(rig)).find(({ id }) => id === coalesced.id)).toMatchObject({
    status: 'delivered',
  })
})

test('a message that gave way is whole again when a person sends it: what it gave back is not sent apart', async () => {
  const rig = await started(new Rig({ channel: channelWith({ parallel: 1, noticesMax: 2 }) }))
  rig.receivers.replyOf = () => answered(429, 5, { 'retry-after': '60' })
  await rig.give(noticeTo('floor', { alertId: alert(1) }), noticeTo('floor', { alertId: alert(2) }))
  await rig.clock.pass(100)
  await rig.tell('floor', { alertId: alert(2), repeat: 1 })
  expect((await deliveriesOf(rig))[0]).toMatchObject({ status: 'coalesced', reason: 'newer-state' })
  rig.receivers.replyOf = () => answered(200)
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: rig.receivers.got[0]!.id })
  await rig.clock.pass(120_000)
  expect(rig.receivers.got.map(({ keys }) => keys.map((key) => key.slice(31)))).toEqual([
    ['1/firing/0', '2/firing/0'],
    ['1/firing/0', '2/firing/0'],
    ['2/firing/1'],
  ])
})

test('a failing message does not wait for its next attempt when a person asks for it', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => answered(500)
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(600_000)
  const before = rig.receivers.got.length
  rig.receivers.replyOf = () => answered(200)
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: rig.receivers.got[0]!.id })
  await rig.clock.pass(10)
  expect(rig.receivers.got).toHaveLength(before + 1)
  expect(await deliveriesOf(rig)).toMatchObject([{ status: 'delivered', attemptCount: before + 1 }])
})

test('asked for while it is under way, a message that fails is tried once more at once', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => answered(500, 1_000)
  await rig.tell('floor', { alertId: alert(1) })
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: rig.receivers.got[0]!.id })
  await rig.clock.pass(1_100)
  expect(rig.receivers.got).toHaveLength(2)
})

test('a wish survives a crash, and comes true once', async () => {
  const rig = await started()
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(100)
  rig.death = () => 'after-write'
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: rig.receivers.got[0]!.id })
  rig.death = () => null
  rig.kill()
  await rig.start()
  await rig.clock.pass(60_000)
  await rig.repeatLast(1)
  await rig.clock.pass(60_000)
  expect(rig.receivers.got).toHaveLength(2)
})

test('what names nothing changes nothing', async () => {
  const rig = await started()
  await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: 'msg_none' })
  await rig.ask({ kind: 'test-endpoint', endpoint: 'elsewhere' })
  await rig.clock.pass(1_000)
  expect(rig.receivers.got).toEqual([])
})
