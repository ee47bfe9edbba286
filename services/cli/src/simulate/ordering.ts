import type { Agent } from './agents.ts'
import { habits, shops } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import type { Process } from './processes.ts'

/** Some whom an agent has advised in a chat order something. Most pay within minutes; now and then goods come back. */
export function* order(floor: Floor, contact: Contact, agent: Agent): Process {
  const { outside: random } = floor
  if (!random.chance(habits.orderShare)) return
  const { customerId } = contact
  const orderId = `order-${contact.id}`
  const amountMinor = Math.round(random.logNormal(habits.orderMinor, 0.7))
  const about = {
    ...{ orderId, customerId, agentId: agent.id, shop: random.pick(shops) },
    money: { amountMinor, currency: 'CNY' },
  }
  yield random.between(...habits.orderAfterMs)
  floor.emit('order.placed', about)
  if (!random.chance(habits.paidShare)) return
  yield random.between(...habits.payAfterMs)
  floor.emit('order.paid', about)
  if (!random.chance(habits.returnedShare)) return
  yield random.between(...habits.sendBackAfterMs)
  const cause = random.weighted(habits.returnCauses)
  const isWhole = random.chance(0.5)
  const part = { amountMinor: Math.round(amountMinor / 2), currency: 'CNY' }
  floor.emit('order.returned', { orderId, cause, ...(!isWhole && { money: part }) })
}
