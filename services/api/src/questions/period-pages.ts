import {
  type EpochMs,
  type Interval,
  type LocalTime,
  type Period,
  type PeriodKind,
  periodsIn,
} from '@deskpulse/core/time'
import type { NamedSlice } from './slices.ts'

/** A row that a page begins with: the period that starts then, and the place of the slice among those asked for. */
export type PageStart = { readonly startMs: EpochMs; readonly slice: number }
export type PageRow = { readonly period: Period; readonly slice: NamedSlice }

export function encodeCursor({ startMs, slice }: PageStart): string {
  return Buffer.from(`${startMs}.${slice}`).toString('base64url')
}

/** `null`: no cursor of ours. */
export function decodeCursor(text: string): PageStart | null {
  const match = /^(-?\d{1,16})\.(\d{1,6})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  return match === null ? null : { startMs: Number(match[1]) as EpochMs, slice: Number(match[2]) }
}

/** All rows that are asked for. */
export type PeriodRange = Interval & {
  readonly kind: PeriodKind
  readonly localTime: LocalTime
  readonly slices: readonly NamedSlice[]
  /** Periods that begin later have no row; `null`: every period of the range has one. */
  readonly begunByMs: EpochMs | null
}

/** The rows of a range from a page's start on, period by period, the slices of each in order. Lazy: a range may hold millions. */
export function* rowsFrom(
  { kind, startMs, endMs, localTime, slices, begunByMs }: PeriodRange,
  from: PageStart | null,
): Generator<PageRow> {
  if (slices.length === 0) return
  let first = from?.slice ?? 0
  for (const period of periodsIn(kind, { startMs: from?.startMs ?? startMs, endMs }, localTime)) {
    if (begunByMs !== null && period.startMs > begunByMs) return
    for (const slice of slices.slice(first)) yield { period, slice }
    first = 0
  }
}

/** The range, widened to whole periods. */
export function wholeRange({ kind, startMs, endMs, localTime }: PeriodRange): Interval {
  const [first] = periodsIn(kind, { startMs, endMs: (startMs + 1) as EpochMs }, localTime)
  const [last] = periodsIn(kind, { startMs: (endMs - 1) as EpochMs, endMs }, localTime)
  return { startMs: first?.startMs ?? startMs, endMs: last?.endMs ?? endMs }
}
