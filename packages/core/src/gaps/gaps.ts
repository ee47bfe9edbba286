import type { EpochMs, Interval } from '../time/time.ts'

/** Where records were lost: from the log, before they were folded, or from the raw topic, before ingest forwarded them. */
export const gapTopics = ['log', 'raw'] as const
export type GapTopic = (typeof gapTopics)[number]

/** Records that are gone from a partition of a topic: offsets [from, to). They came in within [sinceMs, untilMs], as far as is known (0: nobody knows since when). */
export type FoundGap = {
  readonly topic: GapTopic
  readonly partition: number
  readonly from: number
  readonly to: number
  readonly sinceMs: EpochMs
  readonly untilMs: EpochMs
}

export type GapAcknowledgement = {
  readonly author: string
  readonly comment: string
  readonly atMs: EpochMs
}

/** A gap as a partition of the state knows it. `number` counts its alerts from 1: one that grows after it was acknowledged is another. */
export type Gap = FoundGap & {
  readonly number: number
  /** Log time. */
  readonly foundMs: EpochMs
  readonly acknowledged: GapAcknowledgement | null
}

/** Of the same records it is the same, whoever finds it and how often. */
export const gapIdOf = ({
  topic,
  partition,
  from,
}: Pick<FoundGap, 'topic' | 'partition' | 'from'>): string => `${topic}-${partition}-${from}`

/** Beyond so many, acknowledged ones go, the oldest first. One that nobody has acknowledged stays: its alert could not end, and answers would forget it. */
export const gapsMax = 100

/** `isNew`: nobody was told of it yet, or it has grown since it was acknowledged. */
export type KnownGap = { readonly gaps: readonly Gap[]; readonly gap: Gap; readonly isNew: boolean }

/** A partition's gaps with one that was found. `null`: it is known already, and has not grown. */
export function withGap(gaps: readonly Gap[], found: FoundGap, foundMs: EpochMs): KnownGap | null {
  const before = gaps.find((gap) => gapIdOf(gap) === gapIdOf(found))
  if (before !== undefined && before.to >= found.to) return null
  const isNew = before === undefined || before.acknowledged !== null
  const number = (before?.number ?? 0) + (isNew ? 1 : 0)
  const sinceMs = Math.min(before?.sinceMs ?? found.sinceMs, found.sinceMs) as EpochMs
  const gap: Gap = {
    ...found,
    sinceMs,
    number,
    foundMs: isNew ? foundMs : before.foundMs,
    acknowledged: null,
  }
  return { gaps: bounded([...gaps.filter((one) => one !== before), gap]), gap, isNew }
}

function bounded(gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.length <= gapsMax) return gaps
  const oldest = gaps.find(({ acknowledged }) => acknowledged !== null)
  return gaps.filter((gap) => gap !== oldest)
}

/** With the gap acknowledged. `null`: there is no such gap, or it was before. */
export function withAcknowledged(
  gaps: readonly Gap[],
  gapId: string,
  acknowledged: GapAcknowledgement,
): Omit<KnownGap, 'isNew'> | null {
  const before = gaps.find((gap) => gapIdOf(gap) === gapId)
  if (before === undefined || before.acknowledged !== null) return null
  const gap = { ...before, acknowledged }
  return { gaps: gaps.map((one) => (one === before ? gap : one)), gap }
}

/** What values lack: records that came in within [sinceMs, untilMs] are not counted. */
export type Incomplete = {
  readonly sinceMs: EpochMs
  readonly untilMs: EpochMs
  readonly records: number
}

/** The gaps that nobody has acknowledged, as one; of those that touch the interval, where one is given. `null`: there is none. */
export function incompleteOf(gaps: readonly Gap[], interval: Interval | null): Incomplete | null {
  const touching = gaps.filter(
    ({ acknowledged, sinceMs, untilMs }) =>
      acknowledged === null &&
      (interval === null || (sinceMs < interval.endMs && untilMs >= interval.startMs)),
  )
  if (touching.length === 0) return null
  return {
    sinceMs: Math.min(...touching.map(({ sinceMs }) => sinceMs)) as EpochMs,
    untilMs: Math.max(...touching.map(({ untilMs }) => untilMs)) as EpochMs,
    records: touching.reduce((sum, { from, to }) => sum + to - from, 0),
  }
}
