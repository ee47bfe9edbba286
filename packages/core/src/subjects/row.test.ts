import { expect, test } from 'vitest'
import { dimensionSet, type DimensionSet } from '../measures/dimension-set.ts'
import { restoreRows, storeRows } from './row-codec.ts'
import { rowOfEachGrain } from './row.fixture.ts'
import { keyOfRow, withCredits } from './row.ts'

const rows = Object.values(rowOfEachGrain())

/** Every credit in a row, wherever it stands. */
function creditsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'credit' ? [one] : creditsIn(one),
  )
}

test.each(rows)('all credits of a row of $grain are replaced, and nothing else', (row) => {
  const credits = creditsIn(row) as DimensionSet[]
  expect(credits.length).toBeGreaterThan(0)
  const numbered = withCredits(row, (credit) => credits.indexOf(credit))
  expect(creditsIn(numbered)).toEqual(credits.map((_, place) => place))
  expect(withCredits(numbered, (place) => credits[place]!)).toEqual(row)
})

test('first-contact resolution alone has the topic of its instant', () => {
  const { contact } = rowOfEachGrain()
  const marked = withCredits(contact, (_, isOfInstant) => isOfInstant)
  expect(marked).toMatchObject({
    opened: { credit: false },
    resolved: { credit: false, firstContact: { credit: true } },
    lastResolved: { credit: false },
    closedUnresolved: { credit: true },
  })
  for (const row of rows)
    if (row.grain !== 'contact')
      expect(creditsIn(withCredits(row, (_, isOfInstant) => isOfInstant))).not.toContain(true)
})

test('rows of a subject have keys of their own', () => {
  const keys = rows.map(keyOfRow)
  expect(keys).toEqual([
    'reply/2',
    'pass/3',
    'offer/4',
    'part/a-1',
    'resolution/1',
    'reopening/0',
    'escalation/2',
    'message/4',
    'contact',
    'session/c-1',
    'repeat/c-2',
    'customer-period/month/0',
    'contract-count/week/1000',
    'contract-loss/year/0',
    'survey/csat',
    'complaint',
    'review',
    'follow-up',
    'staffing/900000/sales',
    'effective-part/c-1',
    'agent-day/0',
    'shift-time/900000',
    'shift/s-1',
    'attendance',
    'incident',
    'sale-offer',
    'refund',
    'order',
    'forecast/30000',
    'agent-time/0',
    'bot-episode/4',
    'bot-contact',
    'quality-review',
    'violation',
    'assessment',
    'employee-survey',
    'cost',
  ])
})

test('stored rows come back as they were, through JSON', () => {
  expect(
    restoreRows(JSON.parse(JSON.stringify(storeRows(rows))) as ReturnType<typeof storeRows>),
  ).toEqual(rows)
})

test('stored rows name equal credits once, wherever they come again', () => {
  const { resolution } = rowOfEachGrain()
  const inQueue = (queue: string) => withCredits(resolution, () => dimensionSet({ queue }))
  expect(storeRows(['a', 'b', 'a'].map(inQueue))).toMatchObject({
    credits: [{ queue: 'a' }, { queue: 'b' }],
    rows: [{ resolved: { credit: 0 } }, { resolved: { credit: 1 } }, { resolved: { credit: 0 } }],
  })
})
