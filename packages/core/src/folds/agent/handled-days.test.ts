import { expect, test } from 'vitest'
import { RowSet } from '../../subjects/row-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { HandledChange } from './engagement.ts'
import { HandledDays } from './handled-days.ts'

const handled = (contactId: string, atMs: number, queue = 'a', dayStartMs = 0): HandledChange => ({
  ...{ contactId, dayStartMs: dayStartMs as EpochMs },
  handled: { atMs: atMs as EpochMs, credit: { agent: 'a-1', queue } },
})
const taken = (contactId: string): HandledChange => ({
  ...{ contactId, dayStartMs: 0 as EpochMs, handled: null },
})

/** Each day with where it counts, by the instant: queue@ms. */
function daysOf(changes: readonly HandledChange[]): object {
  const days = new HandledDays()
  const rows = new RowSet()
  for (const change of changes) {
    days.apply(change)
    days.tell(rows)
  }
  return Object.fromEntries(
    [...rows.rows].flatMap((row) =>
      row.grain === 'agent-day'
        ? [
            [
              row.startMs,
              row.handled.places
                .map(({ atMs, credit }) => `${String(credit.queue)}@${atMs}`)
                .join(' '),
            ],
          ]
        : [],
    ),
  )
}

test.each([
  { rule: 'no contact, no day', changes: [], days: {} },
  { rule: 'the first contact makes it', changes: [handled('c-1', 5)], days: { 0: 'a@5' } },
  {
    rule: 'of several in one queue the first counts, in whatever order they are told',
    changes: [handled('c-1', 7), handled('c-2', 5), handled('c-3', 6)],
    days: { 0: 'a@5' },
  },
  {
    rule: 'each queue has the first one there',
    changes: [handled('c-1', 5), handled('c-2', 4, 'b'), handled('c-3', 9, 'b')],
    days: { 0: 'b@4 a@5' },
  },
  {
    rule: 'one that was not handled after all gives way to the next',
    changes: [handled('c-1', 5), handled('c-2', 7), taken('c-1')],
    days: { 0: 'a@7' },
  },
  { rule: 'without any the day is none', changes: [handled('c-1', 5), taken('c-1')], days: {} },
  {
    rule: 'two local days can begin on one UTC day',
    changes: [handled('c-1', 5), handled('c-2', 25, 'a', 20)],
    days: { 0: 'a@5', 20: 'a@25' },
  },
  {
    rule: 'of one instant the first contact by id names the first place',
    changes: [handled('c-2', 5, 'b'), handled('c-1', 5)],
    days: { 0: 'a@5 b@5' },
  },
])('$rule', ({ changes, days }) => {
  expect(daysOf(changes)).toEqual(days)
})
