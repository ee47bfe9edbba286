import type { ScoreCard } from '../config/score-card.ts'
import type { Period } from '../time/periods.ts'
import { bandIn } from './score.ts'
import { tidy } from './tidy.ts'

/** What an agent had in a period, by the card that was in force then. */
export type CoursePoint = {
  readonly period: Period
  readonly card: ScoreCard
  readonly total: number
}

/** An agent's periods up to one, that one last; `null`: it had no score, or there was no such card. */
export type Course = readonly (CoursePoint | null)[]

const isLowest = ({ card, total }: CoursePoint): boolean =>
  bandIn(card, total) === card.bands.at(-1)
const isHighest = (card: ScoreCard, total: number): boolean => bandIn(card, total) === card.bands[0]

/** How many of the last ones are so, without a gap. */
function inARow<One>(all: readonly One[], isSo: (one: One) => boolean): number {
  const last = all.findLastIndex((one) => !isSo(one))
  return all.length - 1 - last
}

/** Periods in a row in the lowest band, up to the last one. */
export const lowInARow = (course: Course): number =>
  inARow(course, (point) => point !== null && isLowest(point))

/**
 * Quarters in a row in the highest band, up to the last one: each by the mean of the scores of its periods, and the bands of its last card.
 * @param labels of the quarter in which each period of the course ends, `null` of one that is not over.
 */
export function topQuartersInARow(course: Course, labels: readonly (string | null)[]): number {
  const quarters = Map.groupBy(
    course.map((point, place) => ({ point, label: labels[place] ?? null })),
    ({ label }) => label,
  )
  quarters.delete(null)
  return inARow([...quarters.values()], (members) => {
    const points = members.flatMap(({ point }) => point ?? [])
    const last = points.at(-1)
    if (last === undefined) return false
    const sum = points.reduce((all, { total }) => all + total, 0)
    return isHighest(last.card, tidy(sum / points.length))
  })
}
