import { type FieldError, problemOf } from '@deskpulse/contract'
import {
  keepsSlice,
  type ParsedSlice,
  parseReadSlice,
  partText,
  type ReadDimension,
  type ReadSlice,
  teamDimension,
} from '@deskpulse/core/measures'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'

type ReadPart = { readonly dimension: ReadDimension; readonly value: string }
export type NamedSlice = { readonly slice: ReadSlice; readonly text: string }

/** How many slices one answer says something of. */
export const slicesMax = 2_000
/** How many a request with stars may come to, where the answer goes on in further pages. */
const expandedMax = 200_000

const star = /=\*(?=,|$)/g
const starred = /^[a-z]+=\*$/
const unknown = (detail: string, error: FieldError) =>
  refused(problemOf('unknown-slice', detail, [error]))

/** Whether what these slices are depends on rosters. */
export const isOfAgents = (texts: readonly string[]): boolean =>
  texts.some((text) => /(?:^|,)(?:agent|team)=/.test(text))

/** Whether any part of a slice's text is `dimension=*`. */
export const hasStar = (text: string): boolean => text.split(',').some((part) => starred.test(part))

/** The slices that a request names, each once, in its order, stars expanded; 400 or 404 at the first that is none. `isPaged`: the answer can go on. */
export function slicesOf(
  texts: readonly string[],
  basis: TenantBasis,
  isPaged: boolean,
): Outcome<readonly NamedSlice[]> {
  const most = isPaged && texts.some(hasStar) ? expandedMax : slicesMax
  const found = new Map<string, NamedSlice>()
  for (const text of texts) {
    const outcome = slicesOfText(text, basis)
    if (!outcome.ok) return outcome
    for (const one of outcome.value) found.set(one.text, one)
    if (found.size > most) return tooMany(most)
  }
  return granted([...found.values()])
}

function tooMany(most: number): Outcome<never> {
  return refused(
    problemOf('bad-request', 'too many slices', [
      { path: 'slice', expected: `at most ${most}`, got: 'more' },
    ]),
  )
}

function slicesOfText(text: string, basis: TenantBasis): Outcome<readonly NamedSlice[]> {
  const parsed = parseReadSlice(text.replace(star, '=%2A')) // As a value, which only tells its dimension.
  if (!parsed.ok) return misread(text, parsed)
  if (!keepsSlice(parsed.slice, basis.config)) return notKept(parsed.slice, basis)
  const stars = new Set(text.split(',').filter((part) => starred.test(part)))
  const parts: readonly ReadPart[] = parsed.slice
  const isStar = ({ dimension }: ReadPart): boolean => stars.has(`${dimension}=*`)
  const foreign = parts.find((part) => !isStar(part) && !basis.knows(part.dimension, part.value))
  if (foreign !== undefined) return withoutSlice(foreign, basis)
  if (stars.size === 0) return granted([parsed])
  const size = parts.reduce(
    (product, part) => product * (isStar(part) ? basis.valuesOf(part.dimension).length : 1),
    1,
  )
  return size > expandedMax ? tooMany(expandedMax) : granted(expanded(parts, isStar, basis))
}

/** `queue=*` is every queue; with two stars, every pair. */
function expanded(
  slice: readonly ReadPart[],
  isStar: (part: ReadPart) => boolean,
  basis: TenantBasis,
): NamedSlice[] {
  let slices: (readonly ReadPart[])[] = [[]]
  for (const part of slice) {
    const values = isStar(part) ? basis.valuesOf(part.dimension) : [part.value]
    slices = slices.flatMap((before) =>
      values.map((value) => [...before, { dimension: part.dimension, value }]),
    )
  }
  return slices.map((parts) => ({
    slice: parts as ReadSlice,
    text: parts.map(({ dimension, value }) => partText(dimension, value)).join(','),
  }))
}

function misread(
  text: string,
  { code, expected, got }: Extract<ParsedSlice, { ok: false }>,
): Outcome<never> {
  const error = { path: 'slice', expected, got }
  if (code === 'unknown-dimension') return unknown(`there is no dimension ${got}`, error)
  return refused(problemOf('bad-request', `not a slice: ${text}`, [error]))
}

function notKept(slice: ReadSlice, { config }: TenantBasis): Outcome<never> {
  const wanted = slice.map(({ dimension }) => dimension).join(',')
  const ofAgents = config.slices.dimensions.includes('agent') ? [teamDimension] : []
  const kept = [
    'all',
    ...config.slices.dimensions,
    ...config.slices.pairs.map((pair) => pair.join(',')),
    ...ofAgents,
  ]
  const how = slice.length > 1 ? ': `slices.pairs` of its configuration says which it keeps' : ''
  return unknown(`the tenant keeps no slices of ${wanted}${how}`, {
    path: 'slice',
    expected: kept.join(' | '),
    got: wanted,
  })
}

function withoutSlice({ dimension, value }: ReadPart, { slices }: TenantBasis): Outcome<never> {
  const expected = `a value that /slices?dimension=${dimension} lists`
  if (dimension === teamDimension)
    return unknown('no agent was ever in a team of that name', {
      path: 'slice',
      expected,
      got: value,
    })
  const why = slices.isFull(dimension)
    ? `${dimension} has no further slices of its own: what is new counts in ${dimension}=other`
    : `no ${dimension} of that name is configured or was ever seen`
  return unknown(why, { path: 'slice', expected, got: value })
}
