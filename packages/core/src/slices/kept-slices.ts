import type { Dimension, TenantConfig } from '../config/tenant-config.ts'
import type { DimensionValues, CreditScope } from '../measures/measure.ts'
import {
  allText,
  dimensionRank,
  openVocabularies,
  otherValue,
  partText,
  type ReadSlice,
  teamOf,
} from './slice.ts'

/** Which slices a configuration keeps, made ready for credits: each entry is the dimensions of one kind of slice, in canonical order. */
export type KeptSlices = {
  readonly kinds: readonly (readonly Dimension[])[]
  /** Dimensions that any kind names, in canonical order. */
  readonly dimensions: readonly Dimension[]
  readonly declared: Readonly<Partial<Record<Dimension, ReadonlySet<string>>>>
}

/** What appeals leave out has a slice beside each of an agent. */
export function keptSlices(config: TenantConfig): KeptSlices {
  const kinds = new Map<string, readonly Dimension[]>()
  const keep = (...kind: readonly Dimension[]): void => {
    const ordered = [...new Set(kind)].sort((a, b) => dimensionRank(a) - dimensionRank(b))
    kinds.set(ordered.join(','), ordered)
    if (ordered.includes('agent'))
      keep(...ordered.map((dimension) => (dimension === 'agent' ? 'appeal' : dimension)))
  }
  for (const dimension of config.slices.dimensions) keep(dimension)
  for (const pair of config.slices.pairs) keep(...pair)
  const named = [...new Set([...kinds.values()].flat())].sort(
    (a, b) => dimensionRank(a) - dimensionRank(b),
  )
  const declared: Partial<Record<Dimension, ReadonlySet<string>>> = {}
  for (const dimension of named)
    if (openVocabularies.has(dimension))
      declared[dimension] = new Set(config.slices.values[dimension])
  return { kinds: [...kinds.values()], dimensions: named, declared }
}

/** As what a value of a limited dimension is counted: itself, or `other`. */
export type CountedAs = (dimension: Dimension, value: string) => string

const itself: CountedAs = (_, value) => value

/** The values under which something is counted in a dimension: none, one, or (an agent's queues) several, each once. */
function valuesOf(
  credit: DimensionValues,
  dimension: Dimension,
  kept: KeptSlices,
  countedAs: CountedAs,
): readonly string[] {
  const given = credit[dimension]
  if (given === undefined || given === '') return []
  if (typeof given !== 'string')
    return [...new Set(given.map((value) => countedAs(dimension, value)))]
  const declared = kept.declared[dimension]
  return declared === undefined || declared.has(given)
    ? [countedAs(dimension, given)]
    : [otherValue]
}

/** All kept slices that what has this credit falls in, as canonical texts. Without a dimension it is in no slice of that; `all` has no dimension to miss. */
export function slicesOfKept(
  credit: DimensionValues,
  scope: CreditScope,
  kept: KeptSlices,
  countedAs: CountedAs,
): string[] {
  const texts: string[] = scope === 'agent' ? [] : [allText]
  for (const kind of kept.kinds) {
    const hasAgent = kind.includes('agent') || kind.includes('appeal')
    if ((scope === 'wide' && hasAgent) || (scope === 'agent' && !hasAgent)) continue
    let parts = ['']
    for (const dimension of kind) {
      const values = valuesOf(credit, dimension, kept, countedAs)
      parts = parts.flatMap((left) =>
        values.map((value) => (left === '' ? '' : `${left},`) + partText(dimension, value)),
      )
    }
    texts.push(...parts)
  }
  return texts
}

/** The same, where every value has a slice of its own. */
export function slicesOf(
  credit: DimensionValues,
  scope: CreditScope,
  config: TenantConfig,
): string[] {
  return slicesOfKept(credit, scope, keptSlices(config), itself)
}

/** Whether the tenant keeps slices of these dimensions; of a team, those of agents. `all` is always kept. */
export function keepsSlice(slice: ReadSlice, config: TenantConfig): boolean {
  if (slice.length === 0) return true
  if (teamOf(slice) !== null) return config.slices.dimensions.includes('agent')
  const wanted = slice.map((part) => part.dimension).join(',')
  return keptSlices(config).kinds.some((kind) => kind.join(',') === wanted)
}
