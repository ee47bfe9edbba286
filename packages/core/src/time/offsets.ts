import { dayMs, type DurationMs, type EpochMs, type Interval } from './time.ts'

/** A stretch of time in which the zone's offset from UTC stays the same. */
export type OffsetSpan = Interval & { readonly offsetMs: DurationMs }

/** The stretches that make up `[startMs, endMs)`, in order. */
export function* offsetSpans(interval: Interval, timeZone: string): Generator<OffsetSpan> {
  let at = Temporal.Instant.fromEpochMilliseconds(interval.startMs).toZonedDateTimeISO(timeZone)
  while (at.epochMilliseconds < interval.endMs) {
    const next = at.getTimeZoneTransition('next')
    const endMs = Math.min(next?.epochMilliseconds ?? interval.endMs, interval.endMs) as EpochMs
    yield { startMs: at.epochMilliseconds as EpochMs, endMs, offsetMs: at.offsetNanoseconds / 1e6 }
    if (next === null) return
    at = next
  }
}

const spansKeptMax = 16 // A zone changes twice a year at most, but for a few; what is asked lies around now.
const spansOfZones = new Map<string, readonly OffsetSpan[]>() // A memo, not state: latest found first.

/** The whole stretch that holds an instant; it may reach to either infinity. @throws RangeError when the zone is not known. */
export function offsetSpanAt(atMs: EpochMs, timeZone: string): OffsetSpan {
  const kept = spansOfZones.get(timeZone) ?? []
  const known = kept.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
  if (known !== undefined) return known
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone)
  const span: OffsetSpan = {
    startMs: (at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ??
      -Infinity) as EpochMs,
    endMs: (at.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity) as EpochMs,
    offsetMs: at.offsetNanoseconds / 1e6,
  }
  spansOfZones.set(timeZone, [span, ...kept].slice(0, spansKeptMax))
  return span
}

/** The wall-clock times (as if they were UTC) that the zone shows twice around `interval`: half-open. */
export function repeatedLocalTimes(interval: Interval, timeZone: string): readonly Interval[] {
  const around = {
    startMs: (interval.startMs - dayMs) as EpochMs,
    endMs: (interval.endMs + dayMs) as EpochMs,
  }
  const repeated: Interval[] = []
  let before: OffsetSpan | undefined
  for (const span of offsetSpans(around, timeZone)) {
    if (before !== undefined && span.offsetMs < before.offsetMs)
      repeated.push({
        startMs: (span.startMs + span.offsetMs) as EpochMs,
        endMs: (span.startMs + before.offsetMs) as EpochMs,
      })
    before = span
  }
  return repeated
}

/** `+05:45`, `-03:30`. */
export function offsetText(offsetMs: DurationMs): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000))
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
