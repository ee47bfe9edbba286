import { type ClosedRecord, decodeClosed } from '@deskpulse/core/closed'
import { issuedPartKey, issuedRecord, type ReadingPlan } from '@deskpulse/core/kpis'
import type { CardScore } from '@deskpulse/core/scorecards'
import type { EpochMs } from '@deskpulse/core/time'
import type { Read } from '../questions/rows.ts'
import { type AgentPlans, scoreIssued } from './plans.ts'

/** May be issued between the read that tells how many revisions there are and the one that brings them. */
const issuedMeanwhileMax = 2

/** Which revision of each record was the last one, as far as is known: those before it are then read, too. */
export class KnownRevisions {
  readonly #last = new Map<string, number>()

  note(key: string, last: Uint8Array | null): void {
    if (last !== null) this.#last.set(key, decodeClosed(last).revision)
  }

  /** The keys of what may have been superseded of a plan. */
  keysOf(plan: ReadingPlan): string[] {
    return plan.issued.flatMap((part) => {
      const last = this.#last.get(issuedPartKey(plan, part))
      if (last === undefined) return []
      return Array.from({ length: last + issuedMeanwhileMax - 1 }, (_, place) =>
        issuedPartKey(plan, part, place + 1),
      )
    })
  }

  /** What was issued of each part of a plan, oldest first. */
  issuedOf(
    plan: ReadingPlan,
    values: Read['values'],
    superseded: Read['values'],
  ): readonly (readonly ClosedRecord[])[] {
    let at = 0
    return plan.issued.map((part, place) => {
      const key = issuedPartKey(plan, part)
      const last = values[plan.keys.length - plan.issued.length + place] ?? null
      const known = this.#last.get(key)
      const length = known === undefined ? 0 : known + issuedMeanwhileMax - 1
      const before = superseded.slice(at, (at += length))
      if (last === null) return []
      const record = issuedRecord(plan, place, last)
      const earlier = before.flatMap((bytes) =>
        bytes === null ? [] : [issuedRecord(plan, place, bytes)],
      )
      return [...earlier.filter(({ revision }) => revision < record.revision), record]
    })
  }
}

/** What was issued of each part of each plan of an agent. */
export type IssuedOfAgent = readonly (readonly (readonly ClosedRecord[])[])[]

/** A score as it was issued, and since when. */
export type CardRevision = { readonly closedAtMs: EpochMs; readonly score: CardScore }

/**
 * The scores that were issued, or that a granted appeal made, each that differs from the one before. What is issued while the period still runs, as are days of who changes accounts within it, is in the first one.
 */
export function revisionsOf(
  agent: AgentPlans,
  issued: IssuedOfAgent,
  asOfMs: EpochMs,
): readonly CardRevision[] {
  const issues = issued.flat(2).map(({ closedAtMs }) => closedAtMs)
  const firstMs = Math.min(...issues)
  const granted = agent.leftOut.map(({ sinceMs }) => sinceMs).filter((atMs) => atMs > firstMs)
  const instants = [...new Set([...issues, ...granted])].sort((a, b) => a - b)
  const since = instants.filter((atMs) => atMs >= agent.period.endMs)
  const revisions: CardRevision[] = []
  for (const closedAtMs of since.length > 0 ? since : instants.slice(-1)) {
    const standing = issued.map((parts) => ({
      measures: parts.flatMap(
        (records) => records.findLast((one) => one.closedAtMs <= closedAtMs)?.measures ?? [],
      ),
    }))
    const score = scoreIssued(agent, standing, asOfMs, closedAtMs)
    const before = revisions.at(-1)?.score
    if (before === undefined || !isSame(before, score)) revisions.push({ closedAtMs, score })
  }
  return revisions
}

/** No value of the card and no points are others. */
const isSame = (one: CardScore, other: CardScore): boolean =>
  one.items.every(
    ({ value, points }, place) =>
      points === other.items[place]!.points && value.value === other.items[place]!.value.value,
  )
