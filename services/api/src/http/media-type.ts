const offered = ['application/json', 'text/csv'] as const
export type MediaType = (typeof offered)[number]

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

/** What `Accept` prefers; JSON when it says nothing or likes both the same; `null`: neither. */
export function preferredType(accept: string | undefined): MediaType | null {
  if (accept === undefined || accept.trim() === '') return 'application/json'
  const ranges = rangesOf(accept)
  const [json, csv] = [qualityOf('application/json', ranges), qualityOf('text/csv', ranges)]
  if (json === 0 && csv === 0) return null
  return csv > json ? 'text/csv' : 'application/json'
}

/** What is asked for: by `format`, else by `Accept`; `null`: neither JSON nor CSV. */
export function askedType(
  format: 'json' | 'csv' | undefined,
  accept: string | undefined,
): MediaType | null {
  if (format === undefined) return preferredType(accept)
  return format === 'csv' ? 'text/csv' : 'application/json'
}
