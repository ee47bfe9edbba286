import type { Dimension, TenantConfig } from '../config/tenant-config.ts'
import type { FactDimensions, FactScope } from '../measures/measure.ts'
import { type KeptSlices, keptSlices, slicesOfKept, valuesOf } from './kept-slices.ts'
import { type SliceMemo, sliceMemo } from './memo.ts'
import { otherValue, parseSlice } from './slice.ts'
import { decodeSliceTable, encodeSliceTable } from './slice-table.ts'

export const sliceLimits = { valuesPerDimensionMax: 20_000, memoEntriesMax: 50_000 } as const

/** The slices of one tenant: canonical text ↔ number. Numbers are given in the order of the log, from 0, and are never taken back. */
export type SliceIndex = {
  /** Numbers of all kept slices that a fact falls in, new ones interned. The array is shared: do not change it. */
  idsOf(facts: FactDimensions, scope: FactScope, config: TenantConfig): readonly number[]
  /** Number of a canonical text, interned when new. */
  intern(text: string): number
  /** Number of a canonical text; `undefined` when nothing was ever counted there. */
  idOf(text: string): number | undefined
  textOf(id: number): string | undefined
  /** All texts; the position is the number. */
  texts(): readonly string[]
  /** Values counted in a dimension so far, alone or in a pair, in the order in which they came. */
  valuesSeen(dimension: Dimension): ReadonlySet<string>
  /** The first kept dimension in which these facts name a new value although it is full; `null` when all can be counted. */
  overLimit(facts: FactDimensions, config: TenantConfig): Dimension | null
  /** The table grew since it was loaded or last encoded: it is to be written with the commit. */
  grew(): boolean
  encode(): Uint8Array
}

/** Values that folds make where the source names none: first counted at the end of a batch, so that they must not decide what is past the limit. */
const foldsOwn: ReadonlySet<string> = new Set(['none', 'unknown', otherValue])

type Compiled = { readonly kept: KeptSlices; readonly memos: Readonly<Record<FactScope, SliceMemo>> }

function compile(config: TenantConfig): Compiled {
  const kept = keptSlices(config)
  const memo = (): SliceMemo => sliceMemo(kept.dimensions, sliceLimits.memoEntriesMax)
  return { kept, memos: { both: memo(), wide: memo(), agent: memo() } }
}

/** @param bytes the stored table; `null` when there is none yet. @throws when the bytes are no slice table. */
export function sliceIndex(bytes: Uint8Array | null, valuesMax: number = sliceLimits.valuesPerDimensionMax): SliceIndex {
  const texts: string[] = []
  const ids = new Map<string, number>()
  const seen = new Map<Dimension, Set<string>>()
  const compiledOf = new WeakMap<TenantConfig, Compiled>()
  let last: { readonly config: TenantConfig; readonly compiled: Compiled } | undefined

  function compiledFor(config: TenantConfig): Compiled {
    if (last?.config === config) return last.compiled
    const compiled = compiledOf.get(config) ?? compile(config)
    compiledOf.set(config, compiled)
    last = { config, compiled }
    return compiled
  }

  function noteValues(text: string): void {
    const parsed = parseSlice(text)
    if (!parsed.ok) throw new RangeError(`no slice: ${text}`)
    for (const { dimension, value } of parsed.slice) {
      const values = seen.get(dimension)
      if (values === undefined) seen.set(dimension, new Set([value]))
      else values.add(value)
    }
  }

  function intern(text: string): number {
    const known = ids.get(text)
    if (known !== undefined) return known
    noteValues(text)
    ids.set(text, texts.length)
    return texts.push(text) - 1
  }

  function isFullFor(facts: FactDimensions, dimension: Dimension, kept: KeptSlices): boolean {
    const values = seen.get(dimension)
    if (values === undefined || values.size < valuesMax) return false
    const named = values.size - [...foldsOwn].filter((value) => values.has(value)).length
    return named >= valuesMax && valuesOf(facts, dimension, kept).some((value) => !values.has(value) && !foldsOwn.has(value))
  }

  for (const text of bytes === null ? [] : decodeSliceTable(bytes)) intern(text)
  let savedLength = texts.length

  return {
    idsOf(facts, scope, config) {
      const { kept, memos } = compiledFor(config)
      return memos[scope].idsOf(facts, () => slicesOfKept(facts, scope, kept).map(intern))
    },
    intern,
    idOf: (text) => ids.get(text),
    textOf: (id) => texts[id],
    texts: () => texts,
    valuesSeen: (dimension) => seen.get(dimension) ?? new Set(),
    overLimit(facts, config) {
      const { kept } = compiledFor(config)
      return kept.dimensions.find((dimension) => isFullFor(facts, dimension, kept)) ?? null
    },
    grew: () => texts.length > savedLength,
    encode() {
      savedLength = texts.length
      return encodeSliceTable(texts)
    },
  }
}
