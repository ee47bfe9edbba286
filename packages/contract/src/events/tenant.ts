import * as z from 'zod'
import { type EventDefinition, periodInOrder, type Rule, scoreOnScale } from './define.ts'
import { epochMsOf } from './time.ts'
import { datePeriod, durationMs, id, money, quantity, rating, time, word } from './words.ts'

const intervalInOrder: Rule = (data) => {
  const { start, end } = data as { readonly start: string; readonly end: string }
  return epochMsOf(start) < epochMsOf(end)
    ? null
    : { path: '/data/end', expected: 'a time after start' }
}

/** Events of the tenant as a whole, and of its contract customers (home: the customer). */
export const tenantEvents = {
  'employee.surveyed': {
    says: 'employee satisfaction',
    data: z.object({ surveyId: id, score: rating, scaleMin: rating, scaleMax: rating }),
    rule: scoreOnScale,
  },
  'workload.forecast': {
    says: 'a later forecast of the same interval replaces it',
    data: z.object({
      queue: word,
      start: time,
      end: time,
      offered: quantity,
      averageHandleMs: durationMs.optional(),
      agents: quantity.optional(),
    }),
    rule: intervalInOrder,
  },
  'cost.recorded': {
    says: 'counts in periods that contain its whole period',
    data: z.object({
      costId: id,
      period: datePeriod,
      money,
      queue: word.optional(),
      agentId: id.optional(),
      kind: word.optional(),
    }),
    rule: periodInOrder,
  },
  'customer.started': {
    says: 'a contract begins; shops have none',
    data: z.object({ customerId: id }),
  },
  'customer.left': { says: 'a contract ends', data: z.object({ customerId: id }) },
} satisfies Record<string, EventDefinition>
