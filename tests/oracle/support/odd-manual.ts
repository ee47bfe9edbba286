import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { type EpochMs, periodAt } from '@deskpulse/core/time'
import fc from 'fast-check'
import { agentIds, anyMoney, anyOf, canonical, type Draft, dueAt, maybe, one } from './drafts.ts'

/** Scores and violations that were written down, of periods before, around and after, and changed. */
export const anyManual = (startMs: number): fc.Arbitrary<Draft[]> => {
  const which = one('x', 'y', 'z')
  const agentId = one(...agentIds, 'a-9')
  const date = (days: number): string => dueAt(days * 86_400, startMs).slice(0, 10)
  // Begin and length in days.
  const period = one(
    ...([
      [0, 1],
      [0, 1],
      [-1, 2],
      [-3, 7],
      [-35, 60],
      [-200, 366],
      [-200, 367],
      [1, 1],
      [-400, 20],
      [380, 5],
    ] as const),
  ).map(([days, length]) => ({ start: date(days), end: date(days + length - 1) }))
  // What is a whole day, week, month … for certain.
  const calendar = one(
    ...(['day', 'month', 'quarter', 'year', 'week'] as const).map((kind) =>
      periodOfDates(kind, date(0)),
    ),
  )
  const named = fc.oneof(period, calendar)
  const perhaps = fc.option(named, { nil: undefined })
  const score = one(0, 12.5, 59.999999, 60, 85, 100, 33.333_333_3)
  const data: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
    'quality.reviewed': fc.record({
      ...{ reviewId: which, agentId, kind: one('call', 'ticket_hygiene', 'accuracy'), score },
      ...{ passed: maybe(true, false, undefined), period: perhaps },
      ...{ criticalErrors: maybe(0, 1), calibration: maybe<boolean | undefined>(true, undefined) },
    }),
    'violation.recorded': fc.record({
      ...{ violationId: which, agentId, kind: one('banned_phrase', 'rude'), count: maybe(0, 3) },
    }),
    'agent.assessed': fc.record({
      ...{ assessmentId: one('x', 'y', 'z', 'u', 'v', 'w'), agentId, score, period: named },
      kind: one('knowledge_test', 'training', 'attitude', 'collaboration', 'teamwork', 'dancing'),
      rater: one('self', 'supervisor', 'peer', 'customer', 'system'),
      passed: maybe(true, false, undefined),
    }),
    'cost.recorded': fc.record({
      ...{ costId: which, agentId: maybe(...agentIds), queue: maybe('billing', 'tech') },
      ...{ money: anyMoney, period: named },
    }),
    'employee.surveyed': fc.record({
      ...{ surveyId: which, score: one(1, 2.5, 4, 5), scaleMin: one(0, 1), scaleMax: one(5, 10) },
    }),
  }
  const event = fc
    .tuple(fc.integer({ min: 0, max: 9 * 3_600 }), anyOf(data))
    .map(([second, draft]) => ({ ...draft, second }))
  return fc.array(event, { maxLength: 14 })
}

/** What was written down by hand, alone. */
export const oddManual = (startMs: number): fc.Arbitrary<CanonicalEvent[]> =>
  anyManual(startMs).map((drafts) => drafts.map((draft, index) => canonical(draft, index, startMs)))

/** The first and the last date of the period around one. */
function periodOfDates(kind: 'day' | 'week' | 'month' | 'quarter' | 'year', date: string) {
  const { startMs, endMs } = periodAt(kind, Date.parse(date) as EpochMs, 'UTC')
  const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)
  return { start: dateOf(startMs), end: dateOf(endMs - 1) }
}
