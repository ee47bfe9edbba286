import {
  type EpochMs,
  type Interval,
  isTrailing,
  type LocalTime,
  type Period,
  type PeriodKind,
  periodsIn,
  trailingIn,
  type TrailingKind,
} from '@deskpulse/core/time'
import type { NamedSlice } from './slices.ts'

/** A row that a page may begin with: the period, or the day of a trailing one, that starts then, and the place of the row among those of it. */
export type PageStart = { readonly startMs: EpochMs; readonly place: number }
export type PageRow = {
  readonly at: PageStart
  readonly period: Period
  readonly slice: NamedSlice
}

export function encodeCursor({ startMs, place }: PageStart): string {
  return Buffer.from(`${startMs}.${place}`).toString('base64url')
}

/** `null`: no cursor of ours. */
export function decodeCursor(text: string): PageStart | null {
  const match = /^(-?\d{1,16})\.(\d{1,6})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  return match === null ? null : { startMs: Number(match[1]) as EpochMs, place: Number(match[2]) }
}

/** All rows that are asked for. */
export type PeriodRange = Interval & {
  readonly kind: PeriodKind | TrailingKind
  readonly localTime: LocalTime
  readonly slices: readonly NamedSlice[]
  /** Periods that begin later have no row; `null`: every period of the range has one. */
  readonly begunByMs: EpochMs | null
}

/** The periods that a range asks for, with where each, or the day of a trailing one, starts. */
function* framesIn(
  { kind, localTime, endMs }: PeriodRange,
  startMs: EpochMs,
): Generator<{ readonly startMs: EpochMs; readonly periods: readonly Period[] }> {
  const range = { startMs, endMs }
  if (isTrailing(kind))
    for (const { dayStartMs, periods } of trailingIn(kind, range, localTime))
      yield { startMs: dayStartMs, periods }
  else
    for (const period of periodsIn(kind, range, localTime))
      yield { startMs: period.startMs, periods: [period] }
}

/** The rows of a range from a page's start on, period by period, the slices of each in order. Lazy: a range may hold millions. */
export function* rowsFrom(range: PeriodRange, from: PageStart | null): Generator<PageRow> {
  const { slices, begunByMs } = range
  if (slices.length === 0) return
  let first = from?.place ?? 0
  for (const { startMs, periods } of framesIn(range, from?.startMs ?? range.startMs)) {
    if (begunByMs !== null && startMs > begunByMs) return
    for (let place = first; place < periods.length * slices.length; place += 1) {
      const period = periods[Math.floor(place / slices.length)]!
      yield { at: { startMs, place }, period, slice: slices[place % slices.length]! }
    }
    first = 0
  }
}

/** The range, widened to whole periods. */
export function wholeRange(range: PeriodRange): Interval {
  const { startMs, endMs } = range
  const [first] = framesIn({ ...range, endMs: (startMs + 1) as EpochMs }, startMs)
  const [last] = framesIn(range, (endMs - 1) as EpochMs)
  return {
    startMs: first?.periods[0]?.startMs ?? startMs,
    endMs: last?.periods.at(-1)?.endMs ?? endMs,
  }
}
