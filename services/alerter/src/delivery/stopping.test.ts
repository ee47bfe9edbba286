import { expect, test } from 'vitest'
import { readDeliveries } from './reading.ts'
import { answered, never } from './testing/receivers.ts'
import { noticeTo, partition, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')

async function started(rig = new Rig()): Promise<Rig> {
  await rig.start()
  return rig
}

test('a stop waits for the answers that are about to come, and records them', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => answered(200, 800)
  await rig.tell('floor', { alertId: alert(1) })
  await rig.stop()
  await rig.start()
  await rig.clock.pass(60_000)
  expect(rig.receivers.got).toHaveLength(1)
  expect(await readDeliveries(rig.store(), partition, 'floor')).toMatchObject([
    { status: 'delivered' },
  ])
})

test('a stop ends within seconds whatever receivers do, and what was broken off is sent again at once with the same id', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => never
  await rig.give(
    ...Array.from({ length: 20 }, (_, at) => noticeTo('floor', { alertId: alert(at) })),
  )
  const fromMs = rig.clock.atMs
  await rig.stop()
  expect(rig.clock.atMs - fromMs).toBeLessThanOrEqual(5_000)
  const deliveries = await readDeliveries(rig.store(), partition, 'floor')
  expect(deliveries.map(({ attempts }) => attempts.at(-1)?.outcome)).toEqual(
    Array.from({ length: 8 }, () => 'stopped'),
  )
  const ids = rig.receivers.got.map(({ id }) => id)
  rig.receivers.replyOf = () => answered(200)
  await rig.start()
  await rig.clock.pass(1_000)
  expect(rig.receivers.got.slice(8, 16).map(({ id }) => id)).toEqual(ids)
  expect(rig.receivers.got).toHaveLength(28)
})

test('a stop ends within seconds when the store does not answer', async () => {
  const rig = await started(new Rig({ commitMs: 100 }))
  rig.receivers.replyOf = () => answered(200, 500)
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(300)
  rig.commitMs = 1_000_000
  const fromMs = rig.clock.atMs
  await rig.stop()
  expect(rig.clock.atMs - fromMs).toBeLessThanOrEqual(6_000)
})

test('nothing begins after a stop, also when it was being written', async () => {
  const rig = await started(new Rig({ commitMs: 200 }))
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(250) // The notice is taken; that its message begins is being written.
  await rig.stop()
  expect(rig.receivers.got).toEqual([])
  rig.commitMs = 0
  await rig.start()
  await rig.clock.pass(1_000)
  expect(rig.receivers.got).toHaveLength(1)
  expect(await readDeliveries(rig.store(), partition, 'floor')).toMatchObject([
    { status: 'delivered', attemptCount: 2 },
  ])
})

test('a delivery role that was never started, or has lost its partition, stops too', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => never
  await rig.tell('floor', { alertId: alert(1) })
  rig.loseLedger()
  await rig.stop()
  expect(rig.telemetry).toEqual([])
})

test('a delivery role that met a bug says so, and writes nothing more, when it is stopped either', async () => {
  const rig = await started()
  rig.receivers.replyOf = ({ keys: [key] }) =>
    key!.startsWith(alert(1)) ? answered(400, 1_000) : never
  await rig.give(noticeTo('floor', { alertId: alert(1) }), noticeTo('floor', { alertId: alert(2) }))
  await rig.clock.pass(900)
  rig.death = () => {
    throw new TypeError('a bug')
  }
  await rig.clock.pass(200)
  rig.death = () => null
  const written = new Map(rig.disk.records)
  await rig.stop()
  expect(rig.telemetry).toMatchObject([expect.stringMatching(/^broken TypeError: a bug/)])
  expect(rig.disk.records).toEqual(written)
})
