import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localDateOf } from './calendar.ts'
import { periodAt, type Period, periodsIn } from './periods.ts'
import { dayMs, type EpochMs, hourMs } from './time.ts'
import { trailingIn, trailingKinds } from './trailing.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const zones = ['UTC', 'Europe/Rome', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Asia/Shanghai']

test('each local day has the n days before it, over changes of the clocks too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 * 365 }),
      fc.integer({ min: 0, max: 5 * 24 }),
      fc.constantFrom(...zones),
      fc.constantFrom(...trailingKinds),
      (day, hours, zone, kind) => {
        const startMs = (at('2026-01-01T07:00:00Z') + day * dayMs) as EpochMs
        const range = { startMs, endMs: (startMs + hours * hourMs) as EpochMs }
        const rows = [...trailingIn(kind, range, zone)]
        const days = [...periodsIn('day', range, zone)]
        expect(rows.map(({ dayStartMs }) => dayStartMs)).toEqual(days.map((one) => one.startMs))
        for (const { dayStartMs, periods } of rows) {
          const [period, ...more] = periods
          expect(more).toEqual([])
          expect(period!.endMs).toBe(dayStartMs)
          const its = [...periodsIn('day', period!, zone)]
          expect(its).toHaveLength(kind === 'trailing7d' ? 7 : 30)
          expect(its[0]!.startMs).toBe(period!.startMs)
          expect(period!.label).toBe(`${its[0]!.label}/${its.at(-1)!.label}`)
        }
      },
    ),
  )
})

const shown = ({ label, startMs, endMs }: Period): string =>
  `${label}: ${new Date(startMs).toISOString().slice(0, 16)} ${new Date(endMs).toISOString().slice(0, 16)}`

test('days over a change are parts, each by its own local time; the part of a day behind a change is no day', () => {
  const cutMs = at('2026-03-15T02:15:00Z')
  const spans = [
    { fromMs: Number.NEGATIVE_INFINITY as EpochMs, timeZone: 'Asia/Shanghai' },
    { fromMs: cutMs, timeZone: 'Asia/Tokyo' },
  ]
  const range = { startMs: at('2026-03-14T16:00:00Z'), endMs: at('2026-03-16T14:00:00Z') }
  const rows = [...trailingIn('trailing7d', range, spans)]
  expect(rows.map(({ periods }) => periods.map(shown))).toEqual([
    ['2026-03-08/2026-03-14: 2026-03-07T16:00 2026-03-14T16:00'],
    [
      '2026-03-09/2026-03-15T10:15: 2026-03-08T16:00 2026-03-15T02:15',
      '2026-03-15T11:15/2026-03-15: 2026-03-15T02:15 2026-03-15T15:00',
    ],
  ])
  const [part] = rows[1]!.periods
  expect(periodAt('day', part!.startMs, spans).startMs).toBe(part!.startMs)
  expect(localDateOf(part!.startMs, 'Asia/Shanghai').toString()).toBe('2026-03-09')
})
