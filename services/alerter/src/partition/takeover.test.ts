import { minuteMs, secondMs } from '@deskpulse/core/time'
import type { PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import { takeoverOf } from './takeover.ts'
import { acceptingStore, deaf } from './testing/accepting-store.ts'

/** The takeover of a partition whose store takes everything. */
function opened() {
  const clock = new VirtualClock()
  const { store, acquired } = acceptingStore(clock)
  const takeover = takeoverOf(
    {
      ...{
        store,
        log: {} as never,
        topic: 'alerts',
        nowMs: clock.nowMs,
        timer: clock,
        mayWait: () => true,
      },
      ...{
        roles: () => ({ book: deaf, delivery: deaf }),
        relay: { wake: () => {} },
        fail: (error) => expect(error).toBeUndefined(),
      },
      telemetry: { committed: () => {}, lost: () => {}, waiting: () => {} } as never,
    },
    0 as PartitionId,
  )
  const own = () => takeover.own(() => Promise.resolve(true))

  /** It is taken, held for so long, and taken over. @returns how long it is left alone then. */
  async function restAfter(heldMs: number): Promise<number> {
    const owned = (await own())!
    clock.leap(heldMs)
    owned.owner.lose('fenced')
    expect(await own()).toBeNull()
    return takeover.restsUntilMs() - clock.atMs
  }
  return { takeover, own, restAfter, acquired }
}

test('a partition that another process takes again and again is left alone for longer each time, up to a minute', async () => {
  const { restAfter } = opened()
  const rests: number[] = []
  while (rests.length < 6) rests.push(await restAfter(secondMs))
  expect(rests.map((ms) => ms / secondMs)).toEqual([5, 10, 20, 40, 60, 60])
})

test('one that was held for more than a minute is left alone as the first time', async () => {
  const { restAfter } = opened()
  for (let times = 0; times < 2; times += 1) await restAfter(0)
  expect([await restAfter(minuteMs), await restAfter(minuteMs + 1), await restAfter(0)]).toEqual([
    20_000, 5_000, 10_000,
  ])
})

test('what is held stays so; what is lost otherwise is taken again at once', async () => {
  const { own, takeover, acquired } = opened()
  const owned = await own()
  expect([await own(), takeover.current(), acquired(), takeover.restsUntilMs()]).toEqual([
    owned,
    owned,
    1,
    -Infinity,
  ])
  owned!.owner.lose('behind')
  expect(await own()).not.toBe(owned)
  expect([acquired(), takeover.restsUntilMs()]).toEqual([2, -Infinity])
})

test('what is not ours is not taken', async () => {
  const { takeover, acquired } = opened()
  expect([
    await takeover.own(() => Promise.resolve(false)),
    takeover.current(),
    acquired(),
  ]).toEqual([null, null, 0])
})
