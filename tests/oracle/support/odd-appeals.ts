import fc from 'fast-check'
import { agentIds, type Draft, dueAt, one } from './drafts.ts'

const kinds = ['complaint', 'review', 'quality-review', 'violation', 'assessment'] as const
const items = {
  contactIds: fc.subarray(['c-1', 'c-2', 'c-3', 'c-9'], { minLength: 2 }),
  scores: fc.subarray(
    kinds.flatMap((kind) => [
      { kind, id: 'x' },
      { kind, id: 'y' },
    ]),
  ),
}

/** Appeals that are filed, also twice, and decided once or more, before or after; about what there is and what there is not. */
export function anyAppeals(startMs: number): fc.Arbitrary<Draft[]> {
  const date = (days: number): string => dueAt(days * 86_400, startMs).slice(0, 10)
  // Mostly about all that there is.
  const period = one(
    ...([
      ...Array.from({ length: 6 }, (): readonly [number, number] => [-40, 80]),
      [0, 0],
      [1, 1],
      [-40, -1],
    ] as const),
  ).map(([from, to]) => ({ start: date(from), end: date(to) }))
  const filed = fc.record({
    ...{ agentId: one(...agentIds, 'a-9'), period, ...items },
    ...{ kpis: fc.constant(['csat']), reason: fc.constant('it was not mine') },
  })
  const decided = fc
    .record({ decision: one('granted', 'granted', 'granted', 'granted', 'refused'), ...items })
    .chain(({ decision, contactIds, scores }) =>
      one<object>({}, {}, {}, {}, { contactIds }, { contactIds, scores }, { kpis: [] }).map(
        (what) => ({
          ...{ decision, decidedBy: 'lead', ...what },
        }),
      ),
    )
  const second = one(0, 60, 3_600, 4 * 3_600, 9 * 3_600)
  const about = (appealId: string): fc.Arbitrary<Draft[]> =>
    fc
      .tuple(
        fc.array(fc.tuple(second, filed), { minLength: 1, maxLength: 2 }),
        fc.array(fc.tuple(second, decided), { minLength: 1, maxLength: 3 }),
      )
      .map(([asked, said]) => [
        ...asked.map(([at, data]): Draft => {
          return { second: at, type: 'appeal.filed', data: { appealId, ...data } }
        }),
        ...said.map(([at, data]): Draft => {
          return { second: at, type: 'appeal.decided', data: { appealId, ...data } }
        }),
      ])
  return fc
    .subarray(['p', 'q', 'r'], { minLength: 1 })
    .chain((appealIds) => fc.tuple(...appealIds.map(about)))
    .map((all) => all.flat())
}
