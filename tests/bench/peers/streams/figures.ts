import { percentile } from '@deskpulse/core/measures'
import { placeOf, placesFrom, type Figures, type Period, type Places } from '../equality/figures.ts'

/** A line of `/dump/{tenant}`: what is counted in one slice and bucket, or who waits in a slice. */
type Line = Counted | { readonly key: string; readonly waiting: number }
type Counted = {
  /** `slice|m|start`: minute, `s` quarter-hour, `d` day; the start in minutes since 1970. */
  readonly key: string
  readonly opened: number
  readonly handled: number
  readonly resolved: number
  readonly replies: number
  readonly sumMs: number
  readonly within: number
  /** Of the histogram, number and count of each in turn. */
  readonly bins: readonly number[]
}

const minuteMs = 60_000
const periodOf: Readonly<Record<string, Period>> = { s: '15m', d: 'day' }

/** What a peer on Kafka Streams has counted of a tenant; its minutes from `windowStartMs` on as one window. */
export function figuresOfDump(text: string, windowStartMs: number): Places {
  const found: [string, Figures | { readonly waiting: number }][] = []
  const minutes: (Counted & { readonly slice: string })[] = []
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const one = JSON.parse(line) as Line
    const [slice = '', bucket = '', start = ''] = one.key.split('|')
    const period = periodOf[bucket]
    if ('waiting' in one) found.push([`now ${slice}`, { waiting: one.waiting }])
    else if (period !== undefined)
      found.push([placeOf(period, Number(start) * minuteMs, slice), figuresOf([one])])
    else if (Number(start) * minuteMs >= windowStartMs) minutes.push({ ...one, slice })
  }
  const windows = Map.groupBy(minutes, ({ slice }) => slice)
  return placesFrom([
    ...found,
    ...windows.entries().map(([slice, all]) => [`window ${slice}`, figuresOf(all)] as const),
  ])
}

function figuresOf(all: readonly Counted[]): Figures {
  const total = (name: Exclude<keyof Counted, 'key' | 'bins'>): number =>
    all.reduce((sum, one) => sum + one[name], 0)
  const counts = new Map<number, number>()
  for (const { bins } of all) {
    for (let at = 0; at < bins.length; at += 2)
      counts.set(bins[at]!, (counts.get(bins[at]!) ?? 0) + bins[at + 1]!)
  }
  const sorted = [...counts].toSorted(([a], [b]) => a - b)
  const histogram = {
    bins: sorted.map(([bin]) => bin),
    counts: sorted.map(([, count]) => count),
    total: total('replies'),
  }
  return {
    opened: total('opened'),
    handled: total('handled'),
    resolved: total('resolved'),
    replies: histogram.total,
    sumMs: total('sumMs'),
    within: total('within'),
    p50Ms: percentile(histogram, 50),
    p90Ms: percentile(histogram, 90),
    p99Ms: percentile(histogram, 99),
  }
}
