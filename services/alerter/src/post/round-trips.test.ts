import { expect, test } from 'vitest'
import { answered, channelWith } from './testing/receivers.ts'
import { noticeTo, resolved, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')

/** How often the store is read for the life of so many alerts, step by step. */
async function readsFor(count: number): Promise<Record<string, number>> {
  const rig = new Rig({ channel: channelWith({ parallel: 50, noticesMax: 1 }) })
  const reads: Record<string, number> = {}
  const step = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    const before = rig.disk.reads
    await act()
    reads[name] = rig.disk.reads - before
  }
  const notices = (from: number, changes = {}) =>
    Array.from({ length: count }, (_, n) => noticeTo('floor', { alertId: alert(from + n), ...changes }))
  rig.receivers.replyOf = () => answered(200, 1_000)
  await rig.start()
  await step('taken in and begun', () => rig.give(...notices(0)))
  await step('answered', () => rig.clock.pass(5_000))
  await step('over while others are under way', () => rig.give(...notices(100), ...notices(0, resolved), ...notices(100, resolved)))
  await step('answered, and told that they are over', () => rig.clock.pass(5_000))
  await step('under way', () => rig.give(...notices(200)))
  rig.kill()
  await step('loaded by another process, and sent again', async () => {
    await rig.start()
    await rig.clock.pass(5_000)
  })
  rig.receivers.replyOf = () => answered(503, 1_000)
  await step('failed', async () => {
    await rig.give(...notices(300))
    await rig.clock.pass(1_500)
  })
  rig.kill()
  rig.endpoints = []
  await step('given up, as the endpoint is removed', async () => {
    await rig.start()
    await rig.clock.pass(1_000)
  })
  return reads
}

test('what is decided together is read together: twice as many alerts cost no more round trips', async () => {
  expect(await readsFor(20)).toEqual(await readsFor(10))
})
