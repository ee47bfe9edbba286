import fc from 'fast-check'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import {
  agentIds,
  anyMoney,
  anyOf,
  canonical,
  type Draft,
  dueAt,
  eventOf,
  kindsOf,
  maybe,
  one,
  type Undated,
} from './drafts.ts'
import { anyAppeals } from './odd-appeals.ts'
import { anyManual } from './odd-manual.ts'
import { anyForecasts, anyShifts } from './odd-plans.ts'
import { anySales } from './odd-sales.ts'

const queues = ['billing', 'tech']
const customers = ['u-1', 'u-2']
const anyone = maybe(...agentIds)

const described = {
  topic: maybe('refund', 'login'),
  priority: maybe('high'),
  customerId: maybe(...customers),
  inAuthority: maybe(true, false, undefined),
}

const surveyKind = one('csat', 'csat', 'nps', 'ces', 'quality')
const surveyData: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
  'survey.sent': fc.record({
    ...{ kind: surveyKind, agentId: maybe('a-1', undefined, undefined) },
    customerId: maybe(...customers),
  }),
  'survey.answered': fc.oneof(
    fc.record({
      ...{ kind: surveyKind, agentId: maybe('a-1', undefined, undefined) },
      customerId: maybe(...customers),
      ...{ score: one(1, 2, 3, 4, 5), scaleMin: one(1), scaleMax: one(5) },
      ...{ satisfiedFrom: maybe(3, undefined), reversed: maybe(true, undefined) },
    }),
    fc.record({
      ...{ kind: one('nps'), agentId: anyone, score: fc.integer({ min: 0, max: 10 }) },
      ...{ scaleMin: one(0), scaleMax: one(10) },
    }),
  ),
}

/** Every event that a fold of this version reads, with the words that make a difference; some several times, as they are the usual ones. */
const contactData: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
  'contact.opened': fc.record({
    ...described,
    channel: one('chat', 'chat', 'voice', 'ticket', 'wechat'),
    shop: maybe('s-1', undefined),
    intent: maybe('presales', 'aftersales'),
    queue: maybe(...queues),
    handledBy: maybe('human', 'bot', undefined),
    openedBy: maybe('customer', 'agent', 'bot', 'system', undefined, undefined),
    direction: maybe('inbound', 'outbound', undefined, undefined, undefined),
    offline: maybe<boolean | undefined>(true, false, ...Array<undefined>(6)),
  }),
  'contact.updated': fc.record(described),
  'contact.queued': fc.record({ queue: one(...queues) }),
  'contact.presented': fc.record({ agentId: one(...agentIds) }),
  'contact.declined': fc.record({
    agentId: one(...agentIds),
    reason: maybe('timeout', 'rejected', 'withdrawn'),
  }),
  'contact.assigned': fc.record({ agentId: one(...agentIds), queue: maybe(...queues, undefined) }),
  'message.sent': fc.record({
    from: one('customer', 'customer', 'agent', 'agent', 'bot', 'system'),
    agentId: anyone,
    visibility: maybe('private', undefined, undefined),
    automatic: one<true | 'assisted' | undefined>(
      true,
      'assisted',
      undefined,
      undefined,
      undefined,
    ),
    messageId: maybe('m-1', undefined, undefined, undefined, undefined, undefined),
  }),
  'contact.work_started': fc.record({ agentId: one(...agentIds) }),
  'contact.work_ended': fc.record({ agentId: one(...agentIds) }),
  'contact.handed_off': fc.record({
    to: maybe('human', 'bot'),
    reason: maybe('limit', 'requested', 'unable', 'policy', 'mood'),
  }),
  'contact.dequeued': fc.record({ queue: maybe(...queues), reason: one('timeout') }),
  'contact.transferred': fc.record({
    mode: maybe('cold', 'warm', 'consult'),
    fromAgentId: anyone,
    toAgentId: anyone,
  }),
  'contact.escalated': fc.record({ byAgentId: anyone, kind: maybe('technical', 'conflict') }),
  'contact.unassigned': fc.record({ agentId: anyone }),
  'contact.released': fc.record({
    agentId: one(...agentIds),
    talkMs: maybe(0, 61_000, undefined),
    holdMs: maybe(0, 7_000, undefined),
    holds: maybe(0, 2, undefined),
  }),
  'contact.pended': fc.constant({}),
  'contact.resumed': fc.constant({}),
  'contact.held': fc.constant({}),
  'contact.retrieved': fc.constant({}),
  'contact.wrapped_up': fc.record({
    agentId: one(...agentIds),
    wrapUpMs: maybe(0, 9_000, undefined),
  }),
  'contact.ended': fc.record({ by: maybe('customer', 'agent', 'system', undefined) }),
  'contact.abandoned': fc.constant({}),
  'contact.resolved': fc.record({
    agentId: anyone,
    topic: maybe('login', undefined),
    inAuthority: maybe(true, false, undefined, undefined),
  }),
  'contact.reopened': fc.record({ by: maybe('customer', 'agent', 'system') }),
  'contact.closed': fc.constant({}),
  'contact.discarded': fc.constant({}),
  'contact.restored': fc.constant({}),
  ...surveyData,
}

const agentData: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
  'agent.state_changed': fc.record({
    agentId: one(...agentIds),
    state: one(
      'available',
      'available',
      'on_contact',
      'wrap_up',
      'break',
      'meal',
      'not_ready',
      'offline',
    ),
    reason: maybe('coffee', 'coffee', 'paperwork'),
    channel: maybe('chat', 'voice', undefined),
    capacity: maybe<Readonly<Record<string, number>> | undefined>(
      { chat: 2 },
      { voice: 1 },
      { chat: 3, voice: 1 },
      undefined,
    ),
  }),
  'agent.queue_joined': fc.record({ agentId: one(...agentIds), queue: one(...queues) }),
  'agent.queue_left': fc.record({ agentId: one(...agentIds), queue: one(...queues) }),
}

/** Instants on which things meet: limits, thresholds and gaps are whole seconds apart. */
const steps = one(
  0,
  0,
  1,
  2,
  5,
  6,
  20,
  28,
  29,
  30,
  31,
  60,
  180,
  600,
  601,
  1_000,
  3_600,
  3_601,
  9_000,
)

/** One contact's course: an opening as a rule, then anything, each some time after the one before. */
const anyContact = (contactId: string): fc.Arbitrary<Draft[]> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 4 * 3_600 }),
      fc.oneof({ weight: 6, arbitrary: anyOpening }, { weight: 3, arbitrary: anyOf(contactData) }),
      fc.array(fc.tuple(steps, usually), { maxLength: 14 }),
    )
    .map((course) => draftsOf(contactId, course))

/** The course of one in which much is written, held and hung up: among events of every kind that is rare. */
const anyTalk = (contactId: string): fc.Arbitrary<Draft[]> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 4 * 3_600 }),
      anyOpening,
      fc.array(fc.tuple(steps, fc.oneof(...ofTalk)), { minLength: 4, maxLength: 10 }),
    )
    .map((course) => draftsOf(contactId, course))

function draftsOf(
  contactId: string,
  [startSecond, first, rest]: readonly [number, Undated, readonly [number, Undated][]],
): Draft[] {
  let second = startSecond
  const drafts = [{ ...first, second }]
  for (const [step, event] of rest) drafts.push({ ...event, second: (second += step) })
  return drafts.map((draft) => ({ ...draft, data: { contactId, ...draft.data } }))
}

const usual: readonly EventType[] = [
  ...([
    'message.sent',
    'contact.queued',
    'contact.presented',
    'contact.declined',
    'contact.assigned',
    'contact.resolved',
    'contact.released',
  ] as const),
  ...(['contact.reopened', 'contact.opened'] as const),
]
const someOf = (types: readonly EventType[]): fc.Arbitrary<Undated>[] =>
  kindsOf(contactData)
    .filter(([type]) => types.includes(type))
    .map(eventOf)
const usually = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(...someOf(usual)) },
  { weight: 2, arbitrary: anyOf(contactData) },
)

const anyOpening = eventOf(['contact.opened', contactData['contact.opened']!])
const ofTalk = [
  { weight: 6, arbitrary: fc.oneof(...someOf(['message.sent'])) },
  { weight: 3, arbitrary: fc.oneof(...someOf(['contact.assigned'])) },
  ...someOf([
    ...(['contact.queued', 'contact.released', 'contact.ended', 'contact.handed_off'] as const),
    ...(['contact.held', 'contact.retrieved'] as const),
  ]).map((arbitrary) => ({ weight: 1, arbitrary })),
]

const anyAgentEvents: fc.Arbitrary<Draft[]> = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 9 * 3_600 }), anyOf(agentData))
    .map(([second, event]) => ({ ...event, second })),
  { maxLength: 14 },
)

/** Who is in which team from which day on: told at any time, also of days before, and anew. */
const anyRosters = (startMs: number): fc.Arbitrary<Draft[]> => {
  const dates = [-40, 0, 0, 1].map((days) =>
    new Date(startMs + days * 86_400_000).toISOString().slice(0, 10),
  )
  const roster = fc.record({
    agentId: one(...agentIds, 'a-3'),
    teams: fc.uniqueArray(one('day', 'night'), { maxLength: 2 }),
    aliases: fc.option(fc.uniqueArray(one(...agentIds, 'a-3'), { maxLength: 2 }), {
      nil: undefined,
    }),
    role: maybe('lead'),
    from: one(...dates),
  })
  return fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 9 * 3_600 }), roster)
      .map(([second, data]): Draft => ({ type: 'agent.rostered', data, second })),
    { maxLength: 5 },
  )
}

/** Heartbeats of an agent of its own, which signs in once and sends them regularly until it stops. */
const anyHeartbeats: fc.Arbitrary<Draft[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 4 * 3_600 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 120 }),
  )
  .map(([second, beats, everySeconds]): Draft[] => [
    { type: 'agent.state_changed', data: { agentId: 'a-3', state: 'available' }, second },
    ...Array.from({ length: beats }, (_, beat): Draft => {
      return {
        type: 'agent.heartbeat',
        data: { agentId: 'a-3' },
        second: second + beat * everySeconds,
      }
    }),
  ])

const withSurveyId = (data: fc.Arbitrary<EventData>): fc.Arbitrary<EventData> =>
  fc.tuple(data, maybe('x', 'y')).map(([survey, surveyId]) => ({ ...survey, surveyId }))

/** Two of each kind of subject with an id of its own, named by any events in any order. */
const anyOwnIds = (startMs: number): fc.Arbitrary<Draft[]> => {
  const which = one('x', 'y')
  const due = fc.option(fc.integer({ min: 0, max: 12 * 3_600 }), { nil: undefined })
  const refund = fc
    .tuple(
      fc.record({
        ...{ refundId: which, agentId: anyone, correct: maybe(true, false) },
        ...{ orderId: maybe('x', 'y'), money: fc.option(anyMoney, { nil: undefined }) },
      }),
      due,
    )
    .map(([told, second]) =>
      second === undefined ? told : { ...told, dueAt: dueAt(second, startMs) },
    )
  const order = fc.record({
    ...{ orderId: which, customerId: one(...customers), money: anyMoney },
    ...{ agentId: anyone, shop: maybe('s-1', 's-2') },
  })
  const data: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
    'complaint.filed': fc.record({
      ...{ complaintId: which, contactId: maybe('c-1', 'c-2', 'c-9') },
      agentId: anyone,
      justified: maybe(true, false),
    }),
    'complaint.settled': fc.record({
      ...{ complaintId: which, contactId: maybe('c-1', 'c-2', 'c-9') },
      agentId: anyone,
      justified: maybe(true, false),
    }),
    'review.posted': fc.record({
      ...{ reviewId: which, contactId: maybe('c-1', 'c-2', 'c-9') },
      agentId: anyone,
      rating: one('good', 'neutral', 'bad', 'bad'),
      causedByService: maybe(true, false),
    }),
    'followup.planned': fc
      .tuple(fc.record({ followupId: which, customerId: one(...customers), agentId: anyone }), due)
      .map(([planned, second]) =>
        second === undefined ? planned : { ...planned, dueAt: dueAt(second, startMs) },
      ),
    'followup.done': fc.record({
      followupId: which,
      customerId: one(...customers),
      agentId: anyone,
    }),
    'incident.opened': fc.record({ incidentId: which, queue: maybe(...queues) }),
    'incident.restored': fc.record({ incidentId: which, queue: maybe(...queues) }),
    'survey.sent': withSurveyId(surveyData['survey.sent']!),
    'survey.answered': withSurveyId(surveyData['survey.answered']!),
    'offer.made': fc.record({
      ...{ offerId: which, customerId: one(...customers) },
      ...{ agentId: anyone, queue: maybe(...queues) },
    }),
    'offer.accepted': fc.record({
      ...{ offerId: which, customerId: one(...customers) },
      ...{ agentId: anyone, queue: maybe(...queues) },
    }),
    'refund.requested': refund,
    'refund.handled': refund,
    'order.placed': order,
    'order.paid': order,
    'order.returned': fc.record({
      orderId: which,
      money: fc.option(anyMoney, { nil: undefined }),
      cause: maybe('service', 'product', 'other'),
    }),
  }
  const event = fc
    .tuple(fc.integer({ min: 0, max: 9 * 3_600 }), anyOf(data))
    .map(([second, draft]) => ({ ...draft, second }))
  return fc.array(event, { maxLength: 14 })
}

/** The events of the contact `c-1`, in any order. */
export function oddContact(startMs: number): fc.Arbitrary<CanonicalEvent[]> {
  return fc
    .oneof(anyContact('c-1'), anyTalk('c-1'))
    .map((drafts) => drafts.map((draft, index) => canonical(draft, index, startMs)))
    .chain((events) => fc.shuffledSubarray(events, { minLength: events.length }))
}

export const contactTypes = kindsOf(contactData).map(([type]) => type)

/** For each kind of event a contact in which it comes some time after one of kind `type`, with an opening before them or not, and something usual behind them. */
export function followedByEach(type: EventType, startMs: number): fc.Arbitrary<CanonicalEvent[]> {
  const ofKind = (kind: EventType): fc.Arbitrary<Undated> => someOf([kind])[0]!
  const courses = contactTypes.map((after) =>
    fc
      .tuple(
        fc.integer({ min: 0, max: 4 * 3_600 }),
        fc.oneof(anyOpening, ofKind(type)),
        fc.tuple(
          fc.tuple(steps, ofKind(type)),
          fc.tuple(steps, usually),
          fc.tuple(steps, ofKind(after)),
          fc.tuple(steps, usually),
        ),
      )
      .map((course) => draftsOf(`c-${after}`, course)),
  )
  return fc
    .tuple(...courses)
    .map((all) => all.flat().map((draft, index) => canonical(draft, index, startMs)))
}

const ofThread = [
  { weight: 8, arbitrary: fc.oneof(...someOf(['message.sent'])) },
  { weight: 3, arbitrary: fc.oneof(...someOf(['contact.resolved', 'contact.closed'])) },
  { weight: 2, arbitrary: fc.oneof(...someOf(['contact.assigned', 'contact.queued'])) },
  { weight: 1, arbitrary: anyOpening },
  { weight: 2, arbitrary: anyOf(contactData) },
]

/** The course of a conversation that is taken up again and again, after gaps of minutes and hours. */
const anyThread = (contactId: string): fc.Arbitrary<Draft[]> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 3_600 }),
      fc.oneof(anyOpening, ...someOf(['message.sent'])),
      fc.array(fc.tuple(one(0, 1, 29, 61, 601, 3_601), fc.oneof(...ofThread)), {
        minLength: 6,
        maxLength: 20,
      }),
    )
    .map((course) => draftsOf(contactId, course))

/** Two threads of many sessions, and agents. */
export function oddThreads(startMs: number): fc.Arbitrary<CanonicalEvent[]> {
  return fc
    .tuple(
      anyThread('c-1'),
      anyThread('c-2'),
      anyAgentEvents,
      anyOwnIds(startMs),
      anyAppeals(startMs),
    )
    .map((all) => all.flat().map((draft, index) => canonical(draft, index, startMs)))
}

/** Kinds of contacts' events that a run does without: among all of them, those that end a contact are always there, and hide what others would do. */
const leftOut = fc.oneof(fc.constant<EventType[]>([]), fc.subarray(contactTypes))

/** A few contacts, agents and other subjects over half a day from `startMs`, around whatever lies there. */
export function oddEvents(startMs: number): fc.Arbitrary<CanonicalEvent[]> {
  return fc
    .tuple(
      anyContact('c-1'),
      anyContact('c-2'),
      anyContact('c-3'),
      anyAgentEvents,
      anyHeartbeats,
      anyOwnIds(startMs),
      anyRosters(startMs),
      anyForecasts(startMs),
      anyShifts(startMs),
      anyManual(startMs),
      anyAppeals(startMs),
      anySales(),
    )
    .chain((parts) =>
      leftOut.map((types) => parts.flat().filter(({ type }) => !types.includes(type))),
    )
    .map((drafts) => drafts.map((draft, index) => canonical(draft, index, startMs)))
}
