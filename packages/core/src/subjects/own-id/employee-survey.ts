import { dimensionSet } from '../../measures/dimension-set.ts'
import { scoreParts } from '../score.ts'
import type { OwnIdKind } from './own-id.ts'

/** An employee's answer, of no agent and no queue: the last word counts, at the time of the first. */
export const employeeSurvey: OwnIdKind = {
  name: 'employee-survey',
  types: ['employee.surveyed'],
  idOf: ({ surveyId }) => surveyId as string,
  tell(events) {
    const { score, scaleMin, scaleMax } = events.at(-1)!.data as Answer
    const points = (100 * (score - scaleMin)) / (scaleMax - scaleMin)
    const answered = { atMs: events[0]!.timeMs, credit: dimensionSet({}) }
    return { rows: [{ grain: 'employee-survey', answered, score: scoreParts(points) }] }
  },
}

type Answer = { readonly score: number; readonly scaleMin: number; readonly scaleMax: number }
