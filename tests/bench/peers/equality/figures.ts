/** What is counted of one slice in one period. Percentiles are those of Deskpulse's histogram; `null`: nobody replied. */
export type Figures = {
  readonly opened: number
  readonly handled: number
  readonly resolved: number
  readonly replies: number
  readonly sumMs: number
  readonly within: number
  readonly p50Ms: number | null
  readonly p90Ms: number | null
  readonly p99Ms: number | null
}
export type FigureName = keyof Figures

/** By place: `15m 2026-03-02T08:00:00.000Z queue=billing`, `day …`, `window all`, and `now all` for who waits. Where nothing was counted there is no entry. */
export type Places = ReadonlyMap<string, Partial<Figures> | { readonly waiting: number }>

/** The slices that Deskpulse keeps by default, as they are asked for. */
export const slices = [
  'all',
  'queue=*',
  'agent=*',
  'channel=*',
  'class=*',
  'queue=*,channel=*',
  'queue=*,class=*',
] as const

/** Lengths in ms of the periods that are compared. */
export const periods = { '15m': 900_000, day: 86_400_000 } as const
export type Period = keyof typeof periods

export const placeOf = (period: Period, startMs: number, slice: string): string =>
  `${period} ${new Date(startMs).toISOString()} ${slice}`

/** A place at which nothing was counted is told by some and left out by others: here it is left out. */
export function placesFrom(
  entries: Iterable<readonly [string, Partial<Figures> | { readonly waiting: number }]>,
): Places {
  return new Map(
    [...entries].filter(([, figures]) =>
      Object.values(figures).some((value) => value !== 0 && value !== null),
    ),
  )
}

/** The same, as it is for one who counts only these figures, in periods. */
export function claimed(places: Places, names: readonly FigureName[]): Places {
  const ofPeriods = [...places].filter(([place]) =>
    Object.keys(periods).some((period) => place.startsWith(`${period} `)),
  )
  return placesFrom(
    ofPeriods.map(([place, figures]) => {
      const kept = Object.entries(figures).filter(([name]) => names.some((one) => one === name))
      return [place, Object.fromEntries(kept)]
    }),
  )
}
