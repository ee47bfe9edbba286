import { minuteMs, secondMs } from '@deskpulse/core/time'
import type { PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import type { Ledger } from './ledger.ts'
import type { OwnedLedger } from './owned-ledger.ts'
import { takeoverOf } from './takeover.ts'
import { acceptingStore, deaf } from './testing/accepting-store.ts'

/** The takeover of a partition whose store takes everything. `losses`: so often it is lost while it is taken. */
function opened(losses = 0) {
  const clock = new VirtualClock()
  const { store, acquired } = acceptingStore(clock)
  const start = async (ledger: Ledger): Promise<void> => {
    if (acquired() <= losses) (ledger as OwnedLedger).owner.lose('behind')
  }
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
        roles: () => ({ book: { ...deaf, start }, delivery: deaf }),
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
  return { clock, takeover, own, restAfter, acquired }
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

test('what is lost while it is taken is taken again after a pause, longer each time', async () => {
  const { clock, own, acquired } = opened(2)
  const owned = own()
  const times: number[] = []
  for (const ms of [0, 49, 1, 99, 1]) {
    await clock.pass(ms)
    times.push(acquired())
  }
  expect(times).toEqual([1, 1, 2, 2, 3])
  expect((await owned)!.owner.lost()).toBeNull()
})
