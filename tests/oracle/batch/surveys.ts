import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { observed } from './contact-credit.ts'
import { ownerAfter, sessionCourse, type Course } from './course.ts'
import { handledObservations } from './counts.ts'
import { judgedAfter, lastServed } from './judged.ts'
import type { Observation } from './observation.ts'
import { isBefore, timelineOf } from './order.ts'

/** What customers were asked, and said: of contacts and of surveys that name none. `courses`: all sessions of contacts, discarded ones too. */
export function surveyObservations(
  events: readonly CanonicalEvent[],
  courses: readonly Course[],
  config: TenantConfig,
): Observation[] {
  const all = timelineOf(events.filter(({ type }) => type.startsWith('survey.')))
  const contacts = Map.groupBy(
    all.filter(({ data }) => data.contactId !== undefined),
    ({ data }) => data.contactId!,
  )
  const others = Map.groupBy(
    all.filter(({ data }) => data.contactId === undefined),
    (event) => (event.data['surveyId'] as string | undefined) ?? event,
  )
  return [
    ...[...contacts].flatMap(([contactId, its]) =>
      ofContact(contactId, its, courses, config).map((one) => ({
        ...one,
        of: `contact/${contactId}`,
      })),
    ),
    ...[...others.values()].flatMap(ofNoContact),
  ]
}

/** Without a contact it is as one of which nothing else is known. */
function ofNoContact(its: readonly CanonicalEvent[]): Observation[] {
  const tell: Tell = ({ timeMs, data }, what, value) => ({
    ...{ what, atMs: timeMs, value, scope: 'both' },
    dimensions: {
      ...{ queue: 'none', channel: 'unknown', class: 'live' },
      agent: data.agentId ?? 'none',
    },
  })
  const subjects = ofAnswer(its, (data) => (data.agentId === undefined ? null : 'human'))
  return [...ofKinds(its, tell), ...subjects.map(({ what, event }) => tell(event, what, 1))]
}

type Tell = (event: CanonicalEvent, what: string, value: number) => Observation

/** The first invitation and the last answer of each kind. */
function ofKinds(its: readonly CanonicalEvent[], tell: Tell): Observation[] {
  const kinds = Map.groupBy(its, ({ data }) => data.kind!)
  return [...kinds].flatMap(([kind, ofKind]) => {
    const sent = ofKind.find(({ type }) => type === 'survey.sent')
    const answer = ofKind.findLast(({ type }) => type === 'survey.answered')
    const found: Observation[] = []
    if (sent !== undefined) {
      found.push(tell(sent, 'survey-sent', 1))
      if (answer !== undefined && answer.timeMs >= sent.timeMs)
        found.push(tell(sent, 'survey-returned', 1))
    }
    if (answer === undefined) return found
    const share = shareOf(answer)
    found.push(
      tell(answer, `${kind}-rated`, 1),
      tell(answer, `${kind}-score`, Math.round(1e8 * share)),
    )
    if (kind === 'csat' && isSatisfied(answer)) found.push(tell(answer, 'csat-satisfied', 1))
    if (kind === 'nps' && share >= 0.9) found.push(tell(answer, 'nps-balance', 100))
    if (kind === 'nps' && share <= 0.6) found.push(tell(answer, 'nps-balance', -100))
    return found
  })
}

/** Of the last satisfaction answer: whose it is. */
function ofAnswer(
  its: readonly CanonicalEvent[],
  subjectOf: (data: CanonicalEvent['data'], event: CanonicalEvent) => string | null,
): { readonly what: string; readonly event: CanonicalEvent }[] {
  const event = its.findLast(({ type, data }) => type === 'survey.answered' && data.kind === 'csat')
  if (event === undefined) return []
  const subject = subjectOf(event.data, event)
  if (subject === null) return []
  return [
    { what: `csat-${subject}-rated`, event },
    ...(isSatisfied(event) ? [{ what: `csat-${subject}-satisfied`, event }] : []),
  ]
}

type Answer = {
  readonly score: number
  readonly scaleMin: number
  readonly scaleMax: number
  readonly satisfiedFrom?: number
  readonly reversed?: boolean
}

/** Of the best that the scale has. */
function shareOf({ data }: CanonicalEvent, value?: number): number {
  const { score, scaleMin, scaleMax, reversed } = data as unknown as Answer
  const share = ((value ?? score) - scaleMin) / (scaleMax - scaleMin)
  return reversed === true ? 1 - share : share
}

function isSatisfied(event: CanonicalEvent): boolean {
  const { satisfiedFrom } = event.data as unknown as Answer
  return (
    shareOf(event) >= (satisfiedFrom === undefined ? 0.75 : shareOf(event, satisfiedFrom)) - 1e-9
  )
}

function ofContact(
  contactId: string,
  its: readonly CanonicalEvent[],
  all: readonly Course[],
  config: TenantConfig,
): Observation[] {
  const unknown = sessionCourse({
    ...{ id: contactId, events: [], config, opening: undefined, inherited: null },
  })
  const bySession = Map.groupBy(its, (survey) => sessionOf(survey, all) ?? unknown)
  return [...bySession].flatMap(([course, ofSession]) => {
    if (course.discarded) return []
    const tell: Tell = (event, what, value) =>
      observed(course, what, event.timeMs, value, ...creditAt(course, event))
    return [
      ...ofKinds(ofSession, tell),
      ...ofAnswer(ofSession, (_, event) => subjectAt(course, event)).map(({ what, event }) =>
        tell(event, what, 1),
      ),
    ]
  })
}

const eventsBefore = ({ events }: Course, survey: CanonicalEvent): number =>
  events.filter((event) => isBefore(event, survey)).length

/** Whose work it judges; the survey’s own agent, if it names one. */
function creditAt(
  course: Course,
  survey: CanonicalEvent,
): readonly [queue: string | null, agent: string | null] {
  const [queue, served] = judgedAfter(course, eventsBefore(course, survey))
  return [queue, survey.data.agentId ?? served]
}

function subjectAt(course: Course, survey: CanonicalEvent): string | null {
  const n = eventsBefore(course, survey)
  const hasBot = course.events
    .slice(0, n)
    .some(
      ({ type, data }) =>
        type === 'message.sent' &&
        data.from === 'bot' &&
        data.visibility !== 'private' &&
        data.automatic !== true,
    )
  const human = survey.data.agentId ?? ownerAfter(course, n) ?? lastServed(course, n)
  if (hasBot) return human === null ? 'bot' : 'assisted'
  return human === null ? null : 'human'
}

/** Contacts handled of whose customers a rating was asked. */
export function invitedObservations(
  events: readonly CanonicalEvent[],
  courses: readonly Course[],
): Observation[] {
  const invitations = events.filter(({ type }) => type === 'survey.sent')
  const invited = new Set(invitations.flatMap((event) => sessionOf(event, courses) ?? []))
  return [...invited]
    .filter(({ discarded, offline }) => !discarded && !offline)
    .flatMap((course) => {
      const handled = handledObservations(course).filter(({ what }) => what === 'handled')
      const of = `contact/${course.id.split('\u001f')[0]}`
      return handled.map((one) => ({ ...one, of, what: 'handled-invited' }))
    })
}

/** The session that goes on when it is told; before the first one, that. `undefined`: nothing else is known of the contact. */
function sessionOf(survey: CanonicalEvent, courses: readonly Course[]): Course | undefined {
  const its = courses.filter(({ id }) => id.split('\u001f')[0] === survey.data.contactId)
  return (
    its.findLast(({ events: [first] }) => first !== undefined && isBefore(first, survey)) ?? its[0]
  )
}
