import type { Subject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import {
  contributionOf,
  type Place,
  readSubject,
  type StoredSubject,
  type Tenant,
} from '@deskpulse/engine'
import type { Turns } from '../reading/turns.ts'
import { type PageStart, type Sums, withAdded } from './cursor.ts'
import { type Entry, type ExplainRow, rowEntry, type RowOptions, shownEntry } from './entry.ts'
import { type OpenOf, openEntries } from './open-entries.ts'
import type { Explained, Where } from './request.ts'

/** What one read of a store brought of the subjects of a page, in their order. `hasMore`: others come after them. */
export type Page = {
  readonly subjects: Iterable<StoredSubject & { readonly text: Subject }>
  readonly hasMore: boolean
}

export type Listing = {
  readonly rows: readonly ExplainRow[]
  readonly sums: Sums
  /** `null`: there are no more. */
  readonly next: PageStart | null
}

export type ListingOptions = {
  readonly from: PageStart
  readonly limit: number
  readonly place: Place | null
  readonly rowOptions: RowOptions
  readonly openOf: OpenOf
  readonly asOfMs: EpochMs
}

/** Takes entries until the page is full. */
class PageOfRows {
  readonly rows: ExplainRow[] = []
  #sums: Sums
  readonly #explained: Explained
  readonly #limit: number

  constructor(explained: Explained, { sums }: PageStart, limit: number) {
    this.#explained = explained
    this.#sums = sums
    this.#limit = limit
  }

  get sums(): Sums {
    return this.#sums
  }

  /** Lists what is compared as was asked, but for the first `skip`. @returns how many of them were listed, now or before; `null`: all. */
  take(entries: readonly Entry[], skip: number): number | null {
    const { kpi, where } = this.#explained
    const wanted = where === null ? entries : entries.filter((entry) => passes(entry, where))
    for (let place = skip; place < wanted.length; place += 1) {
      if (this.rows.length === this.#limit) return place
      const entry = wanted[place]!
      this.rows.push(shownEntry(kpi.terms!, entry))
      this.#sums = withAdded(this.#sums, entry)
    }
    return null
  }
}

function passes({ durationMs }: Entry, { operator, ms }: Where): boolean {
  if (durationMs === null) return false
  switch (operator) {
    case '>':
      return durationMs > ms
    case '>=':
      return durationMs >= ms
    case '<':
      return durationMs < ms
    case '<=':
      return durationMs <= ms
    case '=':
      return durationMs === ms
  }
}

/** The rows of a page: those of subjects, then what goes on. */
export async function listRows(
  explained: Explained,
  { subjects, hasMore }: Page,
  { from, limit, place, rowOptions, openOf, asOfMs }: ListingOptions,
  turn: Turns,
): Promise<Listing> {
  const page = new PageOfRows(explained, from, limit)
  let { after, skip } = from
  if (after !== null) {
    for (const stored of subjects) {
      const entries = place === null ? [] : entriesOf(stored, explained, place, rowOptions)
      const listed = page.take(entries, skip)
      if (listed !== null)
        return { rows: page.rows, sums: page.sums, next: { after, skip: listed, sums: page.sums } }
      after = stored.text
      skip = 0
      const pause = turn()
      if (pause !== null) await pause
    }
    if (hasMore)
      return { rows: page.rows, sums: page.sums, next: { after, skip: 0, sums: page.sums } }
  }
  const listed = page.take(openEntries(explained, openOf, asOfMs), skip)
  const { rows, sums } = page
  return { rows, sums, next: listed === null ? null : { after: null, skip: listed, sums } }
}

function entriesOf(
  stored: StoredSubject,
  { kpi }: Explained,
  place: Place,
  options: RowOptions,
): Entry[] {
  return stored.rows.flatMap((row) => {
    const contribution = contributionOf(row, kpi, place)
    return contribution === null ? [] : [rowEntry(row, stored, contribution, options)]
  })
}

/** Subjects as they are stored, read one at a time. `values`: of `storedKeys`, one after another. */
export function* storedSubjects(
  tenant: Tenant,
  subjects: readonly Subject[],
  values: readonly (Uint8Array | null)[],
): Generator<StoredSubject & { readonly text: Subject }> {
  for (const [place, text] of subjects.entries()) {
    const pair = [values[2 * place] ?? null, values[2 * place + 1] ?? null] as const
    yield { text, ...readSubject(tenant, text, pair) }
  }
}

/** A page of entries that are all at hand. */
export function listAll(
  explained: Explained,
  entries: readonly Entry[],
  from: PageStart,
  limit: number,
): Listing {
  const page = new PageOfRows(explained, from, limit)
  const listed = page.take(entries, from.skip)
  const { rows, sums } = page
  return { rows, sums, next: listed === null ? null : { after: '', skip: listed, sums } }
}
