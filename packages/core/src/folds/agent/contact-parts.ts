import { dimensionSet } from '../../measures/dimension-set.ts'
import type { EffectivePartRow, Moment } from '../../subjects/row.ts'
import type { RowSet } from '../../subjects/row-set.ts'
import { keyOfSession } from '../../subjects/session-id.ts'
import { bucketStart, slotMs, type EpochMs } from '../../time/time.ts'
import type { EngagedSpan, PartChange, PartEnd } from './engagement.ts'
import { shareOut, type Piece } from './share-out.ts'

/** Time of the earlier days of parts that go on, by contact id, ascending. */
export type CarriedParts = readonly (readonly [contactId: string, effectiveMs: number])[]

/** A span of a part. `runs`: what it takes does not count yet. */
type PartPiece = Piece & { readonly runs: boolean }

const none: CarriedParts = []

type Part = {
  readonly spans: readonly EngagedSpan[]
  readonly pieces: readonly PartPiece[]
  readonly ended: Moment | null
  readonly continues: boolean
}

/**
 * The parts of an agent in contacts on a UTC day. Its time is shared out among the parts that engage the agent at once, quarter-hour by quarter-hour, so that a
 * change costs those that it lies in. Parts follow from what contacts say, and not from the agent's states.
 */
export class ContactParts {
  readonly #parts = new Map<string, Part>()
  #carried = new Map<string, number>()
  /** Those that have ended on a later day. */
  readonly #continuing = new Set<string>()
  /** Shares that were asked for, by the start of their quarter-hours. */
  readonly #shares = new Map<number, ReadonlyMap<string, number>>()
  /** Of those, the ones in which spans have changed since: they still say whose shares were asked for. */
  readonly #outdated = new Set<number>()
  /** What may have another time than its row says. */
  readonly #stale = new Set<string>()

  get count(): number {
    return this.#parts.size
  }

  /** A contact says something else. @returns from when on: the first instant at which its spans are others. */
  apply({ contactId, kept, spans: come, ended, continues }: PartChange): number {
    const before = this.#parts.get(contactId)
    const spans = [...(before?.spans.slice(0, kept) ?? []), ...come]
    const changed = changedSpan(before?.spans.slice(kept) ?? [], come)
    if (changed !== null) this.#forget(changed.fromMs, changed.toMs)
    this.#stale.add(contactId)
    if (continues) this.#continuing.add(contactId)
    else this.#continuing.delete(contactId)
    if (spans.length === 0 && ended === null) this.#parts.delete(contactId)
    else {
      const pieces = piecesOf(contactId, spans)
      this.#parts.set(contactId, { spans, pieces, ended: ended && momentOf(ended), continues })
    }
    return changed?.fromMs ?? Infinity
  }

  /** What to apply to none of it to have all of it. */
  whole(): PartChange[] {
    return Array.from(this.#parts, ([contactId, { spans, ended, continues }]) => ({
      ...{ contactId, kept: 0, spans, ended, continues },
    }))
  }

  /** What parts took on the days before. */
  carryIn(carried: CarriedParts): void {
    for (const contactId of [...this.#carried.keys(), ...carried.map(([id]) => id)])
      this.#stale.add(contactId)
    this.#carried = new Map(carried)
  }

  /** What the parts that go on have taken by the end of the day. */
  carryOut(): CarriedParts {
    if (this.#carried.size + this.#continuing.size === 0) return none
    const carried = new Map(this.#carried)
    for (const contactId of this.#carried.keys())
      if (this.#parts.has(contactId)) carried.delete(contactId)
    for (const contactId of this.#continuing) carried.set(contactId, this.#timeOf(contactId))
    return [...carried].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Puts the rows that may have changed since the last call. */
  tell(rows: RowSet): void {
    for (const contactId of this.#stale) {
      const ended = this.#parts.get(contactId)?.ended ?? null
      const key = keyOfSession('effective-part', contactId)
      if (ended === null) rows.remove(key)
      else putChanged(rows, key, { contactId, ended, effectiveMs: this.#timeOf(contactId) })
    }
    this.#stale.clear()
  }

  /** Those that lie in the quarter-hour. */
  piecesIn(slotStartMs: EpochMs): PartPiece[] {
    const found: PartPiece[] = []
    const slotEndMs = slotStartMs + slotMs
    for (const { pieces } of this.#parts.values())
      for (const piece of pieces)
        if (piece.startMs < slotEndMs && piece.endMs > slotStartMs) found.push(piece)
    return found
  }

  #timeOf(contactId: string): number {
    let totalMs = this.#carried.get(contactId) ?? 0
    let nextMs = -Infinity
    for (const { startMs, endMs, runs } of this.#parts.get(contactId)?.pieces ?? []) {
      if (runs) continue
      const firstMs = bucketStart(startMs as EpochMs, slotMs)
      for (
        let slotStartMs = Math.max(firstMs, nextMs);
        slotStartMs < endMs;
        slotStartMs += slotMs
      ) {
        totalMs += this.#sharesIn(slotStartMs as EpochMs).get(contactId) ?? 0
        nextMs = slotStartMs + slotMs
      }
    }
    return totalMs
  }

  /** What each part took in the quarter-hour. */
  #sharesIn(slotStartMs: EpochMs): ReadonlyMap<string, number> {
    const known = this.#outdated.has(slotStartMs) ? undefined : this.#shares.get(slotStartMs)
    return known ?? this.#share(slotStartMs)
  }

  #share(slotStartMs: EpochMs): ReadonlyMap<string, number> {
    const shares = new Map<string, number>()
    const endMs = (slotStartMs + slotMs) as EpochMs
    shareOut(this.piecesIn(slotStartMs), slotStartMs, endMs, ({ contactId, runs }, ms) => {
      if (!runs) shares.set(contactId, (shares.get(contactId) ?? 0) + ms)
    })
    this.#shares.set(slotStartMs, shares)
    this.#outdated.delete(slotStartMs)
    return shares
  }

  /** Spans have changed there. */
  #forget(fromMs: number, toMs: number): void {
    for (const [slotStartMs, shares] of this.#shares) {
      if (slotStartMs >= toMs || slotStartMs + slotMs <= fromMs) continue
      // What a part takes outside of what changed stays as it was.
      for (const contactId of shares.keys())
        if (this.#liesIn(contactId, fromMs, toMs)) this.#stale.add(contactId)
      this.#outdated.add(slotStartMs)
    }
  }

  #liesIn(contactId: string, fromMs: number, toMs: number): boolean {
    for (const { startMs, endMs } of this.#parts.get(contactId)?.pieces ?? [])
      if (startMs < toMs && endMs > fromMs) return true
    return false
  }
}

const momentOf = ({ atMs, credit }: PartEnd): Moment => ({
  atMs,
  credit: dimensionSet(credit, credit),
})

/** Most parts of a quarter-hour take what they took before. */
function putChanged(rows: RowSet, key: string, row: Omit<EffectivePartRow, 'grain'>): void {
  const told = rows.get(key) as EffectivePartRow | undefined
  if (told?.ended !== row.ended || told.effectiveMs !== row.effectiveMs)
    rows.put({ grain: 'effective-part', ...row })
}

const piecesOf = (contactId: string, spans: readonly EngagedSpan[]): PartPiece[] =>
  spans.map(({ startMs, endMs, queue = null, runs = false }) => ({
    ...{ contactId, queue, runs },
    ...{ startMs, endMs: endMs ?? Infinity },
  }))

/** All that lies in one of these lists of spans and not, or in another way, in the other. `null`: nothing. */
function changedSpan(
  before: readonly EngagedSpan[],
  after: readonly EngagedSpan[],
): { readonly fromMs: number; readonly toMs: number } | null {
  const [a, b] = [before[0], after[0]]
  if (a === undefined && b === undefined) return null
  // Of a chat that goes on, the end of the last span has moved.
  const isMoved =
    before.length === 1 && after.length === 1 && a !== undefined && b !== undefined && isAlike(a, b)
  const ends = [...before, ...after].map(({ endMs }) => endMs ?? Infinity)
  return {
    fromMs: isMoved ? Math.min(...ends) : Math.min(a?.startMs ?? Infinity, b?.startMs ?? Infinity),
    toMs: Math.max(...ends),
  }
}

const isAlike = (a: EngagedSpan, b: EngagedSpan): boolean =>
  a.startMs === b.startMs && a.queue === b.queue && a.runs === b.runs
