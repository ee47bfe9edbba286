import { businessBetween, type ConfigHistory } from '../config/business-time.ts'
import type { Clock } from '../config/tenant-config.ts'
import type { ShownClock } from '../kpis/clock.ts'
import { binCount, binOf } from '../measures/histogram.ts'
import { exactSum, type MergedDuration } from '../measures/merged.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'
import { type BacklogLimit, type BacklogPlace, decodePlace, splitMember } from './backlog.ts'
import type { HeldOpen, OpenAnswer, OpenQuestion } from './held-open.ts'

/** How old contacts are: on this clock, by the configuration over time. */
export type Aging = { readonly clock: ShownClock; readonly history: ConfigHistory }

/**
 * Contacts that are counted alike, each at one place of the four lists. `agesMs`: how old each was at a moment: on calendar time in 1970, on business time at that of
 * reference; less than 0 where it came later, NaN where nobody asked.
 */
type Group = BacklogPlace & {
  readonly key: string
  readonly ids: string[]
  readonly limits: (BacklogLimit | null)[]
  readonly agesMs: Readonly<Record<Clock, number[]>>
}

type Reference = { readonly history: ConfigHistory; readonly atMs: EpochMs }

/**
 * Which contacts are open. An age grows by itself, so that nothing is kept of it: what is asked of a slice is added up of its contacts, some nanoseconds each. Business time
 * that has passed stays what it is: of each contact it is computed once, up to a moment, and what came since then once a group.
 */
export class HeldMembers implements HeldOpen {
  readonly #places = new Map<string, { readonly group: Group; at: number }>()
  readonly #groups = new Map<string, Group>()
  readonly #bySlice = new Map<number, Set<Group>>()
  /** By what business time is known, and up to when. */
  #reference: Reference | null = null

  get size(): number {
    return this.#places.size
  }

  put(field: string, bytes: Uint8Array | null): void {
    this.#remove(field)
    if (bytes === null) return
    const { sinceMs, limit, place } = splitMember(bytes)
    const key = String.fromCharCode(...place)
    const group = this.#groups.get(key) ?? this.#begin(key, decodePlace(place))
    this.#places.set(field, { group, at: group.ids.length })
    group.ids.push(field)
    group.limits.push(limit)
    group.agesMs.calendar.push(0 - sinceMs)
    group.agesMs.business.push(NaN)
  }

  answer({ slice, kind, members, aging }: OpenQuestion, atMs: EpochMs): OpenAnswer {
    const named: Named[] = []
    const isOfOverdue = kind === 'backlog.overdue'
    let lateness = 0
    for (const group of this.#bySlice.get(slice) ?? []) {
      const { agesMs, passedMs } = this.#agesIn(group, aging, atMs)
      for (let at = 0; at < agesMs.length; at += 1) {
        const ageMs = agesMs[at]! + passedMs
        if (isOfOverdue) {
          const limit = group.limits[at]!
          if (limit === null || ageMs < limit.afterMs) continue
          lateness += latenessOf(limit, ageMs)
        }
        durations.add(ageMs)
        if (members > 0) named.push({ id: group.ids[at]!, sinceMs: sinceMsOf(group, at), ageMs })
      }
    }
    const ages = durations.take()
    const answer = { count: ages.count, oldest: oldestOf(named, members), ages }
    return isOfOverdue ? { ...answer, lateness } : answer
  }

  /** Each of them is older by `passedMs` now. */
  #agesIn(
    group: Group,
    aging: Aging | undefined,
    atMs: EpochMs,
  ): { readonly agesMs: readonly number[]; readonly passedMs: DurationMs } {
    const asked = aging?.clock ?? 'calendar'
    const clock = asked === 'class' ? group.clock : asked
    const agesMs = group.agesMs[clock]
    if (aging === undefined || clock === 'calendar') return { agesMs, passedMs: atMs }
    const { history } = aging
    const { atMs: referenceMs } = this.#referTo(history, atMs)
    for (const [at, ageMs] of agesMs.entries())
      if (Number.isNaN(ageMs))
        agesMs[at] = businessFrom(history, group.queue, sinceMsOf(group, at), referenceMs)
    return { agesMs, passedMs: businessFrom(history, group.queue, referenceMs, atMs) }
  }

  /** Another configuration may have other hours: nothing stays of what was computed. */
  #referTo(history: ConfigHistory, atMs: EpochMs): Reference {
    if (this.#reference?.history === history) return this.#reference
    for (const { agesMs } of this.#groups.values()) agesMs.business.fill(NaN)
    return (this.#reference = { history, atMs })
  }

  #begin(key: string, place: BacklogPlace): Group {
    const agesMs = { calendar: [], business: [] }
    const group: Group = { ...place, key, ids: [], limits: [], agesMs }
    this.#groups.set(key, group)
    for (const slice of group.slices)
      this.#bySlice.getOrInsertComputed(slice, () => new Set()).add(group)
    return group
  }

  #remove(id: string): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#places.delete(id)
    const { group, at } = place
    const last = group.ids.length - 1
    if (at < last) this.#places.get(group.ids[last]!)!.at = at
    takeLastTo(group.ids, at)
    takeLastTo(group.limits, at)
    takeLastTo(group.agesMs.calendar, at)
    takeLastTo(group.agesMs.business, at)
    if (last === 0) this.#forget(group)
  }

  #forget(group: Group): void {
    this.#groups.delete(group.key)
    for (const slice of group.slices) {
      const groups = this.#bySlice.get(slice)!
      groups.delete(group)
      if (groups.size === 0) this.#bySlice.delete(slice)
    }
  }
}

/** In millionths of its limit, so that they add up to the same in any order. */
const latenessOf = ({ limitMs, afterMs }: BacklogLimit, ageMs: DurationMs): number =>
  Math.round((1_000_000 * (ageMs - afterMs)) / limitMs)

const sinceMsOf = ({ agesMs }: Group, at: number): EpochMs => (0 - agesMs.calendar[at]!) as EpochMs

/** The last one in the place of the one there. */
function takeLastTo<Value>(list: Value[], at: number): void {
  const last = list.pop()!
  if (at < list.length) list[at] = last
}

/** Business time from one instant to another, less than 0 where that is the earlier one. */
function businessFrom(
  history: ConfigHistory,
  queue: string | null,
  fromMs: EpochMs,
  toMs: EpochMs,
): DurationMs {
  return fromMs <= toMs
    ? businessBetween(history, queue, fromMs, toMs)
    : -businessBetween(history, queue, toMs, fromMs)
}

type Named = { readonly id: string; readonly sinceMs: EpochMs; readonly ageMs: DurationMs }

function oldestOf(named: readonly Named[], limit: number): OpenAnswer['oldest'] {
  return named
    .toSorted((a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id, sinceMs, ageMs }) => ({
      sinceMs,
      ageMs,
      row: { contactId: id, dueAtMs: sinceMs, first: false, channel: '' },
    }))
}

const sumMax = 2 ** 52

/** Durations as a measure has them: their sum, exact, and how many are in each bin. */
class Durations {
  readonly #counts = new Uint32Array(binCount)
  #bins: number[] = []
  #sum = 0
  #carried = 0n

  add(ms: DurationMs): void {
    const bin = binOf(ms)
    if (this.#counts[bin] === 0) this.#bins.push(bin)
    this.#counts[bin]! += 1
    this.#sum += ms
    if (this.#sum < sumMax) return
    this.#carried += BigInt(this.#sum)
    this.#sum = 0
  }

  /** What was added since the last time. */
  take(): MergedDuration {
    const bins = this.#bins.sort((a, b) => a - b)
    const counts = bins.map((bin) => this.#counts[bin]!)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const sum = exactSum(this.#sum, this.#carried)
    for (const bin of bins) this.#counts[bin] = 0
    this.#bins = []
    this.#sum = 0
    this.#carried = 0n
    return { count: total, sum, bins: { bins, counts, total } }
  }
}

/** One slice after another: they share its memory. */
const durations = new Durations()
