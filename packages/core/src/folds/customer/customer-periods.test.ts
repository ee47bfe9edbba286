import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contribute } from '../../families/contribute.ts'
import { numberOf } from '../../measures/dimension-set.ts'
import { closedKinds } from '../../time/periods.ts'
import { periodAt } from '../../time/periods.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { keyOfRow, type Row } from '../../subjects/row.ts'
import {
  customerPeriodRows,
  CustomerPeriods,
  dueOccasions,
  type Occasion,
} from './customer-periods.ts'
import type { DueReply } from './session.ts'

const startMs = Date.UTC(2026, 11, 28)
const whats = ['served', 'due', 'missed'] as const
const occasion: fc.Arbitrary<Occasion> = fc.record({
  what: fc.constantFrom(...whats),
  atMs: fc.integer({ min: startMs, max: startMs + 8 * dayMs }).map((ms) => ms as EpochMs),
  credit: fc.record({ queue: fc.constantFrom('sales', 'help'), agent: fc.constantFrom('a', 'b') }),
})

test('each period with an occasion is a row, with the first of each kind in each place, in whatever order they are told', () => {
  fc.assert(
    fc.property(fc.array(occasion, { maxLength: 8 }), fc.nat(), (answers, turn) => {
      const zone = 'Asia/Kathmandu'
      const rows = customerPeriodRows(answers, zone)
      for (const period of closedKinds) {
        const starts = new Set(answers.map(({ atMs }) => periodAt(period, atMs, zone).startMs))
        const its = rows.filter((row) => row.period === period)
        expect(new Set(its.map((row) => row.startMs))).toEqual(starts)
        expect(its.length).toBe(starts.size)
        for (const row of its) {
          const within = answers.filter(
            ({ atMs }) => periodAt(period, atMs, zone).startMs === row.startMs,
          )
          for (const what of whats) {
            const its = within.filter((one) => one.what === what)
            const places = Map.groupBy(its, ({ credit }) => JSON.stringify(credit))
            const firsts = [...places.values()].map((all) =>
              Math.min(...all.map(({ atMs }) => atMs)),
            )
            expect((row[what]?.places ?? []).map(({ atMs }) => atMs)).toEqual(
              firsts.toSorted((a, b) => a - b),
            )
          }
        }
      }
      const said = (all: readonly Occasion[]) =>
        customerPeriodRows(all, zone)
          .map(({ period, startMs: atMs, ...row }) => [
            period,
            atMs,
            ...whats.map((what) =>
              (row[what]?.places ?? [])
                .map((place) => `${place.atMs} ${numberOf(place.credit)}`)
                .toSorted(),
            ),
          ])
          .map((row) => JSON.stringify(row))
          .toSorted()
      const at = turn % (answers.length + 1)
      expect(said([...answers.slice(at), ...answers.slice(0, at)])).toEqual(said(answers))
    }),
  )
})

test.each(whats)(
  'a row counts in one measure of its period alone, at the first instant (%s)',
  (what) => {
    const rows = customerPeriodRows(
      [{ what, atMs: (startMs + 12_345_678) as EpochMs, credit: { queue: 'sales' } }],
      'Pacific/Chatham',
    )
    for (const row of rows) {
      const seen: string[] = []
      contribute(row, ({ name, of }, { atMs }) => {
        seen.push(name)
        expect(of).toBe(row.period)
        expect(atMs).toBe(startMs + 12_345_678)
      })
      expect(seen).toHaveLength(1)
    }
  },
)

test('an occasion more gives the rows that all of them give anew, wherever it belongs', () => {
  const distinctInstants = fc.uniqueArray(occasion, { maxLength: 30, selector: ({ atMs }) => atMs })
  const localTime = (): string => 'Europe/Rome'
  fc.assert(
    fc.property(distinctInstants, fc.nat(30), (answers, known) => {
      const periods = new CustomerPeriods(answers.slice(0, known), localTime)
      for (const one of answers.slice(known)) periods.add(one)
      const plain = customerPeriodRows(answers, localTime())
      const byKey = (rows: Iterable<Row>): Map<string, Row> =>
        new Map([...rows].map((row) => [keyOfRow(row), row]))
      expect(byKey(periods.rows.told)).toEqual(byKey(plain))
      periods.replace(answers.slice(1))
      expect(byKey(periods.rows.told)).toEqual(
        byKey(customerPeriodRows(answers.slice(1), localTime())),
      )
    }),
    { numRuns: 200 },
  )
})

test('what was missed came due, too, there and then', () => {
  const reply = (isMissed: boolean, second: number): DueReply => ({
    ...{ atMs: (startMs + second) as EpochMs, queue: null, agent: 'a-1', isMissed },
  })
  const due = {
    replies: [reply(false, 1), reply(true, 2)],
    channel: 'chat',
    class: 'live',
    attributes: {},
  }
  const said = (from: number) =>
    dueOccasions(due, from).map(({ what, atMs, credit }) => [what, atMs - startMs, credit.queue])
  expect(said(0)).toEqual([
    ['due', 1, 'none'],
    ['due', 2, 'none'],
    ['missed', 2, 'none'],
  ])
  expect(said(1)).toEqual([
    ['due', 2, 'none'],
    ['missed', 2, 'none'],
  ])
  expect(dueOccasions(null, 0)).toEqual([])
})
