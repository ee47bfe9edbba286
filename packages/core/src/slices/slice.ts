import { type Dimension, dimensions } from '../config/tenant-config.ts'
import { decodeId, encodeId } from '../state/keys.ts'

/** What a slice fixes: no dimension (`all`), one, or two, in the order of `dimensions`. */
export type SlicePart = { readonly dimension: Dimension; readonly value: string }
export type Slice = readonly SlicePart[]

/** A team is read, not counted: a slice of it stands for those of its agents. */
export const teamDimension = 'team'
export type ReadDimension = Dimension | typeof teamDimension
/** What can be asked for: a slice that is counted, or a team alone. */
export type ReadSlice =
  Slice | readonly [{ readonly dimension: typeof teamDimension; readonly value: string }]

/** The team that a slice is of; `null`: of none. */
export function teamOf(slice: ReadSlice): string | null {
  const [first] = slice
  return first?.dimension === teamDimension ? first.value : null
}

export const allText = 'all'
const partsMax = 2

/** Values that an open vocabulary does not declare, and those past the limit of a limited dimension (`ValueLimit`). */
export const otherValue = 'other'
/** Dimensions whose values anyone can invent: what `slices.values` does not list counts as `other`. */
export const openVocabularies: ReadonlySet<Dimension> = new Set([
  'topic',
  'intent',
  'shop',
  'skill',
  'priority',
])

const rankOf = new Map<string, number>(dimensions.map((dimension, rank) => [dimension, rank]))
export const dimensionRank = (dimension: Dimension): number => rankOf.get(dimension)!
const isDimension = (text: string): text is Dimension => rankOf.has(text)

export const partText = (dimension: ReadDimension, value: string): string =>
  `${dimension}=${encodeId(value)}`

/** Canonical text: `all`, `queue=billing`, `queue=billing,channel=chat`; values percent-encoded, parts in the order of `dimensions`. */
export function sliceText(slice: ReadSlice): string {
  if (slice.length === 0) return allText
  const team = teamOf(slice)
  if (team !== null) return partText(teamDimension, team)
  const ordered = (slice as Slice).toSorted(
    (a, b) => dimensionRank(a.dimension) - dimensionRank(b.dimension),
  )
  return ordered.map((part) => partText(part.dimension, part.value)).join(',')
}

export const sliceErrorCodes = [
  'empty',
  'too-many-dimensions',
  'no-value',
  'star',
  'unknown-dimension',
  'team-in-pair',
  'repeated-dimension',
  'bad-encoding',
] as const
export type SliceErrorCode = (typeof sliceErrorCodes)[number]

/** `text` is the canonical one, whichever order or encoding was read. `got`: the part at fault. */
export type ParsedSlice = Parsed<Slice>
type Parsed<Of> =
  | { readonly ok: true; readonly slice: Of; readonly text: string }
  | {
      readonly ok: false
      readonly code: SliceErrorCode
      readonly expected: string
      readonly got: string
    }

type Misread = Extract<ParsedSlice, { ok: false }>
const refuse = (code: SliceErrorCode, expected: string, got: string): Misread => ({
  ok: false,
  code,
  expected,
  got,
})

function decoded(text: string): string | null {
  try {
    return decodeId(text)
  } catch {
    return null
  }
}

/** Reads the text of a slice that is asked for: also of a team, which stands alone. */
export function parseReadSlice(text: string): Parsed<ReadSlice> {
  const parts = text.split(',')
  const teams = parts.filter((part) => part === teamDimension || part.startsWith('team='))
  if (teams.length === 0) {
    const parsed = parseSlice(text)
    if (parsed.ok || parsed.code !== 'unknown-dimension') return parsed
    return { ...parsed, expected: `${parsed.expected} | ${teamDimension}` }
  }
  if (parts.length > 1) return refuse('team-in-pair', 'team=name alone: a team is in no pair', text)
  const value = valueIn(text, teamDimension)
  if (typeof value !== 'string') return value
  const slice = [{ dimension: teamDimension, value }] as const
  return { ok: true, slice, text: sliceText(slice) }
}

/** What a part says behind its dimension. */
function valueIn(part: string, dimension: ReadDimension): string | Misread {
  const text = part.slice(dimension.length + 1)
  if (text === '') return refuse('no-value', `${dimension}=value`, part)
  if (text === '*')
    return refuse('star', `${dimension}=value: a star is every value (one in a value is %2A)`, part)
  return (
    decoded(text) ??
    refuse('bad-encoding', 'a percent sign and two hexadecimal digits, in UTF-8', part)
  )
}

/** Reads a slice's text, its parts in any order. Whether the tenant keeps such a slice is `keepsSlice`'s question; what a star stands for, the caller's. */
export function parseSlice(text: string): ParsedSlice {
  if (text === '') return refuse('empty', 'all, or dimension=value', text)
  if (text === allText) return { ok: true, slice: [], text }
  const parts = text.split(',')
  if (parts.length > partsMax)
    return refuse('too-many-dimensions', `at most ${partsMax} dimensions`, text)
  const slice: SlicePart[] = []
  for (const part of parts) {
    const equals = part.indexOf('=')
    const dimension = equals < 0 ? part : part.slice(0, equals)
    if (!isDimension(dimension)) {
      const why = dimension === teamDimension ? ': a team is read, nothing is counted in it' : ''
      return refuse('unknown-dimension', dimensions.join(' | ') + why, dimension)
    }
    const value = valueIn(part, dimension)
    if (typeof value !== 'string') return value
    if (slice.some((other) => other.dimension === dimension))
      return refuse('repeated-dimension', 'each dimension once', part)
    slice.push({ dimension, value })
  }
  slice.sort((a, b) => dimensionRank(a.dimension) - dimensionRank(b.dimension))
  return { ok: true, slice, text: sliceText(slice) }
}
