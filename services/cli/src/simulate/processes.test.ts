import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAgenda } from './agenda.ts'
import { createProcesses, createSignal, type Process } from './processes.ts'
import { createRandom } from './random.ts'

test('the agenda gives the earliest first, and equal times in the order in which they were added', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const agenda = createAgenda<number>()
      times.forEach((atMs, order) => agenda.add(atMs, order))
      const taken = times.map(() => agenda.take()!)
      const sorted = times
        .map((atMs, item) => ({ atMs, item }))
        .toSorted((one, other) => one.atMs - other.atMs || one.item - other.item)
      expect(taken.map(({ atMs, item }) => ({ atMs, item }))).toEqual(sorted)
      expect(agenda.take()).toBeNull()
    }),
  )
})

test('a process sleeps, wakes at a signal or at its time-out, whichever is first, and once', () => {
  const processes = createProcesses(1_000)
  const seen: string[] = []
  const [early, late] = [createSignal(), createSignal()]
  function* waiter(name: string, signal = early): Process {
    yield { signal, withinMs: 50 }
    seen.push(`${name} at ${processes.nowMs()}`)
  }
  function* ringer(): Process {
    yield 20
    early.fire()
    yield 60
    late.fire()
  }
  processes.start(waiter('signalled'))
  processes.start(waiter('timed out', late))
  processes.start(ringer())
  while (processes.step()) expect(processes.nowMs()).toBeLessThanOrEqual(1_080)
  expect(seen).toEqual(['signalled at 1020', 'timed out at 1050'])
})

test('the draws of a seed are the same for ever', () => {
  const random = createRandom(7)
  expect([random.next(), random.next(), random.next()]).toEqual([
    0.011704753153026104, 0.06195825757458806, 0.97690763277933,
  ])
})

test('draws keep to their shapes', () => {
  const random = createRandom(1)
  const many = <T>(draw: () => T): T[] => Array.from({ length: 20_000 }, draw)
  const mean = (values: number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(many(() => random.exponential(10)))).toBeCloseTo(10, 0)
  expect(mean(many(() => Number(random.logNormal(10, 0.6) > 10)))).toBeCloseTo(0.5, 1)
  expect(mean(many(() => Number(random.weighted({ a: 1, b: 3 }) === 'b')))).toBeCloseTo(0.75, 1)
  expect(mean(many(() => Number(random.chance(0.2))))).toBeCloseTo(0.2, 1)
  expect(many(() => random.between(2, 3)).every((value) => value >= 2 && value < 3)).toBe(true)
})
