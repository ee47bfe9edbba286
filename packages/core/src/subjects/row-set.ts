import type { DimensionSet } from '../measures/dimension-set.ts'
import { creditingAppeals, type Exclusion } from './exclusion.ts'
import { keyOfRow, withCredits, type CreditMap, type Row } from './row.ts'

/** A row that came (`sign` 1) or went (−1): what a commit adds to the measures. */
export type RowChange = { readonly row: Row; readonly sign: 1 | -1 }

/**
 * The rows that one subject tells, and which of them changed since the last commit. A fold puts the rows that it holds to be true now; the changes say
 * what they add and take back.
 */
export class RowSet {
  #rows: Map<string, Row>
  /** Rows as they were committed, of the keys that were touched since; `null`: there was none. */
  #committed: Map<string, Row | null> = new Map()
  #hidden: boolean
  /** How appeals credit what is told; `null`: none leaves anything out. */
  #appealed: CreditMap<DimensionSet, DimensionSet> | null

  /** `rows`: committed ones. `hidden`: the rows are kept but add nothing (a discarded contact, until it is restored). `excluded`: by appeals. */
  constructor(rows: Iterable<Row> = [], hidden = false, excluded: readonly Exclusion[] = []) {
    this.#rows = new Map()
    this.#hidden = hidden
    this.#appealed = creditingAppeals(excluded)
    for (const row of rows) this.#rows.set(keyOfRow(row), row)
  }

  get size(): number {
    return this.#rows.size
  }

  get rows(): Iterable<Row> {
    return this.#rows.values()
  }

  /** The rows that count: none while they are hidden. */
  get told(): Iterable<Row> {
    if (this.#hidden) return []
    const appealed = this.#appealed
    const rows = this.#rows.values()
    return appealed === null ? rows : rows.map((row) => withCredits(row, appealed))
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key)
  }

  /** `key`: of the row, where it is known. */
  put(row: Row, key = keyOfRow(row)): void {
    this.#touch(key)
    this.#rows.set(key, row)
  }

  remove(key: string): void {
    if (!this.#rows.has(key)) return
    this.#touch(key)
    this.#rows.delete(key)
  }

  clear(): void {
    for (const key of [...this.#rows.keys()]) this.remove(key)
  }

  /** Lets go of a row for good: what it added stays. */
  forget(key: string): void {
    this.#rows.delete(key)
    this.#committed.delete(key)
  }

  hide(hidden: boolean): void {
    if (hidden === this.#hidden) return
    for (const key of this.#rows.keys()) this.#touch(key)
    this.#hidden = hidden
  }

  /** What appeals leave out is credited to them, too. */
  exclude(excluded: readonly Exclusion[]): void {
    for (const key of this.#rows.keys()) this.#touch(key)
    this.#appealed = creditingAppeals(excluded)
  }

  /** Credits all rows anew. */
  credit(map: CreditMap<DimensionSet, DimensionSet>): void {
    for (const row of [...this.#rows.values()]) this.put(withCredits(row, map))
  }

  /** Starts a refold: the rows become `rows`, and what the refold does not put again is taken back. */
  replaceAll(rows: Iterable<Row>): void {
    if (this.#committed.size === 0 && !this.#hidden && this.#appealed === null) {
      this.#committed = this.#rows // As they are: a contact may have tens of thousands.
      this.#rows = new Map()
    } else {
      for (const key of this.#rows.keys()) this.#touch(key)
      this.#rows.clear()
    }
    for (const row of rows) this.put(row)
  }

  /** What changed since the last call, which is now committed. A row that was put again as it was is not in it. */
  takeChanges(): readonly RowChange[] {
    if (this.#committed.size === 0) return noChanges
    const changes: RowChange[] = []
    for (const [key, before] of this.#committed) {
      const now = this.#told(key)
      if (before !== null && now !== null && equalRows(before, now)) continue
      if (before !== null) changes.push({ row: before, sign: -1 })
      if (now !== null) changes.push({ row: now, sign: 1 })
    }
    this.#committed = new Map()
    return changes
  }

  #touch(key: string): void {
    if (!this.#committed.has(key)) this.#committed.set(key, this.#told(key))
  }

  #told(key: string): Row | null {
    const row = this.#hidden ? null : (this.#rows.get(key) ?? null)
    return row === null || this.#appealed === null ? row : withCredits(row, this.#appealed)
  }
}

const noChanges: readonly RowChange[] = []

/** Rows are plain data; equal credits are one object, mostly. */
export function equalRows(a: Row, b: Row): boolean {
  return equalValues(a, b)
}

function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const names = Object.keys(a) as (keyof typeof a)[]
  if (names.length !== Object.keys(b).length) return false
  for (const name of names) if (a[name] !== b[name] && !equalValues(a[name], b[name])) return false
  return true
}
