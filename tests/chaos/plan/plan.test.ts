import { expect, test } from 'vitest'
import { createRandom } from '../../../services/cli/src/simulate/random.ts'
import { forms } from '../forms.ts'
import { isKill, type Fault } from './faults.ts'
import { drawPlan } from './plan.ts'

const { targets, links, usualKinds } = forms.one
const planOf = (seed: number, kills = 30): readonly Fault[] =>
  drawPlan({ kills, kinds: usualKinds, targets, links }, createRandom(seed))
const seeds = Array.from({ length: 50 }, (_, seed) => seed)

test('a seed makes one plan, and another seed another', () => {
  expect(planOf(1)).toEqual(planOf(1))
  expect(planOf(1)).not.toEqual(planOf(2))
})

test('as many are killed as were asked for, and every target and kind has its turn', () => {
  for (const seed of seeds) {
    const plan = planOf(seed)
    expect(plan.filter(isKill).length).toBeGreaterThanOrEqual(30)
    expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(usualKinds))
    const killed = new Set(
      plan.map((fault) =>
        fault.kind === 'kill' ? fault.target : fault.kind === 'older-snapshot' ? 'redis' : null,
      ),
    )
    expect(killed).toEqual(new Set([...Object.keys(targets), null]))
  }
})

test('the store is emptied early alone: folding the whole log again would hide what went wrong before', () => {
  for (const seed of seeds) {
    const plan = planOf(seed)
    expect(plan.findLastIndex(({ kind }) => kind === 'empty')).toBeLessThan(plan.length / 2)
  }
})

test('a Redis that is killed comes back with an older snapshot, where the form has them', () => {
  const kills = (kinds: typeof usualKinds) =>
    drawPlan({ kills: 60, kinds, targets, links }, createRandom(1)).filter(
      (fault) => fault.kind === 'kill' && fault.target === 'redis',
    )
  expect(kills(usualKinds)).toEqual([])
  expect(kills(['kill']).length).toBeGreaterThan(5)
})
