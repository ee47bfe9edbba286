import type { DeliveryContext } from './context.ts'
import { endDelivery, givenUp } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'

/**
 * Before a message is opened: when too many failed without an end, the one that was tried most often is given up.
 * @param chosen not these
 * @returns whether there is room
 */
export async function makeRoom(
  draft: Draft,
  endpoint: Endpoint,
  chosen: ReadonlySet<OpenMessage>,
  { limits, telemetry }: DeliveryContext,
): Promise<boolean> {
  if (endpoint.open.size < limits.openMax) return true
  const idle = [...endpoint.open.values()].filter(
    (message) => !message.underWay && !message.asked && !chosen.has(message),
  )
  const [worst] = idle.toSorted((a, b) => b.attempts - a.attempts || a.turn - b.turn)
  if (worst === undefined) return false
  await endDelivery(draft, endpoint, worst, givenUp('queue-full', draft.nowMs))
  telemetry.overflowed(endpoint.name, worst.refs.length)
  return true
}
