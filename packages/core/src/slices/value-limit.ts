import type { Dimension, TenantConfig } from '../config/tenant-config.ts'
import { otherValue } from './slice.ts'
import type { SliceTable } from './slice-table.ts'

/** Dimensions whose values any source can invent, and which keep each of them up to a limit. */
export const limitedDimensions = [
  'queue',
  'agent',
  'channel',
] as const satisfies readonly Dimension[]
export type LimitedDimension = (typeof limitedDimensions)[number]

const limited: ReadonlySet<string> = new Set(limitedDimensions)
export const isLimited = (dimension: Dimension): dimension is LimitedDimension =>
  limited.has(dimension)

/** Values that folds make where the source names none. They have slices of their own, and are not counted: no source invents them. */
const foldsOwn: ReadonlySet<string> = new Set(['none', 'unknown', otherValue])

/** A dimension with more than this share of its values taken is nearly full. */
export const nearlyFullShare = 0.8

/** Of the values that came past a limit so many are remembered by name. */
export const pastValuesMax = 100

/** Where a value counts: it has a slice of its own; it may have one from now on; it counts as `other`; it does, as one of the first, from now on. */
export type Placed = 'own' | 'new' | 'other' | 'first-other'

/**
 * Which values of the limited dimensions have slices of their own. Decided once for each value, where the log names it first:
 *
 * - A value that has a slice keeps it. A configured one has it from the configuration's entry on.
 * - Others get one while the dimension has fewer than `valuesMax`.
 * - The first that finds no room makes the dimension full for good: from then on none that is new gets one, whatever the limit becomes. So what counts is taken
 *   back from the slice that it was added to. To give slices to what came too late, the state is made again from the log under a larger limit.
 */
export class ValueLimit {
  readonly #own = new Map<LimitedDimension, Set<string>>()
  readonly #reserved = new Map<LimitedDimension, Set<string>>()
  readonly #past = new Map<LimitedDimension, Set<string>>()
  #valuesMax: number | null

  constructor({ valuesMax, reserved, past }: Pick<SliceTable, 'valuesMax' | 'reserved' | 'past'>) {
    this.#valuesMax = valuesMax
    for (const dimension of limitedDimensions) {
      if (past[dimension] !== undefined) this.#past.set(dimension, new Set(past[dimension]))
      for (const value of reserved[dimension] ?? []) this.#reserve(dimension, value)
    }
  }

  /** `null`: no configuration was met yet. */
  get valuesMax(): number | null {
    return this.#valuesMax
  }

  /** How many values have slices of their own, but for those that no source names. */
  count(dimension: LimitedDimension): number {
    return this.#own.get(dimension)?.size ?? 0
  }

  /** The first values that count as `other`; empty: none does. */
  past(dimension: LimitedDimension): ReadonlySet<string> {
    return this.#past.get(dimension) ?? none
  }

  /** A configuration of the tenant: the largest limit that any of them named is in force. @returns whether that changed anything. */
  configure({ sliceValuesMax, slices }: Pick<TenantConfig, 'sliceValuesMax' | 'slices'>): boolean {
    const before = this.#valuesMax
    this.#valuesMax = Math.max(before ?? 0, sliceValuesMax)
    let changed = before !== this.#valuesMax
    for (const dimension of limitedDimensions) {
      if (this.#past.has(dimension)) continue
      for (const value of slices.values[dimension] ?? [])
        changed = this.#reserve(dimension, value) || changed
    }
    return changed
  }

  /** A slice of the value exists. */
  keep(dimension: LimitedDimension, value: string): void {
    if (!foldsOwn.has(value)) madeIn(this.#own, dimension).add(value)
  }

  /** Whether the dimension is full and the value came too late. */
  isOther(dimension: LimitedDimension, value: string): boolean {
    return this.#past.has(dimension) && !this.#isOwn(dimension, value)
  }

  place(dimension: LimitedDimension, value: string): Placed {
    if (this.#isOwn(dimension, value)) return 'own'
    const past = this.#past.get(dimension)
    if (past === undefined && this.count(dimension) < (this.#valuesMax ?? Infinity)) return 'new'
    if (past !== undefined && (past.size >= pastValuesMax || past.has(value))) return 'other'
    madeIn(this.#past, dimension).add(value)
    return 'first-other'
  }

  store(): Pick<SliceTable, 'valuesMax' | 'reserved' | 'past'> {
    return {
      valuesMax: this.#valuesMax,
      reserved: listsOf(this.#reserved),
      past: listsOf(this.#past),
    }
  }

  #isOwn(dimension: LimitedDimension, value: string): boolean {
    return foldsOwn.has(value) || this.#own.get(dimension)?.has(value) === true
  }

  #reserve(dimension: LimitedDimension, value: string): boolean {
    const reserved = madeIn(this.#reserved, dimension)
    if (reserved.has(value)) return false
    reserved.add(value)
    this.keep(dimension, value)
    return true
  }
}

const none: ReadonlySet<string> = new Set()

type Sets = Map<LimitedDimension, Set<string>>

function madeIn(sets: Sets, dimension: LimitedDimension): Set<string> {
  let set = sets.get(dimension)
  if (set === undefined) sets.set(dimension, (set = new Set()))
  return set
}

const listsOf = (sets: Sets): Partial<Record<LimitedDimension, readonly string[]>> =>
  Object.fromEntries([...sets].map(([dimension, values]) => [dimension, [...values]]))
