import { calendarOf, dateStart, localDateOf } from './calendar.ts'
import { type LocalTime, todayStart, zonedAt, type ZonedInterval, zonedIn } from './local-time.ts'
import { localText, type Period, periodsIn } from './periods.ts'
import { dayMs, type EpochMs, type Interval } from './time.ts'

/** So many local days before a day: by these, marketplaces judge shops. They overlap, so that they are no periods that tile. */
export const trailingKinds = ['trailing7d', 'trailing30d'] as const
export type TrailingKind = (typeof trailingKinds)[number]

const lengths: Readonly<Record<TrailingKind, number>> = { trailing7d: 7, trailing30d: 30 }

export const isTrailing = (kind: string): kind is TrailingKind =>
  trailingKinds.some((one) => one === kind)

/** The trailing period of each local day that `range` touches, by the start of the day; in parts, where another span of local time begins in it. */
export function* trailingIn(
  kind: TrailingKind,
  range: Interval,
  localTime: LocalTime,
): Generator<{ readonly dayStartMs: EpochMs; readonly periods: readonly Period[] }> {
  let last: EpochMs | null = null
  for (const part of periodsIn('day', range, localTime)) {
    const dayStartMs = todayStart(localTime, part.startMs) // A change may have cut the day.
    const { timeZone } = zonedAt(localTime, dayStartMs)
    const isDay = calendarOf(timeZone).dayStart(dayStartMs) === dayStartMs // Else the zone has changed in it.
    if (isDay && dayStartMs !== last)
      yield { dayStartMs, periods: trailingBefore(kind, dayStartMs, localTime) }
    last = dayStartMs
  }
}

/** The days before the local day that begins at `dayStartMs`, in parts where another span of local time begins in them. */
function trailingBefore(kind: TrailingKind, dayStartMs: EpochMs, localTime: LocalTime): Period[] {
  const days = lengths[kind]
  const date = localDateOf(dayStartMs, zonedAt(localTime, dayStartMs).timeZone)
  const first = date.subtract({ days })
  const label = { from: first.toString(), to: date.subtract({ days: 1 }).toString() }
  const around = { startMs: (dayStartMs - (days + 2) * dayMs) as EpochMs, endMs: dayStartMs }
  return [...zonedIn(localTime, around)].flatMap((zoned) =>
    partOf({ kind, startMs: dateStart(first, zoned.timeZone), endMs: dayStartMs }, label, zoned),
  )
}

function partOf(
  whole: Interval & { readonly kind: TrailingKind },
  label: { readonly from: string; readonly to: string },
  { startMs, endMs, timeZone }: ZonedInterval,
): Period[] {
  const part = {
    startMs: Math.max(whole.startMs, startMs) as EpochMs,
    endMs: Math.min(whole.endMs, endMs) as EpochMs,
  }
  if (part.startMs >= part.endMs) return []
  const from = part.startMs > whole.startMs ? localText(part.startMs, timeZone) : label.from
  const to = part.endMs < whole.endMs ? localText(part.endMs, timeZone) : label.to
  return [{ kind: whole.kind, ...part, label: `${from}/${to}` }]
}
