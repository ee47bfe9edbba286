import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dimensionSet } from '../measures/dimension-set.ts'
import type { EpochMs } from '../time/time.ts'
import { RowSet, type RowChange } from './row-set.ts'
import { keyOfRow, type ResolutionRow, type Row } from './row.ts'

const rowOf = (ordinal: number, atMs: number, agent: string): ResolutionRow => ({
  grain: 'resolution',
  ordinal,
  resolved: { atMs: atMs as EpochMs, credit: dimensionSet({ agent }) },
})

/** How often each row stands. */
function counted(changes: Iterable<RowChange>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { row, sign } of changes)
    counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + sign)
  for (const [content, count] of counts) if (count === 0) counts.delete(content)
  return counts
}

const row = fc
  .record({ ordinal: fc.nat(8), atMs: fc.nat(3), agent: fc.constantFrom('a', 'b') })
  .map(({ ordinal, atMs, agent }) => rowOf(ordinal, atMs, agent))
const step = fc.oneof(
  row.map((one) => (rows: RowSet) => rows.put(one)),
  fc.nat(8).map((ordinal) => (rows: RowSet) => rows.remove(`resolution/${ordinal}`)),
  fc.boolean().map((hidden) => (rows: RowSet) => rows.hide(hidden)),
  fc.array(row, { maxLength: 8 }).map((all) => (rows: RowSet) => rows.replaceAll(all)),
  fc
    .constantFrom('a', 'c')
    .map(
      (agent) => (rows: RowSet) =>
        rows.credit((credit) => dimensionSet({ queue: credit.queue, agent })),
    ),
  fc.constant((rows: RowSet) => rows.clear()),
)

describe('changes', () => {
  test('added up are what stands, and none takes back what it adds', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 6 }), (commits) => {
        const rows = new RowSet()
        const all: RowChange[] = []
        for (const steps of commits) {
          for (const one of steps) one(rows)
          const changes = rows.takeChanges()
          all.push(...changes)
          const [added, gone] = [1, -1].map(
            (sign) =>
              new Set(
                changes.filter((one) => one.sign === sign).map((one) => JSON.stringify(one.row)),
              ),
          )
          expect([...added!].filter((content) => gone!.has(content))).toEqual([])
        }
        rows.hide(true)
        all.push(...rows.takeChanges())
        expect([...counted(all)]).toEqual([])
        rows.hide(false)
        expect(counted(rows.takeChanges())).toEqual(
          counted(Array.from(rows.rows, (one: Row) => ({ row: one, sign: 1 }))),
        )
      }),
    )
  })

  test('of rows that are put again as they were are none, whatever their number', () => {
    const rows = new RowSet()
    const all = Array.from({ length: 5_000 }, (_, n) => rowOf(n, 1, n % 2 === 0 ? 'a' : 'b'))
    for (const one of all) rows.put(one)
    rows.takeChanges()
    rows.replaceAll(
      all
        .map((one) => structuredClone(one))
        .map((one, n) => ({
          ...one,
          resolved: { ...one.resolved, credit: all[n]!.resolved.credit },
        })),
    )
    expect(rows.takeChanges()).toEqual([])
  })

  test('of a row that is let go are none: what it added stays', () => {
    const rows = new RowSet()
    rows.put(rowOf(1, 1, 'a'))
    rows.takeChanges()
    rows.forget(keyOfRow(rowOf(1, 1, 'a')))
    rows.replaceAll([])
    expect(rows.takeChanges()).toEqual([])
  })
})
