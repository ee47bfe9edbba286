import type { Dimension, TenantConfig } from '../config/tenant-config.ts'
import { numberOf } from '../measures/dimension-set.ts'
import type { DimensionValues, CreditScope } from '../measures/measure.ts'
import { type KeptSlices, keptSlices, slicesOfKept } from './kept-slices.ts'
import { otherValue, parseSlice, partText } from './slice.ts'
import { decodeSliceTable, emptySliceTable, encodeSliceTable } from './slice-table.ts'
import { isLimited, type LimitedDimension, type Placed, ValueLimit } from './value-limit.ts'

export const sliceLimits = { memoEntriesMax: 50_000 } as const

/** The slices of one tenant: canonical text ↔ number. Numbers are given in the order of the log, from 0, and are never taken back. */
export type SliceIndex = {
  /** Numbers of all kept slices that what has this credit falls in, new ones interned. The array is shared: do not change it. */
  idsOf(credit: DimensionValues, scope: CreditScope, config: TenantConfig): readonly number[]
  /** Number of a canonical text, interned when new. */
  intern(text: string): number
  /** Number of a canonical text; `undefined` when nothing was ever counted there. */
  idOf(text: string): number | undefined
  textOf(id: number): string | undefined
  /** All texts; the position is the number. */
  texts(): readonly string[]
  /** Values that have a slice in a dimension, alone or in a pair, in the order in which they came. */
  valuesSeen(dimension: Dimension): ReadonlySet<string>
  /** A configuration of the tenant was met: its limit, and the values that it reserves. */
  configure(config: Pick<TenantConfig, 'sliceValuesMax' | 'slices'>): void
  /** An event names a value: where it counts is decided now, in the order of the log, whether or not the dimension is kept. */
  admit(dimension: LimitedDimension, value: string): Placed
  /** Whether something is counted as `other` in the dimension because it came past the limit. */
  isFull(dimension: Dimension): boolean
  /** Whether what names the value is counted as `other` in the dimension. */
  isOther(dimension: Dimension, value: string): boolean
  /** How many values of the dimension have slices of their own, and how many may; `past`: the first of those that count as `other`. */
  limitOf(dimension: LimitedDimension): {
    readonly values: number
    readonly valuesMax: number | null
    readonly past: ReadonlySet<string>
  }
  /** The table changed since it was loaded or last encoded: it is to be written with the commit. */
  changed(): boolean
  encode(): Uint8Array
}

const isOther = (placed: Placed): boolean => placed === 'other' || placed === 'first-other'

type Memo = Map<number, readonly number[]>

/**
 * `memos`: the slices' numbers by that of the dimension set. They stay as they are, as a value counts where it was first placed for good (`ValueLimit`);
 * another configuration has memos of its own.
 */
type Compiled = { readonly kept: KeptSlices; readonly memos: Readonly<Record<CreditScope, Memo>> }

function compile(config: TenantConfig): Compiled {
  return { kept: keptSlices(config), memos: { both: new Map(), wide: new Map(), agent: new Map() } }
}

/** Compiles each configuration once. */
function compiler(): (config: TenantConfig) => Compiled {
  const compiledOf = new WeakMap<TenantConfig, Compiled>()
  let last: { readonly config: TenantConfig; readonly compiled: Compiled } | undefined
  return (config) => {
    if (last?.config === config) return last.compiled
    const compiled = compiledOf.get(config) ?? compile(config)
    compiledOf.set(config, compiled)
    last = { config, compiled }
    return compiled
  }
}

/** A memo starts over at its limit, so that a million agents and queues cannot fill the memory. */
function remember(memo: Memo, number: number, ids: readonly number[]): void {
  if (memo.size >= sliceLimits.memoEntriesMax) memo.clear()
  memo.set(number, ids)
}

/** Dimensions of which no slice is kept make no difference: the many sets that differ in nothing else share what is computed for one. */
function computed(
  credit: DimensionValues,
  kept: KeptSlices,
  memo: Memo,
  compute: (values: DimensionValues) => number[],
): readonly number[] {
  const values: DimensionValues = Object.fromEntries(
    kept.dimensions.map((dimension) => [dimension, credit[dimension]]),
  )
  const number = numberOf(values)
  const ids = memo.get(number) ?? compute(values)
  for (const one of [number, numberOf(credit)]) remember(memo, one, ids)
  return ids
}

/** @param bytes the stored table; `null` when there is none yet. @throws when the bytes are no slice table. */
export function sliceIndex(bytes: Uint8Array | null): SliceIndex {
  const table = bytes === null ? emptySliceTable : decodeSliceTable(bytes)
  const limit = new ValueLimit(table)
  const texts: string[] = []
  const ids = new Map<string, number>()
  const seen = new Map<Dimension, Set<string>>()
  const compiledFor = compiler()

  function noteValues(text: string): void {
    const parsed = parseSlice(text)
    if (!parsed.ok) throw new RangeError(`no slice: ${text}`)
    for (const { dimension, value } of parsed.slice) {
      const values = seen.get(dimension)
      if (values === undefined) seen.set(dimension, new Set([value]))
      else values.add(value)
      if (isLimited(dimension)) limit.keep(dimension, value)
    }
  }

  function intern(text: string): number {
    const known = ids.get(text)
    if (known !== undefined) return known
    noteValues(text)
    ids.set(text, texts.length)
    changed = true
    return texts.push(text) - 1
  }

  function place(dimension: LimitedDimension, value: string): Placed {
    const placed = limit.place(dimension, value)
    changed ||= placed === 'first-other'
    return placed
  }

  function countedAs(dimension: Dimension, value: string): string {
    return isLimited(dimension) && isOther(place(dimension, value)) ? otherValue : value
  }

  let changed: boolean
  for (const text of table.texts) intern(text)
  changed = false

  return {
    idsOf(credit, scope, config) {
      const { kept, memos } = compiledFor(config)
      const known = memos[scope].get(numberOf(credit))
      if (known !== undefined) return known
      return computed(credit, kept, memos[scope], (values) =>
        slicesOfKept(values, scope, kept, countedAs).map(intern),
      )
    },
    intern,
    idOf: (text) => ids.get(text),
    textOf: (id) => texts[id],
    texts: () => texts,
    valuesSeen: (dimension) => seen.get(dimension) ?? new Set(),
    configure(config) {
      changed = limit.configure(config) || changed
    },
    admit(dimension, value) {
      if (seen.get(dimension)?.has(value) === true) return 'own'
      const placed = place(dimension, value)
      intern(partText(dimension, isOther(placed) ? otherValue : value))
      return placed
    },
    isFull: (dimension) => isLimited(dimension) && limit.past(dimension).size > 0,
    isOther: (dimension, value) => isLimited(dimension) && limit.isOther(dimension, value),
    limitOf: (dimension) => ({
      values: limit.count(dimension),
      valuesMax: limit.valuesMax,
      past: limit.past(dimension),
    }),
    changed: () => changed,
    encode() {
      changed = false
      return encodeSliceTable({ texts, ...limit.store() })
    },
  }
}
