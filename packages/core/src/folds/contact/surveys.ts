import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { Moment, SurveyRow, SurveySubject } from '../../subjects/row.ts'
import { type Rated, ratedOf, type SurveyKind, surveyKinds } from '../../surveys/score.ts'
import { creditOf, type ContactContext, type Credit } from './context.ts'
import { judgedCredit, servedCredit } from './served.ts'
import type { ContactState, Credited } from './state.ts'

/** A survey of one kind in a contact. `null`: its customer was not asked; or gave no answer, of which the last one counts. */
export type ContactSurvey = {
  readonly invited: Credited | null
  readonly answered: (Credited & Rated & { readonly subject: SurveySubject | null }) | null
}

const unasked: ContactSurvey = { invited: null, answered: null }

/** The first invitation and the last answer of each kind count. */
export function passSurvey(
  context: ContactContext,
  { type, timeMs: atMs, data }: CanonicalEvent,
): void {
  const { state } = context
  const kind = data.kind as SurveyKind
  const known = state.surveys?.[kind] ?? unasked
  const at = { atMs, ...surveyCredit(context, data) }
  const survey =
    type === 'survey.sent'
      ? { ...known, invited: known.invited ?? at }
      : { ...known, answered: { ...at, ...ratedOf(data), subject: subjectOf(state, data) } }
  state.surveys = { ...state.surveys, [kind]: survey }
}

/** What the contact's surveys say by now. */
export function surveyRows(state: ContactState): SurveyRow[] {
  const { surveys } = state
  if (surveys === null) return []
  return surveyKinds.flatMap((kind) => {
    const survey = surveys[kind]
    return survey === undefined ? [] : [surveyRow(state, kind, survey)]
  })
}

export const isInvited = ({ surveys }: ContactState): boolean =>
  surveys !== null && surveyKinds.some((kind) => (surveys[kind]?.invited ?? null) !== null)

function surveyRow(
  state: ContactState,
  kind: SurveyKind,
  { invited, answered }: ContactSurvey,
): SurveyRow {
  const momentOf = (at: Credited): Moment => ({ atMs: at.atMs, credit: creditOf(state, at) })
  return {
    grain: 'survey',
    kind,
    subject: answered?.subject ?? null,
    invited: invited && momentOf(invited),
    isReturned: invited !== null && answered !== null && answered.atMs >= invited.atMs,
    answered: answered && momentOf(answered),
    score: answered?.score ?? null,
    isSatisfied: answered?.isSatisfied === true,
  }
}

/** The survey’s own agent; else whose work it judges. The queue likewise. */
function surveyCredit({ state, opening }: ContactContext, { agentId }: EventData): Credit {
  const before = state.startedMs === null ? (opening?.data.queue ?? null) : state.queue
  const credit = judgedCredit(state) ?? { ...servedCredit(state, {}), queue: before }
  return agentId === undefined ? credit : { ...credit, agent: agentId }
}

/** Whom the answer judges; `null`: nobody had written or owned it. */
function subjectOf(
  { owner, lastServed, hasBotWritten }: ContactState,
  { agentId }: EventData,
): SurveySubject | null {
  const hasHuman = (agentId ?? owner ?? lastServed) !== null
  if (hasBotWritten) return hasHuman ? 'assisted' : 'bot'
  return hasHuman ? 'human' : null
}
