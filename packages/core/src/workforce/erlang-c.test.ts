import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  averageSpeedOfAnswer,
  erlangsMax,
  erlangsOf,
  type Load,
  requiredAgents,
  serviceLevel,
  waitingProbability,
} from './erlang-c.ts'

/** 100 calls in half an hour, of 180 s each: 10 erlangs. */
const worked: Load = { callsPerHour: 200, handleMs: 180_000 }

test('the worked case: 10 erlangs and 14 agents', () => {
  expect(erlangsOf(worked)).toBeCloseTo(10, 12)
  expect(waitingProbability(10, 14)).toBeCloseTo(0.1741, 4)
  expect(serviceLevel(worked, 14, 20_000)).toBeCloseTo(0.8884, 4)
  expect(averageSpeedOfAnswer(worked, 14)).toBeCloseTo(7_836, -1)
  expect(requiredAgents(worked, { share: 0.8, withinMs: 20_000 })).toBe(14)
})

test.each([
  { erlangs: 1, agents: 2, waiting: 1 / 3 },
  { erlangs: 0.5, agents: 1, waiting: 0.5 },
  { erlangs: 0, agents: 0, waiting: 0 },
  { erlangs: 2, agents: 2, waiting: 1 },
  { erlangs: 5, agents: 0, waiting: 1 },
])('of $erlangs erlangs, with $agents agents, $waiting wait', ({ erlangs, agents, waiting }) => {
  expect(waitingProbability(erlangs, agents)).toBeCloseTo(waiting, 12)
})

/** By its definition, of loads whose powers and factorials a number still holds. */
function byDefinition(erlangs: number, agents: number): number {
  let [term, sum] = [1, 0]
  for (let count = 0; count < agents; count += 1) {
    sum += term
    term *= erlangs / (count + 1)
  }
  const busy = (term * agents) / (agents - erlangs)
  return busy / (sum + busy)
}

const rates = fc.double({ min: 0.01, max: 20_000, noNaN: true })
const handles = fc.integer({ min: 1_000, max: 1_800_000 })
const loads: fc.Arbitrary<Load> = fc.record({ callsPerHour: rates, handleMs: handles })
const shares = fc.double({ min: 0.01, max: 0.999, noNaN: true })
const waits = fc.integer({ min: 0, max: 120_000 })

test('is what its definition says', () => {
  const few = fc.double({ min: 0.01, max: 60, noNaN: true })
  fc.assert(
    fc.property(few, fc.integer({ min: 1, max: 40 }), (erlangs, more) => {
      const agents = Math.floor(erlangs) + more
      expect(waitingProbability(erlangs, agents)).toBeCloseTo(byDefinition(erlangs, agents), 10)
    }),
  )
})

test('with one agent more nobody waits longer, and no fewer are answered in time', () => {
  fc.assert(
    fc.property(loads, fc.integer({ min: 0, max: 200 }), waits, (load, more, withinMs) => {
      const agents = Math.floor(erlangsOf(load)) + more
      const [fewer, all] = [agents, agents + 1]
      const erlangs = erlangsOf(load)
      expect(waitingProbability(erlangs, all)).toBeLessThanOrEqual(
        waitingProbability(erlangs, fewer),
      )
      expect(serviceLevel(load, all, withinMs)).toBeGreaterThanOrEqual(
        serviceLevel(load, fewer, withinMs),
      )
      expect(averageSpeedOfAnswer(load, all)).toBeLessThanOrEqual(averageSpeedOfAnswer(load, fewer))
    }),
    { numRuns: 50 },
  )
})

test('the agents that are required keep the promise, and one fewer does not', () => {
  fc.assert(
    fc.property(loads, shares, waits, (load, share, withinMs) => {
      const agents = requiredAgents(load, { share, withinMs })
      expect(serviceLevel(load, agents, withinMs)).toBeGreaterThanOrEqual(share)
      expect(serviceLevel(load, agents - 1, withinMs)).toBeLessThan(share)
    }),
    { numRuns: 50 },
  )
})

test('thousands of erlangs need some more agents than that, and no number overflows', () => {
  for (const erlangs of [1_000, 5_000, 50_000]) {
    const load = { callsPerHour: erlangs * 20, handleMs: 180_000 }
    const agents = requiredAgents(load, { share: 0.8, withinMs: 20_000 })
    expect(agents).toBeGreaterThan(erlangs)
    expect(agents).toBeLessThan(erlangs + 2 * Math.sqrt(erlangs))
    const level = serviceLevel(load, agents, 20_000)
    expect(level).toBeGreaterThanOrEqual(0.8)
    expect(level).toBeLessThan(1)
  }
})

test.each([
  { what: 'no calls', load: { callsPerHour: 0, handleMs: 180_000 } },
  { what: 'calls that take no time', load: { callsPerHour: 200, handleMs: 0 } },
])('$what need nobody, and nobody waits', ({ load }) => {
  expect(requiredAgents(load, { share: 0.99, withinMs: 0 })).toBe(0)
  expect(serviceLevel(load, 0, 0)).toBe(1)
  expect(averageSpeedOfAnswer(load, 0)).toBe(0)
})

test('with no more agents than erlangs the queue grows without end', () => {
  expect(serviceLevel(worked, 10, 20_000)).toBe(0)
  expect(averageSpeedOfAnswer(worked, 10)).toBe(Infinity)
})

describe('what is no such number is refused', () => {
  const promised = { share: 0.8, withinMs: 20_000 }
  const cases: readonly { readonly name: string; readonly of: () => number }[] = [
    { name: 'callsPerHour', of: () => erlangsOf({ ...worked, callsPerHour: -1 }) },
    { name: 'callsPerHour', of: () => erlangsOf({ ...worked, callsPerHour: Number.NaN }) },
    { name: 'callsPerHour', of: () => erlangsOf({ ...worked, callsPerHour: Infinity }) },
    { name: 'handleMs', of: () => requiredAgents({ ...worked, handleMs: -1 }, promised) },
    { name: 'load', of: () => erlangsOf({ callsPerHour: 1e9, handleMs: 1e9 }) },
    { name: 'erlangs', of: () => waitingProbability(-1, 3) },
    { name: 'erlangs', of: () => waitingProbability(erlangsMax + 1, 3) },
    { name: 'agents', of: () => waitingProbability(3, 1.5) },
    { name: 'agents', of: () => serviceLevel(worked, -1, 20_000) },
    { name: 'withinMs', of: () => serviceLevel(worked, 14, -1) },
    { name: 'share', of: () => requiredAgents(worked, { ...promised, share: 1 }) },
    { name: 'share', of: () => requiredAgents(worked, { ...promised, share: -0.1 }) },
    { name: 'withinMs', of: () => requiredAgents(worked, { ...promised, withinMs: Number.NaN }) },
  ]
  test.each(cases)('$name ($of)', ({ name, of }) => {
    expect(of).toThrow(new RegExp(`^Erlang C: ${name} must be `))
  })
})
