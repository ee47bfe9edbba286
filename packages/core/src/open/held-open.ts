import type { MergedDuration } from '../measures/merged.ts'
import { backlogKey, backlogMembersKey, openKey, type OpenKind } from '../state/keys.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'
import { decodeTally } from './backlog.ts'
import {
  type AppealRow,
  type CountedRow,
  decodeOpen,
  type IntervalKind,
  isAppealRow,
  isForecastAhead,
  isRosterRow,
  isWaitingRow,
  type OpenEntry,
  type RosterRow,
} from './entry.ts'
import { type Aging, HeldMembers } from './held-members.ts'
import { StandingCustomers } from './standing-customers.ts'
import { compareStandings, type Standing, StandingList } from './standing-list.ts'

/** What is asked of a slice, by its number. `members`: how many of the oldest to name, 0 = the count alone. `aging`: of those whose ages are asked for; absent: calendar time. */
export type OpenQuestion = {
  readonly tenant: string
  readonly slice: number
  readonly kind: OpenKind
  readonly members: number
  readonly aging?: Aging | undefined
}

/**
 * What goes on at an instant: those whose interval has begun by then, longest first, ties by id. `backlog` names nobody. Ages are said of `backlog.member` and
 * `backlog.overdue` alone: all of them together, and that of each that is named. `lateness`: by how many limits those are older than theirs, together, in millionths.
 */
export type OpenAnswer = {
  readonly count: number
  readonly oldest: readonly {
    readonly sinceMs: EpochMs
    readonly row: CountedRow
    readonly ageMs?: DurationMs
  }[]
  readonly ages?: MergedDuration
  readonly lateness?: number
  /** Of `roster` alone: those of all agents, by agent; the same list as long as none of them changes. */
  readonly rosters?: readonly RosterRow[]
  /** Of `appeal` alone: all, by id; likewise. */
  readonly appeals?: readonly AppealRow[]
}

/** A hash of what goes on as a reader holds it: it takes fields over as they change, and answers from them. */
export type HeldOpen = {
  /** How many fields it holds. */
  readonly size: number
  put(field: string, bytes: Uint8Array | null): void
  answer(question: OpenQuestion, atMs: EpochMs): OpenAnswer
}

/** The hash in which a question is answered. */
export function hashOf({ tenant, kind }: Pick<OpenQuestion, 'tenant' | 'kind'>): string {
  if (kind === 'backlog') return backlogKey(tenant)
  return kind === 'backlog.member' || kind === 'backlog.overdue'
    ? backlogMembersKey(tenant)
    : openKey(tenant)
}

/** @param key `open:<tenant>`, `backlog:<tenant>` or `backlog:<tenant>:members` */
export function heldOpen(key: string): HeldOpen {
  const tenant = key.split(':')[1] ?? ''
  if (key === backlogMembersKey(tenant)) return new HeldMembers()
  return key === backlogKey(tenant) ? new HeldBacklog() : new HeldIntervals()
}

export const nothingOpen: OpenAnswer = { count: 0, oldest: [] }

class HeldBacklog implements HeldOpen {
  readonly #counts = new Map<number, number>()

  get size(): number {
    return this.#counts.size
  }

  put(field: string, bytes: Uint8Array | null): void {
    if (bytes === null) this.#counts.delete(Number(field))
    else this.#counts.set(Number(field), decodeTally(bytes))
  }

  answer({ slice }: OpenQuestion): OpenAnswer {
    return { count: this.#counts.get(slice) ?? 0, oldest: [] }
  }
}

/** Lists by slice, of each kind from the first question about it on: what changes is then put into those of its slices. */
class HeldIntervals implements HeldOpen {
  readonly #entries = new Map<string, OpenEntry>()
  readonly #lists = new Map<OpenKind, Map<number, List>>()
  /** `null`: one of them has changed. */
  #rosters: OpenAnswer | null = null
  #appeals: OpenAnswer | null = null

  get size(): number {
    return this.#entries.size
  }

  put(field: string, bytes: Uint8Array | null): void {
    if (field.startsWith('r')) this.#rosters = null
    if (field.startsWith('p')) this.#appeals = null
    const before = this.#entries.get(field)
    if (before !== undefined) for (const one of placedOf(before)) this.#remove(one)
    if (bytes === null) {
      this.#entries.delete(field)
      return
    }
    const entry = decodeOpen(field, bytes)
    this.#entries.set(field, entry)
    for (const one of placedOf(entry)) this.#add(one)
  }

  answer({ slice, kind, members }: OpenQuestion, atMs: EpochMs): OpenAnswer {
    if (kind === 'roster') return (this.#rosters ??= rostersIn(this.#entries.values()))
    if (kind === 'appeal') return (this.#appeals ??= appealsIn(this.#entries.values()))
    const list = (this.#lists.get(kind) ?? this.#listsOf(kind)).get(slice)
    if (list === undefined) return nothingOpen
    const first = members === 0 ? [] : list.first(members, atMs)
    return {
      count: list.count(atMs),
      oldest: first.map(({ atMs: sinceMs, row }) => ({ sinceMs, row })),
    }
  }

  #listsOf(kind: OpenKind): Map<number, List> {
    const members = new Map<number, Standing[]>()
    for (const { slices, standing } of this.#placedOf(kind)) {
      for (const slice of slices) members.getOrInsertComputed(slice, () => []).push(standing)
    }
    const lists = new Map(
      members.entries().map(([slice, standings]) => [slice, listOf(kind, standings)]),
    )
    this.#lists.set(kind, lists)
    return lists
  }

  /** All of a kind, in the order in which lists have them. */
  #placedOf(kind: OpenKind): Placed[] {
    const placed: Placed[] = []
    for (const entry of this.#entries.values()) {
      if (!entry.intervals.some((one) => isMadeOf(kind, one.kind))) continue // Nearly all, where few are of the kind.
      for (const one of placedOf(entry)) if (one.kind === kind) placed.push(one)
    }
    return placed.sort((a, b) => compareStandings(a.standing, b.standing))
  }

  #add({ kind, slices, standing }: Placed): void {
    const lists = this.#lists.get(kind)
    if (lists === undefined) return
    for (const slice of slices)
      lists.getOrInsertComputed(slice, () => listOf(kind, [])).add(standing)
  }

  #remove({ kind, slices, standing }: Placed): void {
    const lists = this.#lists.get(kind)
    if (lists === undefined) return
    for (const slice of slices) {
      const list = lists.get(slice)
      list?.remove(standing)
      if (list?.isEmpty === true) lists.delete(slice)
    }
  }
}

type List = StandingList | StandingCustomers

const listOf = (kind: OpenKind, standings: readonly Standing[]): List =>
  kind === 'reply.customers' ? new StandingCustomers(standings) : new StandingList(standings)

function appealsIn(entries: Iterable<OpenEntry>): OpenAnswer {
  const appeals: AppealRow[] = []
  for (const { row } of entries) if (isAppealRow(row)) appeals.push(row)
  appeals.sort((a, b) => (a.appealId < b.appealId ? -1 : 1))
  return { count: appeals.length, oldest: [], appeals }
}

function rostersIn(entries: Iterable<OpenEntry>): OpenAnswer {
  const rosters: RosterRow[] = []
  for (const { row } of entries) if (isRosterRow(row)) rosters.push(row)
  rosters.sort((a, b) => (a.rosterOf < b.rosterOf ? -1 : 1))
  return { count: rosters.length, oldest: [], rosters }
}

type Placed = {
  readonly kind: OpenKind
  readonly slices: readonly number[]
  readonly standing: Standing
}

const limited = {
  'reply.live': 'reply.live.due',
  'reply.deferred': 'reply.deferred.due',
  'queue.voice': 'queue.voice.due',
} as const
const isLimited = (kind: OpenKind): kind is keyof typeof limited => kind in limited

/** Whether an interval is, or has a part in, what is asked for. */
const isMadeOf = (kind: OpenKind, interval: IntervalKind): boolean =>
  kind === 'reply.customers' ? isReply(interval) : kind.startsWith(interval)
const isReply = (kind: IntervalKind): boolean => kind === 'reply.live' || kind === 'reply.deferred'

function idOf(row: CountedRow): string {
  if (isWaitingRow(row)) return row.contactId
  return isForecastAhead(row) ? row.forecastId : row.agentId
}

/** Where an entry stands. A wait with a limit stands among those over it, too, from when it is due, and an owed reply among those of its customer. */
function placedOf({ row, intervals }: OpenEntry): Placed[] {
  const placed: Placed[] = []
  if (isRosterRow(row) || isAppealRow(row)) return placed
  for (const { kind, sinceMs, slices } of intervals) {
    const standing = { atMs: sinceMs, id: idOf(row), row }
    placed.push({ kind, slices, standing })
    if (!isWaitingRow(row)) continue
    if (isReply(kind)) placed.push({ kind: 'reply.customers', slices, standing })
    if (isLimited(kind))
      placed.push({
        kind: limited[kind],
        slices,
        standing: { atMs: row.dueAtMs, id: row.contactId, row },
      })
  }
  return placed
}
