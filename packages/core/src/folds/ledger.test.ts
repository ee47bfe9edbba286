import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fact, measures } from '../measures/measure.ts'
import type { EpochMs } from '../time/time.ts'
import { type FactChange, Ledger } from './ledger.ts'

const factOf = (id: string, atMs: number, value: number, agent: string): Fact => ({
  ...{ id, atMs: atMs as EpochMs, measure: measures.replyTime, value, scope: 'both' },
  dimensions: { agent },
})

/** What a fact adds, whatever its id. */
const contentOf = ({ atMs, value, dimensions }: Fact): string => `${atMs} ${value} ${String(dimensions.agent)}`

/** By content, how often it stands. */
function counted(facts: Iterable<{ readonly fact: Fact; readonly sign: number }>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { fact, sign } of facts) counts.set(contentOf(fact), (counts.get(contentOf(fact)) ?? 0) + sign)
  for (const [content, count] of counts) if (count === 0) counts.delete(content)
  return counts
}

const fact = fc
  .record({ id: fc.nat(8), atMs: fc.nat(3), value: fc.nat(2), agent: fc.constantFrom('a', 'b') })
  .map(({ id, atMs, value, agent }) => factOf(String(id), atMs, value, agent))
const step = fc.oneof(
  fact.map((one) => (ledger: Ledger) => ledger.put(one)),
  fc.nat(8).map((id) => (ledger: Ledger) => ledger.remove(String(id))),
  fc.boolean().map((hidden) => (ledger: Ledger) => ledger.hide(hidden)),
  fc.array(fact, { maxLength: 8 }).map((all) => (ledger: Ledger) => ledger.replaceAll(all)),
)

describe('changes', () => {
  test('added up are what stands, and none takes back what another one adds', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 6 }), (commits) => {
        const ledger = new Ledger()
        const all: FactChange[] = []
        for (const steps of commits) {
          for (const one of steps) one(ledger)
          const changes = ledger.takeChanges()
          all.push(...changes)
          const [added, gone] = [1, -1].map((sign) => new Set(changes.filter((one) => one.sign === sign).map((one) => contentOf(one.fact))))
          expect([...added!].filter((content) => gone!.has(content))).toEqual([])
        }
        ledger.hide(true)
        all.push(...ledger.takeChanges())
        expect([...counted(all)]).toEqual([])
        ledger.hide(false)
        const shown = ledger.takeChanges()
        expect(counted(shown)).toEqual(counted([...ledger.facts.values()].map((one) => ({ fact: one, sign: 1 }))))
      }),
    )
  })

  test('of a fact that comes in between are that fact, though all behind it have another id', () => {
    const ledger = new Ledger()
    for (let n = 0; n < 1_000; n += 1) ledger.put(factOf(`reply/${n}`, n * 10, n, 'a'))
    ledger.takeChanges()
    ledger.replaceAll([])
    const late = factOf('', 5_005, 7, 'a')
    const facts = [...Array.from({ length: 1_000 }, (_, n) => factOf('', n * 10, n, 'a')), late].sort((a, b) => a.atMs - b.atMs)
    facts.forEach((one, n) => ledger.put({ ...one, id: `reply/${n}` }))
    expect(ledger.takeChanges().map(({ fact: one, sign }) => [contentOf(one), sign])).toEqual([[contentOf(late), 1]])
  })

  test('of facts that are put again as they were are none, whatever their number at one instant', () => {
    const ledger = new Ledger()
    const facts = Array.from({ length: 5_000 }, (_, n) => factOf(String(n), 1, 1, n % 2 === 0 ? 'a' : 'b'))
    for (const one of facts) ledger.put(one)
    ledger.takeChanges()
    ledger.replaceAll(facts)
    expect(ledger.takeChanges()).toEqual([])
  })
})
