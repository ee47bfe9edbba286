/** By the word that `format` takes. The first one is preferred where a client likes several the same. */
const types = {
  json: 'application/json',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
export type Format = keyof typeof types
export type MediaType = (typeof types)[Format]

/** What an answer can be sent as: most of them as either. */
export const jsonOrCsv = [types.json, types.csv] as const
/** Tables that people go on with by hand are workbooks, too. */
export const jsonOrTable = [...jsonOrCsv, types.xlsx] as const

type Range = { readonly type: string; readonly quality: number }

function rangesOf(accept: string): Range[] {
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase())
    const quality = parameters.find((one) => one.startsWith('q='))?.slice(2)
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 }
  })
}

/** How specific a range is for a type: 0 = not at all. */
function fit(range: string, type: MediaType): number {
  if (range === type) return 3
  if (range === `${type.split('/')[0]}/*`) return 2
  return range === '*/*' ? 1 : 0
}

function qualityOf(type: MediaType, ranges: readonly Range[]): number {
  const best = ranges.toSorted((a, b) => fit(b.type, type) - fit(a.type, type))[0]
  return best === undefined || fit(best.type, type) === 0 ? 0 : best.quality
}

/** Which of the offered types `Accept` prefers; the first one when it says nothing or likes several the same; `null`: none. */
export function preferredType<Offered extends MediaType>(
  accept: string | undefined,
  offered: readonly [Offered, ...Offered[]],
): Offered | null {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = rangesOf(accept)
  const liked = offered.map((type) => ({ type, quality: qualityOf(type, ranges) }))
  const best = liked.reduce((a, b) => (b.quality > a.quality ? b : a))
  return best.quality === 0 ? null : best.type
}

/** What is asked for: by `format`, else by `Accept`; `null`: nothing that is offered. */
export function askedType<Offered extends MediaType>(
  format: Format | undefined,
  accept: string | undefined,
  offered: readonly [Offered, ...Offered[]],
): Offered | null {
  if (format === undefined) return preferredType(accept, offered)
  return offered.find((type) => type === types[format]) ?? null
}
