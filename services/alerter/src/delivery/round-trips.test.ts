import { expect, test } from 'vitest'
import { answered, channelWith, never } from './testing/receivers.ts'
import { noticeTo, resolved, retracted, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')
const noticesOf = (count: number, from: number, changes = {}) =>
  Array.from({ length: count }, (_, n) =>
    noticeTo('floor', { alertId: alert(from + n), ...changes }),
  )

/** How often the store is read for the life of so many alerts, step by step. */
async function readsFor(count: number): Promise<Record<string, number>> {
  const rig = new Rig({ channel: channelWith({ parallel: 50, noticesMax: 1 }) })
  const reads: Record<string, number> = {}
  const step = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    const before = rig.disk.reads
    await act()
    reads[name] = rig.disk.reads - before
  }
  const notices = (from: number, changes = {}) => noticesOf(count, from, changes)
  rig.receivers.replyOf = () => answered(200, 1_000)
  await rig.start()
  await step('taken in and begun', () => rig.give(...notices(0)))
  await step('answered', () => rig.clock.pass(5_000))
  await step('over while others are under way', () =>
    rig.give(...notices(100), ...notices(0, resolved), ...notices(100, resolved)),
  )
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

/** A delivery role that sends one message at a time, and tells again what fires. */
async function started(waitingMax = 1_000): Promise<Rig> {
  const rig = new Rig({
    channel: channelWith({ parallel: 1, noticesMax: 50, renewMs: 60_000 }),
    limits: { waitingMax },
  })
  await rig.start()
  return rig
}

/** One message is under way, and stays so: what comes waits. */
const occupied = async (rig: Rig): Promise<void> => {
  rig.receivers.replyOf = () => never
  await rig.tell('floor', { alertId: alert(999) })
}

test.each<{
  rule: string
  prepared: (count: number) => Promise<Rig>
  step: (rig: Rig, count: number) => Promise<void>
}>([
  {
    rule: 'what waits is loaded by another process',
    prepared: async (count) => {
      const rig = await started()
      await occupied(rig)
      await rig.give(...noticesOf(count, 0))
      rig.kill()
      return rig
    },
    step: (rig) => rig.start(),
  },
  {
    rule: 'what is told again is loaded by another process',
    prepared: async (count) => {
      const rig = await started()
      await rig.give(...noticesOf(count, 0))
      await rig.clock.pass(1_000)
      rig.kill()
      return rig
    },
    step: (rig) => rig.start(),
  },
  {
    rule: 'what was taken back before it was told ends',
    prepared: async (count) => {
      const rig = await started()
      await occupied(rig)
      await rig.give(...noticesOf(count, 0))
      return rig
    },
    step: (rig, count) => rig.give(...noticesOf(count, 0, retracted)),
  },
  {
    rule: 'a message that failed gives way to newer states of its alerts',
    prepared: async (count) => {
      const rig = await started()
      rig.receivers.replyOf = () => answered(503)
      await rig.give(...noticesOf(count, 0))
      await rig.clock.pass(100)
      return rig
    },
    step: (rig, count) => rig.give(...noticesOf(count, 0, { repeat: 1 })),
  },
  {
    rule: 'what there is no more room for is given up',
    prepared: async (count) => {
      const rig = await started(count)
      await occupied(rig)
      await rig.give(...noticesOf(count, 0))
      return rig
    },
    step: (rig, count) => rig.give(...noticesOf(count, 100)),
  },
])('as many round trips for many alerts as for few: $rule', async ({ prepared, step }) => {
  const readsFor = async (count: number): Promise<number> => {
    const rig = await prepared(count)
    const before = rig.disk.reads
    await step(rig, count)
    return rig.disk.reads - before
  }
  expect(await readsFor(20)).toBe(await readsFor(10))
})
