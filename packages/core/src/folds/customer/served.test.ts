import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contribute } from '../../families/contribute.ts'
import { numberOf } from '../../measures/dimension-set.ts'
import { closedKinds } from '../../time/periods.ts'
import { periodAt } from '../../time/periods.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { keyOfRow, type Row } from '../../subjects/row.ts'
import { customerPeriodRows, ServedPeriods } from './served.ts'
import type { Served } from './session.ts'

const startMs = Date.UTC(2026, 11, 28)
const answer: fc.Arbitrary<Served> = fc.record({
  atMs: fc.integer({ min: startMs, max: startMs + 8 * dayMs }).map((ms) => ms as EpochMs),
  credit: fc.record({ queue: fc.constantFrom('sales', 'help'), agent: fc.constantFrom('a', 'b') }),
})

test('each period with an answer is a row, with the first answer in each place, in whatever order they are told', () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 8 }), fc.nat(), (answers, turn) => {
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
          const places = Map.groupBy(within, ({ credit }) => JSON.stringify(credit))
          expect(row.served.places.length).toBe(places.size)
          const firsts = [...places.values()].map((all) => Math.min(...all.map(({ atMs }) => atMs)))
          expect(row.served.places.map(({ atMs }) => atMs)).toEqual(
            firsts.toSorted((a, b) => a - b),
          )
        }
      }
      const said = (all: readonly Served[]) =>
        customerPeriodRows(all, zone)
          .map(({ period, startMs: atMs, served: { places } }) => [
            period,
            atMs,
            places.map((place) => `${place.atMs} ${numberOf(place.credit)}`).toSorted(),
          ])
          .map((row) => JSON.stringify(row))
          .toSorted()
      const at = turn % (answers.length + 1)
      expect(said([...answers.slice(at), ...answers.slice(0, at)])).toEqual(said(answers))
    }),
  )
})

test('a row counts in the measure of its period alone, at the first answer', () => {
  const rows = customerPeriodRows(
    [{ atMs: (startMs + 12_345_678) as EpochMs, credit: { queue: 'sales' } }],
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
})

test('an answer more gives the rows that all of them give anew, wherever it belongs', () => {
  const distinctInstants = fc.uniqueArray(answer, { maxLength: 30, selector: ({ atMs }) => atMs })
  const localTime = (): string => 'Europe/Rome'
  fc.assert(
    fc.property(distinctInstants, fc.nat(30), (answers, known) => {
      const periods = new ServedPeriods(answers.slice(0, known), localTime)
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
