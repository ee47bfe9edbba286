import { type Dimension, dimensions } from '../config/tenant-config.ts'
import { decodeId, encodeId } from '../state/keys.ts'

/** What a slice fixes: no dimension (`all`), one, or two, in the order of `dimensions`. */
export type SlicePart = { readonly dimension: Dimension; readonly value: string }
export type Slice = readonly SlicePart[]

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

export const partText = (dimension: Dimension, value: string): string =>
  `${dimension}=${encodeId(value)}`

/** Canonical text: `all`, `queue=billing`, `queue=billing,channel=chat`; values percent-encoded, parts in the order of `dimensions`. */
export function sliceText(slice: Slice): string {
  if (slice.length === 0) return allText
  const ordered = slice.toSorted((a, b) => dimensionRank(a.dimension) - dimensionRank(b.dimension))
  return ordered.map((part) => partText(part.dimension, part.value)).join(',')
}

export const sliceErrorCodes = [
  'empty',
  'too-many-dimensions',
  'no-value',
  'star',
  'unknown-dimension',
  'repeated-dimension',
  'bad-encoding',
] as const
export type SliceErrorCode = (typeof sliceErrorCodes)[number]

/** `text` is the canonical one, whichever order or encoding was read. `got`: the part at fault. */
export type ParsedSlice =
  | { readonly ok: true; readonly slice: Slice; readonly text: string }
  | {
      readonly ok: false
      readonly code: SliceErrorCode
      readonly expected: string
      readonly got: string
    }

const refuse = (code: SliceErrorCode, expected: string, got: string): ParsedSlice => ({
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
    if (!isDimension(dimension))
      return refuse('unknown-dimension', dimensions.join(' | '), dimension)
    if (equals < 0 || equals === part.length - 1)
      return refuse('no-value', `${dimension}=value`, part)
    if (part.slice(equals + 1) === '*')
      return refuse(
        'star',
        `${dimension}=value: a star is every value (one in a value is %2A)`,
        part,
      )
    const value = decoded(part.slice(equals + 1))
    if (value === null)
      return refuse('bad-encoding', 'a percent sign and two hexadecimal digits, in UTF-8', part)
    if (slice.some((other) => other.dimension === dimension))
      return refuse('repeated-dimension', 'each dimension once', part)
    slice.push({ dimension, value })
  }
  slice.sort((a, b) => dimensionRank(a.dimension) - dimensionRank(b.dimension))
  return { ok: true, slice, text: sliceText(slice) }
}
