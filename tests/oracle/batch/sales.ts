import type { CanonicalEvent } from '@deskpulse/core/events'
import { answeredObservations, openedObservations } from './counts.ts'
import { isHumanReply, ownerAfter, type Course } from './course.ts'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'

const dayMs = 86_400_000

export type Order = {
  readonly id: string
  readonly events: readonly CanonicalEvent[]
  /** `undefined`: nobody said. */
  readonly customer: string | undefined
  /** `undefined`: not yet, or never told. */
  readonly placedMs: number | undefined
  readonly paidMs: number | undefined
  readonly agent: string | undefined
  readonly shop: string | undefined
}

/** With what a human wrote to its customer. */
export type Session = {
  readonly id: string
  readonly answered: Observation
  readonly begunMs: number
  readonly messages: readonly { readonly atMs: number; readonly agent: string | null }[]
}

/** `who`: whom the order names, else who wrote last in the session before the instant; `undefined`: nobody. */
type Sold = { readonly session: Session | undefined; readonly who: string | undefined }

export function ordersIn(events: readonly CanonicalEvent[]): Order[] {
  const all = timelineOf(events.filter(({ type }) => type.startsWith('order.')))
  return [...Map.groupBy(all, ({ data }) => data.orderId!)].map(([id, its]) => {
    const first = (type: string) => its.find((event) => event.type === type)?.timeMs
    const said = (field: string) =>
      its.map(({ data }) => data[field]).findLast((value) => value !== undefined) as
        string | undefined
    return {
      ...{ id, events: its, customer: said('customerId'), agent: said('agentId') },
      ...{ shop: said('shop'), placedMs: first('order.placed'), paidMs: first('order.paid') },
    }
  })
}

/** Of sessions that count, in the order of their answers. */
export function answeredSessions(courses: readonly Course[]): Session[] {
  return courses
    .filter(({ offline }) => !offline)
    .flatMap(sessionOf)
    .sort((a, b) => a.answered.atMs - b.answered.atMs || (a.id < b.id ? -1 : 1))
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

/** To which session an instant of an order belongs: the last one that was answered before it, in the same shop, with a message at most a day old. */
export function soldAt(order: Order, atMs: number, all: readonly Session[]): Sold {
  const last = ({ messages }: Session) => messages.findLast((message) => message.atMs <= atMs)
  const session = all.findLast((one) => {
    const { customer, atMs: answeredMs, dimensions } = one.answered
    const shops = new Set([order.shop, dimensions.shop].filter((shop) => shop !== undefined))
    const isOfOrder = customer === order.customer && answeredMs <= atMs && shops.size < 2
    return isOfOrder && atMs - (last(one)?.atMs ?? -Infinity) <= dayMs
  })
  const writer = session === undefined ? undefined : (last(session)!.agent ?? undefined)
  return { session, who: order.agent ?? writer }
}
