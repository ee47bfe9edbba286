import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import { ratedOf, surveyKinds } from '../../surveys/score.ts'
import type { Moment, SurveyRow } from '../row.ts'
import { firstOf, type OwnIdKind } from './own-id.ts'

/** A survey that names no contact: by its own id, else each event by itself. Of each kind the first invitation and the last answer count. */
export const survey: OwnIdKind = {
  name: 'survey',
  types: ['survey.sent', 'survey.answered'],
  idOf: ({ surveyId }, { source, id }) =>
    surveyId === undefined ? `${source}#${id}` : (surveyId as string),
  tell: (events) => ({
    rows: surveyKinds.flatMap((kind) => {
      const its = events.filter(({ data }) => data.kind === kind)
      return its.length === 0 ? [] : [rowOf(kind, its)]
    }),
  }),
}

function rowOf(kind: SurveyRow['kind'], its: readonly CanonicalEvent[]): SurveyRow {
  const invited = firstOf(its, 'survey.sent')
  const answered = its.findLast(({ type }) => type === 'survey.answered')
  const rated = answered === undefined ? null : ratedOf(answered.data)
  return {
    grain: 'survey',
    kind,
    subject: answered?.data.agentId === undefined ? null : 'human',
    invited: invited === undefined ? null : momentOf(invited),
    isReturned:
      invited !== undefined && answered !== undefined && answered.timeMs >= invited.timeMs,
    answered: answered === undefined ? null : momentOf(answered),
    score: rated?.score ?? null,
    isSatisfied: rated?.isSatisfied === true,
  }
}

/** As a contact of which nothing else is known. */
const momentOf = ({ timeMs: atMs, data: { agentId } }: CanonicalEvent): Moment => ({
  atMs,
  credit: dimensionSet({
    ...{ queue: 'none', agent: agentId ?? 'none', channel: 'unknown', class: 'live' },
  }),
})
