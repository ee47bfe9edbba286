import type { EventData } from '../events/event.ts'
import { perPoint } from '../subjects/score.ts'

export const surveyKinds = ['csat', 'nps', 'ces', 'quality'] as const
export type SurveyKind = (typeof surveyKinds)[number]

/** Of a score that is as good as its scale allows: 100 points. */
export const wholeScore = 100 * perPoint

/** An answer to a survey, on whatever scale it was given. `score`: from 0 to `wholeScore`, more is better. */
export type Rated = { readonly score: number; readonly isSatisfied: boolean }

/** The two highest of five points. */
const satisfiedFrom = 0.75 * wholeScore

/** What `survey.answered` says (semantics 22). A reversed scale has its best score at its lower end. */
export function ratedOf(data: EventData): Rated {
  const { score, scaleMin, scaleMax, reversed = false } = data as unknown as Scored
  const onScale = (value: number): number => {
    const above = reversed ? scaleMax - value : value - scaleMin
    return Math.round((wholeScore * above) / (scaleMax - scaleMin))
  }
  const least = data['satisfiedFrom'] as number | undefined
  const own = onScale(score)
  return { score: own, isSatisfied: own >= (least === undefined ? satisfiedFrom : onScale(least)) }
}

type Scored = {
  readonly score: number
  readonly scaleMin: number
  readonly scaleMax: number
  readonly reversed?: boolean
}

/** What an answer to “would you recommend us?” counts, of 0 to 10 points: from 9 on for, up to 6 against. */
export function recommendation({ score }: Pick<Rated, 'score'>): 1 | 0 | -1 {
  if (score >= 0.9 * wholeScore) return 1
  return score <= 0.6 * wholeScore ? -1 : 0
}
