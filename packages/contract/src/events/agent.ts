import * as z from 'zod'
import { agentStates } from '@deskpulse/core/events'
import { type EventDefinition, periodInOrder, type Rule } from './define.ts'
import { epochMsOf } from './time.ts'
import { capacity, count, datePeriod, flag, id, localDate, score100, time, word } from './words.ts'

type Span = { readonly start: string; readonly end: string }

const ends = (span: Span): boolean => epochMsOf(span.start) < epochMsOf(span.end)

const shiftInOrder: Rule = (data) => {
  if (!ends(data as Span)) return { path: '/data/end', expected: 'a time after start' }
  const activities = (data['activities'] ?? []) as readonly Span[]
  const wrong = activities.findIndex((activity) => !ends(activity))
  return wrong < 0
    ? null
    : { path: `/data/activities/${wrong}/end`, expected: 'a time after start' }
}

const queueMembership = z.object({ agentId: id, queue: word })

export const agentEvents = {
  'agent.state_changed': {
    says: 'a self-set “busy” is `not_ready`',
    data: z.object({
      agentId: id,
      state: z.enum(agentStates),
      reason: word.optional(),
      channel: word.optional(),
      capacity: capacity.optional(),
    }),
  },
  'agent.queue_joined': { says: 'the agent serves a queue', data: queueMembership },
  'agent.queue_left': { says: 'the agent serves it no longer', data: queueMembership },
  'agent.heartbeat': {
    says: 'the state still stands; if a source sends these and stops, the agent is offline at last heartbeat + timeout',
    data: z.object({ agentId: id }),
  },
  'agent.rostered': {
    says: 'teams, role and sub-accounts of one person, from a local date until that of the next one; of one date the last counts',
    data: z.object({
      agentId: id,
      teams: z.array(word).max(32),
      role: word.optional(),
      aliases: z.array(id).max(32).optional(),
      from: localDate,
    }),
  },
  'agent.scheduled': {
    says: 'replaces the shift of that id',
    data: z.object({
      agentId: id,
      shiftId: id,
      start: time,
      end: time,
      activities: z
        .array(z.object({ state: z.enum(agentStates), start: time, end: time }))
        .max(100)
        .optional(),
    }),
    rule: shiftInOrder,
  },
  'agent.attendance': {
    says: 'overrides what shifts say of that date',
    data: z.object({
      agentId: id,
      date: localDate,
      scheduled: flag,
      attended: flag,
      violations: count.optional(),
    }),
  },
  'agent.assessed': {
    says: 'manual score input; a later event of the same assessment replaces it',
    data: z.object({
      agentId: id,
      assessmentId: id,
      kind: word.meta({
        examples: [
          'knowledge_test',
          'training',
          'collaboration',
          'attitude',
          'development',
          'teamwork',
        ],
      }),
      rater: z.enum(['self', 'supervisor', 'peer', 'customer', 'system']),
      score: score100,
      passed: flag.optional(),
      period: datePeriod,
    }),
    rule: periodInOrder,
  },
} satisfies Record<string, EventDefinition>
