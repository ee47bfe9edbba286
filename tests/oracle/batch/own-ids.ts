import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import type { DimensionValues } from '@deskpulse/core/measures'
import type { Course } from './course.ts'
import { judgedAt } from './judged.ts'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'

type Field = 'complaintId' | 'reviewId' | 'followupId' | 'incidentId' | 'offerId' | 'refundId'

/** Complaints, reviews, follow-ups, incidents, offered services and refunds, each from all events that name it. */
export function ownIdObservations(
  events: readonly CanonicalEvent[],
  courses: readonly Course[],
  asOfMs: number,
): Observation[] {
  const each = (field: Field, types: readonly EventType[]): (readonly CanonicalEvent[])[] => {
    const its = timelineOf(events.filter(({ type }) => types.includes(type)))
    return [...Map.groupBy(its, ({ data }) => data[field]).values()]
  }
  return [
    ...each('complaintId', ['complaint.filed', 'complaint.settled']).flatMap((its) =>
      ofComplaint(its, courses).map((one) => ({
        ...one,
        of: `complaint/${idIn(its, 'complaintId')}`,
      })),
    ),
    ...each('reviewId', ['review.posted']).flatMap((its) =>
      ofReview(its, courses).map((one) => ({ ...one, of: `review/${idIn(its, 'reviewId')}` })),
    ),
    ...each('followupId', ['followup.planned', 'followup.done']).flatMap((its) =>
      ofFollowUp(its, asOfMs),
    ),
    ...each('incidentId', ['incident.opened', 'incident.restored']).flatMap(ofIncident),
    ...each('offerId', ['offer.made', 'offer.accepted']).flatMap(ofOffer),
    ...each('refundId', ['refund.requested', 'refund.handled']).flatMap(ofRefund),
  ]
}

const idIn = (its: readonly CanonicalEvent[], field: Field): string => its[0]!.data[field] as string

const of = (
  what: string,
  atMs: number,
  value: number,
  dimensions: DimensionValues,
): Observation => ({
  what,
  atMs,
  value,
  dimensions,
  scope: 'both',
})
const first = (its: readonly CanonicalEvent[], type: EventType): number | undefined =>
  its.find((event) => event.type === type)?.timeMs
const last = (its: readonly CanonicalEvent[], field: string): unknown =>
  its.map(({ data }) => data[field]).findLast((value) => value !== undefined)
const agentOf = (its: readonly CanonicalEvent[]): DimensionValues => ({
  agent: (last(its, 'agentId') ?? 'none') as string,
})

/** Whose work the contact says that it was, but of the agent who is named. */
function judgedCredit(
  its: readonly CanonicalEvent[],
  atMs: number,
  courses: readonly Course[],
): DimensionValues {
  const judged = judgedAt(last(its, 'contactId'), atMs, courses)
  return { ...judged, agent: (last(its, 'agentId') as string | undefined) ?? judged.agent }
}

function ofComplaint(its: readonly CanonicalEvent[], courses: readonly Course[]): Observation[] {
  const [filedMs, settledMs] = [first(its, 'complaint.filed'), first(its, 'complaint.settled')]
  const agent = judgedCredit(its, (filedMs ?? settledMs)!, courses)
  const found: Observation[] = []
  if (filedMs !== undefined) found.push(of('complaint', filedMs, 1, agent))
  if (settledMs !== undefined && last(its, 'justified') === true)
    found.push(of('justified', settledMs, 1, agent))
  if (filedMs !== undefined && settledMs !== undefined && settledMs >= filedMs)
    found.push(of('complaint-time', settledMs, settledMs - filedMs, agent))
  return found
}

function ofReview(its: readonly CanonicalEvent[], courses: readonly Course[]): Observation[] {
  const { timeMs } = its[0]!
  const posted = of('review', timeMs, 1, judgedCredit(its, timeMs, courses))
  const isBad = last(its, 'rating') === 'bad' && last(its, 'causedByService') !== false
  return isBad ? [posted, { ...posted, what: 'bad-review' }] : [posted]
}

function ofFollowUp(its: readonly CanonicalEvent[], asOfMs: number): Observation[] {
  const plannedMs = first(its, 'followup.planned')
  if (plannedMs === undefined) return []
  const told = last(its, 'dueAt') as string | undefined
  const year = 366 * 86_400_000
  const dueMs =
    told === undefined || Date.parse(told) < plannedMs
      ? plannedMs
      : Math.min(Date.parse(told), plannedMs + year)
  if (dueMs > asOfMs) return []
  const due = of('follow-up-due', dueMs, 1, agentOf(its))
  return its.some(({ type }) => type === 'followup.done')
    ? [due, { ...due, what: 'follow-up-done' }]
    : [due]
}

function ofIncident(its: readonly CanonicalEvent[]): Observation[] {
  const openedMs = first(its, 'incident.opened')
  const restored = its.find(
    ({ type, timeMs }) =>
      type === 'incident.restored' && openedMs !== undefined && timeMs >= openedMs,
  )
  if (openedMs === undefined || restored === undefined) return []
  return [
    of('restored', restored.timeMs, restored.timeMs - openedMs, {
      queue: (last(its, 'queue') ?? 'none') as string,
    }),
  ]
}

function ofOffer(its: readonly CanonicalEvent[]): Observation[] {
  const madeMs = first(its, 'offer.made')
  if (madeMs === undefined) return []
  const queue = (last(its, 'queue') ?? 'none') as string
  const made = of('service-offered', madeMs, 1, { ...agentOf(its), queue })
  return its.some(({ type }) => type === 'offer.accepted')
    ? [made, { ...made, what: 'service-taken' }]
    : [made]
}

function ofRefund(its: readonly CanonicalEvent[]): Observation[] {
  const requestedMs = first(its, 'refund.requested')
  if (requestedMs === undefined) return []
  const requested = of('refund', requestedMs, 1, agentOf(its))
  const handledMs = its
    .filter(({ type }) => type === 'refund.handled')
    .map(({ timeMs }) => timeMs)
    .find((atMs) => atMs >= requestedMs)
  if (handledMs === undefined) return [requested]
  const dueAt = last(its, 'dueAt') as string | undefined
  const isKept =
    (dueAt === undefined || handledMs <= Date.parse(dueAt)) && last(its, 'correct') !== false
  return [
    requested,
    of('refund-time', handledMs, handledMs - requestedMs, agentOf(its)),
    ...(isKept ? [{ ...requested, what: 'refund-kept' }] : []),
  ]
}
