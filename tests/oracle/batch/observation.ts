import { type Dimension, openVocabularies, otherValue, type FactDimensions, type Slice, type TenantConfig } from '@deskpulse/core'

/** Something that counts at an instant, for a KPI's numerator, denominator or duration. */
export type Observation = {
  readonly what: string
  readonly atMs: number
  /** A duration in ms, or how often: 1, where it just happened. */
  readonly value: number
  readonly dimensions: FactDimensions
  /** `wide`: not in slices of agents; `agent`: in those alone. */
  readonly scope: 'wide' | 'agent' | 'both'
}

export function isIn(slice: Slice, { dimensions, scope }: Pick<Observation, 'dimensions' | 'scope'>, config: TenantConfig): boolean {
  const namesAgent = slice.some(({ dimension }) => dimension === 'agent')
  if (scope === 'wide' ? namesAgent : scope === 'agent' && !namesAgent) return false
  return slice.every(({ dimension, value }) => {
    const given = dimensions[dimension]
    return typeof given === 'object' ? given.includes(value) : given !== undefined && countedAs(dimension, given, config) === value
  })
}

/** Open vocabularies: what is not declared counts as `other`. */
function countedAs(dimension: Dimension, value: string, config: TenantConfig): string {
  if (!openVocabularies.has(dimension)) return value
  return (config.slices.values[dimension] ?? []).includes(value) ? value : otherValue
}
