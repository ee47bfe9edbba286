import { setImmediate } from 'node:timers/promises'
import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError, type Timer } from '@deskpulse/stream'
import { expect, test, vi } from 'vitest'
import { PartitionLost } from '@deskpulse/stream'
import type { Ledger } from '../partition/ledger.ts'
import type { PageAsked } from './ask-page.ts'
import { type AskingDeps, asking } from './asking.ts'
import { askAgainMs, lookAtLeastEveryMs } from './limits.ts'

const beginMs = 1_000_000
const nothingDue: PageAsked = { alerts: 0, dueMs: null, told: [] }

/** `pages`: what the ledger answers, one after another. */
function opened(...pages: (() => Promise<PageAsked>)[]) {
  let act: (() => void) | null = null
  const waits: number[] = []
  const timer: Timer = {
    after(ms, run) {
      waits.push(ms)
      act = run
      return () => void (act = null)
    },
  }
  const change = vi.fn(() => pages.shift()!())
  const fail = vi.fn()
  const unreadable = vi.fn()
  const telemetry = { unreadable }
  const deps = { timer, nowMs: () => beginMs, telemetry, fail } as unknown as AskingDeps
  const asks = asking(deps)
  asks.begin({ change } as unknown as Ledger)
  return {
    ...{ asks, change, fail, unreadable, waits },
    isArmed: () => act !== null,
    /** The look that is armed, with all that follows from it at once. */
    async look() {
      const run = act!
      act = null
      run()
      await setImmediate()
    },
  }
}

test('the first look comes at once; a store that is away then is asked again a little later, however much is due', async () => {
  const away = new DeskpulseError('STORE_UNAVAILABLE', 'away')
  const world = opened(() => Promise.reject(away))
  await world.look()
  world.asks.due((beginMs - 5) as EpochMs)
  world.asks.sweep('acme', beginMs as EpochMs)
  expect(world.waits.slice(0, 2)).toEqual([0, askAgainMs])
  expect(world.waits.at(-1)).toBe(askAgainMs)
  expect(world.unreadable).toHaveBeenCalledExactlyOnceWith(away)
  expect(world.fail).not.toHaveBeenCalled()
})

test('a bug in a look is told as one', async () => {
  const world = opened(() => Promise.reject(new TypeError('a bug')))
  await world.look()
  expect(world.fail).toHaveBeenCalledExactlyOnceWith(new TypeError('a bug'))
  expect(world.unreadable).not.toHaveBeenCalled()
})

test('a ledger that is lost to another owner ends it, and is no failure', async () => {
  const world = opened(() => Promise.reject(new PartitionLost()))
  await world.look()
  world.asks.due(beginMs as EpochMs)
  expect([world.isArmed(), world.fail.mock.calls, world.unreadable.mock.calls]).toEqual([
    ...[false, [], []],
  ])
})

test('a look goes on page by page until nothing is due, and tells what each has written', async () => {
  const told: string[] = []
  const pageOf = (name: string): PageAsked => ({
    ...{ alerts: 3, dueMs: (beginMs + 70) as EpochMs, told: [() => told.push(name)] },
  })
  const world = opened(
    () => Promise.resolve(pageOf('first')),
    () => Promise.resolve(pageOf('second')),
    () => Promise.resolve(nothingDue),
  )
  await world.look()
  expect(world.change).toHaveBeenCalledTimes(3)
  expect(told).toEqual(['first', 'second'])
})

test('a stop ends after the page under way, and nothing is looked at after it', async () => {
  const page = Promise.withResolvers<PageAsked>()
  const world = opened(() => page.promise)
  await world.look()
  const ended = world.asks.stop()
  page.resolve({ ...nothingDue, alerts: 3 })
  await ended
  world.asks.due(0 as EpochMs)
  expect(world.change).toHaveBeenCalledTimes(1)
  expect(world.isArmed()).toBe(false)
  expect(Math.max(...world.waits)).toBeLessThanOrEqual(lookAtLeastEveryMs)
})
