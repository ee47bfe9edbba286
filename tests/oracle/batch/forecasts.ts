import type { CanonicalEvent } from '@deskpulse/core/events'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'

const [minute, day] = [60_000n, 86_400_000]

/** What was expected, minute by minute: of each queue and interval what was told last, spread evenly. Contacts in millionths, times in ms. */
export function forecastObservations(
  events: readonly CanonicalEvent[],
  asOfMs: number,
): Observation[] {
  const all = events.filter(({ type }) => type === 'workload.forecast')
  const intervals = Map.groupBy(timelineOf(all), ({ data }) =>
    JSON.stringify([data.queue, timeOf(data, 'start'), timeOf(data, 'end')]),
  )
  return [...intervals.values()].flatMap((told) => ofForecast(told.at(-1)!, asOfMs))
}

const timeOf = (data: CanonicalEvent['data'], field: 'start' | 'end'): number =>
  Date.parse(data[field] as string)

function ofForecast({ timeMs, data }: CanonicalEvent, asOfMs: number): Observation[] {
  const [startMs, endMs] = [timeOf(data, 'start'), timeOf(data, 'end')]
  const isOutOfReach = startMs - timeMs > 366 * day || timeMs - endMs > 35 * day
  if (isOutOfReach || endMs - startMs > 31 * day) return []
  const { offered, averageHandleMs, agents } = data as Record<string, number | undefined>
  const totals: readonly (readonly [what: string, total: number])[] = [
    ['forecast', offered! * 1_000_000],
    ...(averageHandleMs === undefined
      ? []
      : [['forecast-work', offered! * averageHandleMs] as const]),
    ...(agents === undefined ? [] : [['forecast-agents', agents * (endMs - startMs)] as const]),
  ]
  return totals
    .flatMap(([what, total]) =>
      minutesOf(BigInt(startMs), BigInt(endMs)).map(([fromMs, share]) => ({
        what,
        atMs: Number(fromMs),
        value: Number(share(BigInt(Math.round(total)))),
        dimensions: { queue: data.queue! },
        scope: 'both' as const,
      })),
    )
    .filter(({ atMs }) => atMs <= asOfMs)
}

/** Each minute of an interval from where it is in it, with its share of a total: of all up to its end what the minutes before did not have, rounded down. */
function minutesOf(
  startMs: bigint,
  endMs: bigint,
): (readonly [fromMs: bigint, share: (total: bigint) => bigint])[] {
  const cuts = [startMs]
  for (let cut = (startMs / minute + 1n) * minute; cut < endMs; cut += minute) cuts.push(cut)
  return cuts.map((fromMs, place) => {
    const toMs = cuts[place + 1] ?? endMs
    const upTo = (total: bigint, atMs: bigint): bigint =>
      (total * (atMs - startMs)) / (endMs - startMs)
    return [fromMs, (total: bigint) => upTo(total, toMs) - upTo(total, fromMs)] as const
  })
}
