import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { CostRow } from '../row.ts'
import { type Booked, tellBooked } from './named-period.ts'
import type { OwnIdKind } from './own-id.ts'

/** What service has cost in a period: the last word counts. */
export const cost: OwnIdKind = {
  name: 'cost',
  types: ['cost.recorded'],
  idOf: ({ costId }) => costId as string,
  tell: (events, nowMs, localTime) => tellBooked(events, nowMs, localTime, rowOf),
}

/** Credited to the queue and the agent that it names: one that names none is in no slice but `all`. */
function rowOf({ data }: CanonicalEvent, { atMs, period }: Booked): CostRow {
  const { queue, agentId, kind = null, money } = data
  const { amountMinor, currency } = money!
  const credit = dimensionSet({
    ...(queue !== undefined && { queue }),
    ...(agentId !== undefined && { agent: agentId }),
  })
  return { grain: 'cost', counted: { atMs, credit, currency }, period, amountMinor, kind }
}
