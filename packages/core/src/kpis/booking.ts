import type { Measure } from '../measures/measure.ts'
import type { Kpi, Reading } from './kpi.ts'

/** Where what begins and ends counts: in the bucket of its end (or of what else the KPI counts), or in that of its entry. */
export const bookings = ['event', 'entry'] as const
export type Booking = (typeof bookings)[number]

/** How a value is booked. `null`: the KPI has one way alone. */
export function bookingOf({ measures }: Kpi, asked: Booking): Booking | null {
  return measures.some(({ atEntry }) => atEntry !== undefined) ? asked : null
}

/** The measure that a reading of this booking takes. */
export const measureBy = (measure: Measure, by: Booking | null | undefined): Measure =>
  by === 'entry' ? (measure.atEntry ?? measure) : measure

/** The same reading with every measure booked so. */
export function booked(reading: Reading, by: Booking | null): Reading {
  if (by !== 'entry') return reading
  return {
    ...reading,
    count: (measure) => reading.count(measureBy(measure, by)),
    duration: (measure) => reading.duration(measureBy(measure, by)),
    lastBefore: (measure) => reading.lastBefore(measureBy(measure, by)),
  }
}
