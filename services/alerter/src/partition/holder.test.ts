import { minuteMs, secondMs } from '@deskpulse/core'
import type { PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import { holderOf } from './holder.ts'
import { deaf, takingStore } from './testing/taking-store.ts'

/** A holder of a partition whose store takes everything. */
function opened() {
  const clock = new VirtualClock()
  const { store, acquired } = takingStore(clock)
  const holder = holderOf(
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
        roles: () => ({ desk: deaf, post: deaf }),
        relay: { wake: () => {} } as never,
        fail: (error) => expect(error).toBeUndefined(),
      },
      telemetry: { committed: () => {}, lost: () => {}, waiting: () => {} } as never,
    },
    0 as PartitionId,
  )
  const hold = () => holder.hold(() => Promise.resolve(true))

  /** It is taken, held for so long, and taken over. @returns how long it is left alone then. */
  async function restAfter(heldMs: number): Promise<number> {
    const owned = (await hold())!
    clock.leap(heldMs)
    owned.ledger.lose('fenced')
    expect(await hold()).toBeNull()
    return holder.restsUntilMs() - clock.atMs
  }
  return { holder, hold, restAfter, acquired }
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
  const { hold, holder, acquired } = opened()
  const owned = await hold()
  expect([await hold(), holder.current(), acquired(), holder.restsUntilMs()]).toEqual([
    owned,
    owned,
    1,
    -Infinity,
  ])
  owned!.ledger.lose('behind')
  expect(await hold()).not.toBe(owned)
  expect([acquired(), holder.restsUntilMs()]).toEqual([2, -Infinity])
})

test('what is not ours is not taken', async () => {
  const { holder, acquired } = opened()
  expect([await holder.hold(() => Promise.resolve(false)), holder.current(), acquired()]).toEqual([
    null,
    null,
    0,
  ])
})
