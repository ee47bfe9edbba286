import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import type { CountedRow } from './entry.ts'
import { compareStandings, type Standing, StandingList } from './standing-list.ts'

const row = {} as CountedRow
const standing = (atMs: number, id: string): Standing => ({ atMs: atMs as EpochMs, id, row })

/** As it would be without chunks. */
function plainList(members: readonly Standing[]) {
  let all = members.toSorted(compareStandings)
  const upTo = (atMs: number) => all.filter((one) => one.atMs <= atMs)
  return {
    add: (one: Standing) => void (all = [...all, one].sort(compareStandings)),
    remove: (one: Standing) =>
      void (all = all.filter(({ atMs, id }) => atMs !== one.atMs || id !== one.id)),
    has: ({ id }: Standing) => all.some((one) => one.id === id),
    isEmpty: () => all.length === 0,
    count: (atMs: number) => upTo(atMs).length,
    first: (limit: number, atMs: number) => upTo(atMs).slice(0, limit),
  }
}

const instant = fc.integer({ min: 0, max: 40 })
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('add', 'remove'),
    one: fc.tuple(instant, fc.nat({ max: 700 })).map(([atMs, id]) => standing(atMs, `s-${id}`)),
    upToMs: fc.integer({ min: -1, max: 41 }),
    limit: fc.constantFrom(0, 1, 3, 512, 2_000),
  }),
  { maxLength: 40 },
)

test.each([0, 1, 511, 512, 513, 1_500])(
  'a list that begins with %d members gives what a sorted one gives; what is not in it is not taken out',
  (count) => {
    const members = Array.from({ length: count }, (_, n) =>
      standing((n * 7) % 41, `m-${n}`),
    ).toSorted(compareStandings)
    fc.assert(
      fc.property(steps, (all) => {
        const list = new StandingList(members)
        const plain = plainList(members)
        for (const { kind, one, upToMs, limit } of all) {
          if (kind === 'remove' || !plain.has(one)) {
            const changed = kind === 'remove' ? 'remove' : 'add'
            list[changed](one)
            plain[changed](one)
          }
          const known = members[upToMs * 30]
          if (known !== undefined && limit === 3) {
            list.remove(known)
            plain.remove(known)
          }
          expect(list.isEmpty).toBe(plain.isEmpty())
          expect(list.count(upToMs)).toBe(plain.count(upToMs))
          expect(list.first(limit, upToMs)).toEqual(plain.first(limit, upToMs))
        }
      }),
      { numRuns: 30 },
    )
  },
)
