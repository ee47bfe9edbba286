import type { CanonicalEvent } from '@deskpulse/core/events'
import { answeredObservations, openedObservations } from './counts.ts'
import { isHumanReply, ownerAfter, type Course } from './course.ts'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'

const dayMs = 86_400_000

type Order = {
  readonly customer: string
  readonly orderedMs: number
  /** `undefined`: not yet. */
  readonly paidMs: number | undefined
  readonly agent: string | undefined
  readonly shop: string | undefined
}

type Session = {
  readonly id: string
  readonly answered: Observation
  readonly begunMs: number
  /** Of humans to the customer. */
  readonly messages: readonly { readonly atMs: number; readonly agent: string | null }[]
}

/** Customers who paid, and what came of contacts with them. `courses`: sessions that count. */
export function conversionObservations(
  events: readonly CanonicalEvent[],
  courses: readonly Course[],
): Observation[] {
  const orders = ordersIn(events)
  const sessions = courses
    .filter(({ offline }) => !offline)
    .flatMap(sessionOf)
    .sort((a, b) => a.answered.atMs - b.answered.atMs || (a.id < b.id ? -1 : 1))
  const sold = orders.flatMap((order) => {
    const session = sessions.findLast((one) => belongs(order, one))
    return session === undefined ? [] : [{ order, session }]
  })
  return [
    ...orders.flatMap(paid),
    ...sessions.flatMap((session) => {
      const its = sold.filter((one) => one.session === session).map(({ order }) => order)
      return ofSession(session, its, orders)
    }),
  ]
}

function ordersIn(events: readonly CanonicalEvent[]): Order[] {
  const all = timelineOf(events.filter(({ type }) => type.startsWith('order.')))
  return [...Map.groupBy(all, ({ data }) => data['orderId']).values()].flatMap((its) => {
    const first = (type: string) => its.find((event) => event.type === type)?.timeMs
    const said = (field: string) =>
      its.map(({ data }) => data[field]).findLast((value) => value !== undefined) as
        string | undefined
    const [customer, paidMs] = [said('customerId'), first('order.paid')]
    const orderedMs = first('order.placed') ?? paidMs
    if (customer === undefined || orderedMs === undefined) return []
    return [{ customer, orderedMs, paidMs, agent: said('agentId'), shop: said('shop') }]
  })
}

function paid({ customer, paidMs, agent, shop }: Order): Observation[] {
  if (paidMs === undefined) return []
  const dimensions = { agent: agent ?? 'none', ...(shop !== undefined && { shop }) }
  return [{ what: 'payer', atMs: paidMs, value: 1, customer, dimensions, scope: 'both' }]
}

function sessionOf(course: Course): Session[] {
  const answered = answeredObservations(course)[0]
  if (answered?.customer === undefined) return []
  const messages = course.events.flatMap((event, n) =>
    isHumanReply(event)
      ? [{ atMs: event.timeMs, agent: event.data.agentId ?? ownerAfter(course, n) }]
      : [],
  )
  const begunMs = openedObservations(course)[0]?.atMs ?? answered.atMs
  return [{ id: course.id, answered, begunMs, messages }]
}

const writerBefore = ({ messages }: Session, atMs: number) =>
  messages.findLast((message) => message.atMs <= atMs)

function belongs({ customer, paidMs, shop }: Order, session: Session): boolean {
  const { answered } = session
  if (paidMs === undefined || answered.customer !== customer || answered.atMs > paidMs) return false
  const isElsewhere =
    shop !== undefined &&
    answered.dimensions.shop !== undefined &&
    shop !== answered.dimensions.shop
  const last = writerBefore(session, paidMs)
  return !isElsewhere && last !== undefined && paidMs - last.atMs <= dayMs
}

function ofSession(
  session: Session,
  sold: readonly Order[],
  orders: readonly Order[],
): Observation[] {
  const { answered, begunMs } = session
  const { intent } = answered.dimensions
  const hasOrdered = orders.some(
    ({ customer, orderedMs }) =>
      customer === answered.customer && orderedMs < begunMs && begunMs - orderedMs <= 15 * dayMs,
  )
  const isInquiry = intent === undefined ? !hasOrdered : intent === 'presales'
  const agents =
    sold.length === 0
      ? [session.messages.at(-1)?.agent]
      : sold.map(({ agent, paidMs }) => agent ?? writerBefore(session, paidMs!)!.agent)
  const whats = [
    ...['advised', ...(isInquiry ? ['inquired'] : [])],
    ...(sold.length > 0 ? ['converted', ...(isInquiry ? ['bought'] : [])] : []),
  ]
  return agents.flatMap((agent) => {
    const { dimensions } = answered
    const credited = {
      ...dimensions,
      agent: agent ?? (sold.length > 0 ? 'none' : dimensions.agent),
    }
    return whats.map((what) => ({ ...answered, what, dimensions: credited }))
  })
}
