import { dimensionSet } from '../../measures/dimension-set.ts'
import { ratedOf } from '../../surveys/score.ts'
import type { OwnIdKind } from './own-id.ts'

/** An employee's answer, of no agent and no queue: the last word counts, at the time of the first. */
export const employeeSurvey: OwnIdKind = {
  name: 'employee-survey',
  types: ['employee.surveyed'],
  idOf: ({ surveyId }) => surveyId as string,
  tell(events) {
    const { score } = ratedOf(events.at(-1)!.data)
    const answered = { atMs: events[0]!.timeMs, credit: dimensionSet({}) }
    return { rows: [{ grain: 'employee-survey', answered, score }] }
  },
}
