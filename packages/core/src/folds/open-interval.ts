import type { FactDimensions } from '../measures/measure.ts'
import type { OpenKind } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import { equalDimensions } from './ledger.ts'

/**
 * What is still going on with a subject: one member of each slice's zset of that kind. A subject has at most one of a kind. The configuration in force at
 * `sinceMs`, its beginning, says in which slices; `scoreMs` is that instant too, or the due one.
 */
export type OpenInterval = {
  readonly kind: OpenKind
  readonly member: string
  readonly scoreMs: EpochMs
  readonly sinceMs: EpochMs
  readonly dimensions: FactDimensions
}

/** An interval that came (`now`) in the place of one that was committed (`before`); either may be absent. */
export type OpenDifference = { readonly before: OpenInterval | null; readonly now: OpenInterval | null }

/** What changed from the committed intervals to those of now; intervals that are the same are not in it. */
export function openDifferences(before: readonly OpenInterval[], now: readonly OpenInterval[]): OpenDifference[] {
  const ended = before.map((old) => ({ before: old, now: now.find(({ kind }) => kind === old.kind) ?? null }))
  const begun = now.filter(({ kind }) => !before.some((old) => old.kind === kind))
  return [
    ...ended.filter((one) => one.now === null || !equalIntervals(one.before, one.now)),
    ...begun.map((one) => ({ before: null, now: one })),
  ]
}

function equalIntervals(a: OpenInterval, b: OpenInterval): boolean {
  return a.member === b.member && a.scoreMs === b.scoreMs && a.sinceMs === b.sinceMs && equalDimensions(a.dimensions, b.dimensions)
}
