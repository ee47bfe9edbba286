import { setImmediate } from 'node:timers/promises'
import type { AlertRule } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError, type Timer } from '@deskpulse/stream'
import { expect, test, vi } from 'vitest'
import { PartitionLost } from '@deskpulse/stream'
import type { Ledger } from '../../partition/ledger.ts'
import { evaluateEveryMs } from '../limits.ts'
import { evaluator } from './evaluator.ts'
import type { Looking, PartitionLook } from './look.ts'

const at = (looks: number): EpochMs => (1_000_000 + looks * evaluateEveryMs) as EpochMs
const seenAt = (logTimeMs: EpochMs | null): PartitionLook => ({
  ...{ tenants: [], logTimeMs, knownUpToMs: logTimeMs, clock: null, installation: null },
})

/** A timer that goes on by the test's word, and what the evaluator says of itself. */
function opened(look: Looking, change: () => Promise<unknown> = () => Promise.resolve(at(0))) {
  let nowMs: number = at(0)
  const due = new Set<() => void>()
  const timer: Timer = {
    after(ms, act) {
      expect(ms).toBe(evaluateEveryMs)
      due.add(act)
      return () => void due.delete(act)
    },
  }
  const fail = vi.fn()
  const unreadable = vi.fn()
  const onRules = vi.fn()
  const telemetry = { unreadable, evaluated: vi.fn(), cut: vi.fn() }
  const evaluating = evaluator({
    ...{ look, unseen: seenAt(null), topic: 'alerts', timer, nowMs: () => nowMs },
    ...{ telemetry: telemetry as never, onRules, fail },
  })
  evaluating.begin({ change } as unknown as Ledger)
  return {
    ...{ evaluating, fail, unreadable, onRules, armed: () => due.size },
    /** The next look begins. */
    pass() {
      nowMs += evaluateEveryMs
      const [act] = due
      due.clear()
      act!()
    },
  }
}

test('it says when log time was last evaluated: a look that the store does not answer, or that finds nothing to evaluate, is none', async () => {
  const looks: (() => Promise<PartitionLook>)[] = [
    () => Promise.resolve(seenAt(at(1))),
    () => Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away')),
    () => Promise.resolve(seenAt(null)),
    () => Promise.resolve(seenAt(at(4))),
  ]
  const lastKnown: (EpochMs | null)[] = []
  const world = opened((lastMs) => {
    lastKnown.push(lastMs)
    return looks.shift()!()
  })
  const evaluated: number[] = [world.evaluating.evaluatedAtMs()]
  for (let number = 0; number < 4; number++) {
    world.pass()
    await vi.waitUntil(() => world.armed() === 1)
    evaluated.push(world.evaluating.evaluatedAtMs())
  }
  expect(evaluated).toEqual([0, 1, 1, 1, 4].map(at))
  expect(lastKnown).toEqual([null, at(1), at(1), at(1)])
  expect(world.unreadable).toHaveBeenCalledTimes(1)
  expect(world.fail).not.toHaveBeenCalled()
})

test('alerts are asked about anew when rules change, and at the first look after one that the store did not answer: they may have been decided without the rules', async () => {
  const [rules, others]: (readonly AlertRule[])[] = [[], []]
  const of = (inForce: readonly AlertRule[]) => () =>
    Promise.resolve({
      ...seenAt(at(1)),
      tenants: [{ tenant: 'acme', context: { rules: inForce }, cut: [], asks: [] } as never],
    })
  const away = () => Promise.reject(new DeskpulseError('STORE_UNREADABLE', 'other folds'))
  const looks: (() => Promise<PartitionLook>)[] = [
    ...[of(rules!), away, away, of(rules!), of(rules!), of(others!)],
  ]
  const world = opened(() => looks.shift()!())
  const asked: number[] = []
  while (looks.length > 0) {
    world.pass()
    await vi.waitUntil(() => world.armed() === 1)
    asked.push(world.onRules.mock.calls.length)
  }
  expect(asked).toEqual([0, 0, 0, 1, 1, 2])
})

test('a bug in a look is told, and the next look comes', async () => {
  const world = opened(() => Promise.reject(new TypeError('a bug')))
  world.pass()
  await vi.waitUntil(() => world.armed() === 1)
  expect(world.fail).toHaveBeenCalledExactlyOnceWith(new TypeError('a bug'))
})

test('a stop ends after the look under way, and none is begun after it', async () => {
  const found = Promise.withResolvers<PartitionLook>()
  const world = opened(() => found.promise)
  world.pass()
  let hasEnded = false
  const ended = world.evaluating.stop().then(() => (hasEnded = true))
  await Promise.resolve()
  expect(hasEnded).toBe(false)
  found.resolve(seenAt(at(1)))
  await ended
  expect(world.evaluating.evaluatedAtMs()).toBe(at(1))
  expect(world.armed()).toBe(0)
})

test('a stop between two looks calls the next one off', async () => {
  const world = opened(() => Promise.resolve(seenAt(at(1))))
  await world.evaluating.stop()
  expect(world.armed()).toBe(0)
})

test('a ledger that is lost to another owner ends it, and is no failure', async () => {
  const change = vi.fn(() => Promise.reject(new PartitionLost()))
  const world = opened(() => Promise.resolve(seenAt(at(1))), change)
  world.pass()
  await setImmediate() // All that was under way has settled.
  expect(change).toHaveBeenCalledTimes(1)
  expect([world.armed(), world.fail.mock.calls]).toEqual([0, []])
})
