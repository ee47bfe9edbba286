import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endsInZone, periodStarts } from './period-starts.ts'
import { closedKinds, periodAt } from './periods.ts'
import type { EpochMs } from './time.ts'

const zones = [
  ...['UTC', 'Asia/Shanghai', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/New_York'],
  ...['Australia/Lord_Howe', 'Europe/Berlin', 'Africa/Monrovia'],
]
/** Around changes of the clocks, ends of years, and anywhere since hours are whole quarter-hours everywhere: in Liberia since January 1972. */
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(1972, 1), max: Date.UTC(2040, 0) }),
  fc
    .tuple(
      fc.constantFrom(Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25), Date.UTC(2027, 0, 1)),
      fc.integer({ min: -172_800_000, max: 172_800_000 }),
    )
    .map(([around, offsetMs]) => around + offsetMs),
)

test('each period begins and ends where the one of its kind does that holds the instant, however often and in whatever order it is asked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(instant, fc.constantFrom(...zones)), { maxLength: 12 }),
      (asked) => {
        for (const [ms, zone] of [...asked, ...asked.toReversed()]) {
          const atMs = ms as EpochMs
          const [starts, ends] = [periodStarts(atMs, zone), endsInZone(atMs, zone)]
          for (const kind of closedKinds) {
            const { startMs, endMs } = periodAt(kind, atMs, zone)
            expect([starts[kind], ends[kind]], `${kind} ${zone} ${atMs}`).toEqual([startMs, endMs])
          }
        }
      },
    ),
  )
})
