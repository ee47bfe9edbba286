import { spreadOf } from '../measuring/stats.ts'
import type { Minute, SoakResult } from '../soak/run-soak.ts'
import { countText, numberText, table } from './format.ts'

const processes = ['generator', 'ingest', 'kafka', 'aggregator', 'redis', 'api'] as const
/** Caches fill, and the compiler learns. */
const warmUpMinutes = 2

type Row = { readonly title: string; readonly of: (minute: Minute) => number | null }

const megabytes = (bytes: number | undefined): number | null =>
  bytes === undefined ? null : bytes / 1e6
const rows: readonly Row[] = [
  { title: 'visible after, p50, ms', of: ({ p50Ms }) => p50Ms },
  { title: 'visible after, p99, ms', of: ({ p99Ms }) => p99Ms },
  ...processes.map((name) => ({
    title: `memory of ${name}, MB`,
    of: ({ memoryBytes }: Minute) => megabytes(memoryBytes.get(name)),
  })),
  { title: 'data in Redis, MB', of: ({ storeBytes }) => megabytes(storeBytes) },
]

const textOf = (value: number | null): string => (value === null ? '–' : numberText(value))

/** What is printed as soon as a minute is over. */
export function minuteLine(minute: Minute): string {
  const memory = processes
    .map((name) => `${name} ${textOf(megabytes(minute.memoryBytes.get(name)))}`)
    .join(', ')
  return `minute ${minute.number}: ${countText(minute.events)} events, visible after ${textOf(minute.p50Ms)} ms (p50), ${textOf(minute.p99Ms)} ms (p99), ${countText(minute.lagRecords)} records behind; MB: ${memory}, data in Redis ${textOf(megabytes(minute.storeBytes))}`
}

/** The minutes, and whether the last third of them is like the first. */
export function soakReport({
  perSecond,
  agents,
  minutes,
  sentBytes,
  openings,
}: SoakResult): string {
  const title = `### Soak: ${countText(perSecond)} events/s for ${countText(minutes.length)} minutes`
  const load = `${countText(agents)} agents on shift, simulated time 26 times as fast as time: contacts end as they begin. ${countText(openings)} contacts were opened, and every one was seen.`
  const grows = `Redis keeps days, contacts and customers until they expire, so that its data and its memory grow meanwhile; the log grew by ${numberText(sentBytes / 1e6)} MB of JSON on the broker's disk.`
  return [title, `${load} ${grows}`, verdict(minutes), minutesTable(minutes)].join('\n\n')
}

function minutesTable(minutes: readonly Minute[]): string {
  const head = ['minute', 'events', 'records behind', ...rows.map(({ title }) => title)]
  return table(
    head,
    minutes.map((minute) => [
      String(minute.number),
      countText(minute.events),
      countText(minute.lagRecords),
      ...rows.map(({ of }) => textOf(of(minute))),
    ]),
  )
}

function verdict(minutes: readonly Minute[]): string {
  const counted = minutes.filter(({ number }) => number > warmUpMinutes)
  const third = Math.floor(counted.length / 3)
  if (third === 0)
    return `Too short for a verdict: the first ${warmUpMinutes} minutes are not counted, and three more are the least.`
  const cells = rows.map(({ title, of }) => {
    const median = (part: readonly Minute[]): number | null =>
      medianOf(part.flatMap((minute) => of(minute) ?? []))
    const [first, last] = [median(counted.slice(0, third)), median(counted.slice(-third))]
    const change = first === null || last === null ? '–' : signed(((last - first) * 100) / first)
    const points = counted.flatMap((minute): Place[] => {
      const value = of(minute)
      return value === null ? [] : [[minute.number / 60, value]]
    })
    const slope = slopeOf(points)
    return [title, textOf(first), textOf(last), change, slope === null ? '–' : signed(slope)]
  })
  const head = [
    `after ${warmUpMinutes} minutes, medians`,
    'first third',
    'last third',
    'change, %',
    'slope, per hour',
  ]
  return table(head, cells)
}

const medianOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : spreadOf(values).median
const signed = (value: number): string =>
  value < 0 ? `−${numberText(-value)}` : `+${numberText(value)}`

type Place = readonly [x: number, y: number]

/** Of the straight line that fits best (least squares), y per x; `null`: there are fewer than two places. */
export function slopeOf(places: readonly Place[]): number | null {
  if (places.length < 2) return null
  const mean = (of: (place: Place) => number): number =>
    places.reduce((sum, place) => sum + of(place), 0) / places.length
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)]
  return mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2)
}
