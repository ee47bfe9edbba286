import { forecastIntervalMaxMs } from '@deskpulse/core/subjects'
import { dayMs } from '@deskpulse/core/time'
import * as z from 'zod'
import { type EventDefinition, periodInOrder, type Rule, scoreOnScale } from './define.ts'
import { epochMsOf } from './time.ts'
import {
  agentsPlanned,
  contactsExpected,
  datePeriod,
  durationMs,
  flag,
  id,
  money,
  rating,
  time,
  word,
} from './words.ts'

const interval: Rule = (data) => {
  const { start, end } = data as { readonly start: string; readonly end: string }
  const lengthMs = epochMsOf(end) - epochMsOf(start)
  if (lengthMs <= 0) return { path: '/data/end', expected: 'a time after start' }
  return lengthMs <= forecastIntervalMaxMs
    ? null
    : {
        path: '/data/end',
        expected: `a time at most ${forecastIntervalMaxMs / dayMs} days after start`,
      }
}

/** Events of the tenant as a whole, and of its contract customers (home: the customer). */
export const tenantEvents = {
  'employee.surveyed': {
    says: 'employee satisfaction; a later event of the same survey replaces it',
    data: z.object({ surveyId: id, score: rating, scaleMin: rating, scaleMax: rating }),
    rule: scoreOnScale,
  },
  'workload.forecast': {
    says: 'what is expected in a queue from `start` to `end`, 31 days at most; a later forecast of the same interval replaces it',
    data: z.object({
      queue: word,
      start: time,
      end: time,
      offered: contactsExpected,
      averageHandleMs: durationMs.optional(),
      agents: agentsPlanned.optional(),
    }),
    rule: interval,
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
    says: 'a contract begins, `time` is when; of several without an end between them the first counts; shops have none',
    data: z.object({ customerId: id }),
  },
  'customer.left': {
    says: 'a contract ends; of several the first counts, and none without a begin before it; the customer may start anew. `goesOn`: the customer goes on under another id, which ends the contract of this one and is no loss',
    data: z.object({ customerId: id, goesOn: flag.optional() }),
  },
} satisfies Record<string, EventDefinition>
