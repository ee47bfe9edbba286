import type { Clock, TenantConfig } from '../config/tenant-config.ts'
import type { Measure } from '../measures/measure.ts'
import { exactSum, sumDurations } from '../measures/merged.ts'
import type { ReadSlice } from '../slices/slice.ts'
import type { Kpi, Reading } from './kpi.ts'
import { classOfSlice } from './target.ts'

/** `class`: each contact on the clock of its class, where a slice may hold several of them. */
export type ShownClock = Clock | 'class'

/**
 * The clock that a value is of. Asked for none, it is that of the slice's class; where no calendar is configured all clocks are the calendar.
 * `null`: no clock runs in the KPI.
 */
export function clockOf(
  kpi: Kpi,
  asked: Clock | null,
  { slice, config }: Pick<Reading, 'slice' | 'config'>,
): ShownClock | null {
  if (!kpi.clocked) return null
  const isOnBoth =
    kpi.measures.some(({ shifts }) => shifts !== undefined) ||
    kpi.open.some(({ isAged }) => isAged === true)
  if (!isOnBoth) return 'calendar'
  return asked ?? usualClock(slice, config)
}

function usualClock(
  slice: ReadSlice,
  { calendar, queueCalendars, clock, channelClasses }: TenantConfig,
): ShownClock {
  if (calendar === null && Object.keys(queueCalendars).length === 0) return 'calendar'
  const channelClass = classOfSlice(slice, { channelClasses })
  if (channelClass === 'voice') return 'calendar'
  if (channelClass !== null) return clock[channelClass]
  return clock.live === 'calendar' && clock.deferred === 'calendar' ? 'calendar' : 'class' // Calls never run on business time.
}

/** The same reading with every measure on one clock. */
export function onClock(reading: Reading, clock: ShownClock | null): Reading {
  if (clock === null || clock === 'class') return reading
  const shiftOf = ({ shifts }: Measure): Measure | undefined => shifts?.[clock]
  return {
    ...reading,
    count: (measure) => {
      const shift = shiftOf(measure)
      const count = reading.count(measure)
      return shift === undefined ? count : exactSum(count, reading.count(shift))
    },
    duration: (measure) => {
      const shift = shiftOf(measure)
      const duration = reading.duration(measure)
      return shift === undefined ? duration : sumDurations(duration, reading.duration(shift))
    },
  }
}
