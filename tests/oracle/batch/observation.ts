import type { Dimension, TenantConfig } from '@deskpulse/core/config'
import {
  type DimensionValues,
  openVocabularies,
  otherValue,
  type ReadSlice,
} from '@deskpulse/core/measures'

import type { OwnValues } from './own-values.ts'
import { agentsIn, dateAt, type Rosters } from './rosters.ts'

/** Something that counts at an instant, for a KPI's numerator, denominator or duration. */
export type Observation = {
  readonly what: string
  readonly atMs: number
  /** A duration in ms, or how often: 1, where it just happened. */
  readonly value: number
  readonly dimensions: DimensionValues
  /** Of what names a period: its end. It counts in whole periods that contain all of it. */
  readonly untilMs?: number
  /** What an appeal can leave out, by its kind and id: `contact/c-1`. */
  readonly of?: string
  /** Of which customer, where that is known. */
  readonly customer?: string
  /** `wide`: not in slices of agents; `agent`: in those alone. */
  readonly scope: 'wide' | 'agent' | 'both'
}

/** Each period of each slice asks for it. */
const byNames = new WeakMap<readonly Observation[], Map<string, Observation[]>>()

/** What was observed under a name. */
export const observedAs = (what: string, all: readonly Observation[]): readonly Observation[] =>
  byNames.getOrInsertComputed(all, () => Map.groupBy(all, (one) => one.what)).get(what) ?? []

/** What names a period counts in those that contain its end, too. `endMs`: of a whole period; `null`: it is none. */
export const isNamedIn = ({ untilMs }: Observation, endMs: number | null): boolean =>
  untilMs === undefined || (endMs !== null && untilMs <= endMs)

/** As what values are counted: the configuration, and the values that have slices of their own, by dimension. */
export type Counting = {
  readonly config: TenantConfig
  readonly own: OwnValues
  readonly rosters: Rosters
}

/** @param rosterMs of whose day the rosters count. */
export function isIn(
  slice: ReadSlice,
  { dimensions, scope }: Pick<Observation, 'dimensions' | 'scope'>,
  counting: Counting,
  rosterMs: number,
): boolean {
  const { config, rosters } = counting
  const agents = agentsIn(slice, dateAt(rosterMs, config), rosters)
  if (scope === 'wide' ? agents !== null : scope === 'agent' && agents === null) return false
  return slice.every(({ dimension, value }) => {
    if (dimension === 'agent' || dimension === 'team') {
      const { agent } = dimensions
      return agent !== undefined && agents!.has(countedAs('agent', agent, counting))
    }
    const given = dimensions[dimension]
    const values = typeof given === 'object' ? given : given === undefined ? [] : [given]
    return values.some((one) => countedAs(dimension, one, counting) === value)
  })
}

type Observed = Counting & { readonly observations: readonly Observation[] }

/** Of each world and slice: every period asks for it. */
const ofOwnDays = new WeakMap<Observed, WeakMap<ReadSlice, readonly Observation[]>>()

/** What counts in a slice. `rosterMs`: by the rosters of that day; `null`: each by those of its own. */
export function observedIn(
  world: Observed,
  slice: ReadSlice,
  rosterMs: number | null,
): readonly Observation[] {
  if (rosterMs !== null)
    return world.observations.filter((one) => isIn(slice, one, world, rosterMs))
  return ofOwnDays
    .getOrInsertComputed(world, () => new WeakMap())
    .getOrInsertComputed(slice, () =>
      world.observations.filter((one) => isIn(slice, one, world, one.atMs)),
    )
}

/** What an open vocabulary does not declare, and what came past the limit of a dimension, counts as `other`. */
function countedAs(dimension: Dimension, value: string, { config, own }: Counting): string {
  if (openVocabularies.has(dimension))
    return (config.slices.values[dimension] ?? []).includes(value) ? value : otherValue
  const known = own.get(dimension)
  return known === undefined || value === 'none' || value === 'unknown' || known.has(value)
    ? value
    : otherValue
}
