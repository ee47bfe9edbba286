import type { Observation } from './observation.ts'
import { type Session, type Order, soldAt } from './sales.ts'

const dayMs = 86_400_000

/** Customers who paid, and what came of contacts with them. */
export function conversionObservations(
  orders: readonly Order[],
  sessions: readonly Session[],
): Observation[] {
  const payments = orders.flatMap((order) =>
    order.paidMs === undefined || order.customer === undefined
      ? []
      : [{ ...order, paidMs: order.paidMs, ...soldAt(order, order.paidMs, sessions) }],
  )
  return [
    ...payments.map(({ paidMs, customer, who = 'none', shop }): Observation => {
      const dimensions = { agent: who, ...(shop !== undefined && { shop }) }
      return { what: 'payer', atMs: paidMs, value: 1, customer, dimensions, scope: 'both' }
    }),
    ...sessions.flatMap((session) => {
      const its = payments.filter((one) => one.session === session)
      return ofSession(
        session,
        its.map(({ who }) => who),
        orders,
      )
    }),
  ]
}

/** `sellers`: of each payment that belongs to it. */
function ofSession(
  session: Session,
  sellers: readonly (string | undefined)[],
  orders: readonly Order[],
): Observation[] {
  const { answered, begunMs } = session
  const { intent } = answered.dimensions
  const hasOrdered = orders.some(({ customer, placedMs, paidMs }) => {
    const sinceMs = begunMs - (placedMs ?? paidMs ?? Infinity)
    return customer === answered.customer && sinceMs > 0 && sinceMs <= 15 * dayMs
  })
  const isInquiry = intent === undefined ? !hasOrdered : intent === 'presales'
  const isSold = sellers.length > 0
  const agents = isSold ? sellers : [session.messages.at(-1)?.agent]
  const whats = [
    ...['advised', ...(isInquiry ? ['inquired'] : [])],
    ...(isSold ? ['converted', ...(isInquiry ? ['bought'] : [])] : []),
  ]
  return agents.flatMap((agent) => {
    const { dimensions } = answered
    const credited = {
      ...dimensions,
      agent: agent ?? (isSold ? 'none' : dimensions.agent),
    }
    return whats.map((what) => ({ ...answered, what, dimensions: credited }))
  })
}
