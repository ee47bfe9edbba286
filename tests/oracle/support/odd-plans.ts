import type { AgentState } from '@deskpulse/core/events'
import fc from 'fast-check'
import { agentIds, type Draft, dueAt, maybe, one, type Undated } from './drafts.ts'

/** Forecasts of a few intervals, told before, in and after them, again with other numbers, and over one another. */
export const anyForecasts = (startMs: number): fc.Arbitrary<Draft[]> => {
  const interval = one(
    ...([
      [0, 1_800],
      [1_800, 1_800],
      [900, 3_600],
      [7_200, 900],
      [7_245, 1_000],
      [14_399, 2],
      [-90_000, 36_000],
      [10_800, 604_800],
      [400 * 86_400, 1_800],
    ] as const),
  )
  const numbers = fc.record({
    queue: one('billing', 'tech', 'nobody'),
    offered: one(0, 1, 7, 100, 33.3333333, 0.000001),
    averageHandleMs: maybe(0, 180_000, 7_777),
    agents: maybe(14, 2.5),
  })
  const event = fc
    .tuple(fc.integer({ min: 0, max: 9 * 3_600 }), interval, numbers)
    .map(([second, [from, seconds], data]): Draft => {
      const [start, end] = [dueAt(from, startMs), dueAt(from + seconds, startMs)]
      return { type: 'workload.forecast', data: { ...data, start, end }, second }
    })
  return fc.array(event, { maxLength: 6 })
}

/** Shifts over one another and over midnight, moved and told late or ahead; and attendances of the days around. */
export const anyShifts = (startMs: number): fc.Arbitrary<Draft[]> => {
  const from = one(-30 * 3_600, -9_000, 0, 0, 3_600, 4_500, 9_001, 14_400, 50_000, 400 * 86_400)
  const length = one(600, 3_600, 7_245, 28_800, 28_800, 54_000, 86_400, 90_000)
  const state = one<AgentState>('break', 'meal', 'meeting', 'offline', 'available', 'not_ready')
  const activity = fc.tuple(state, one(0, 0, 300, 3_600, 7_200), one(1, 900, 2_000, 10_800))
  const shift = fc
    .tuple(
      fc.record({ agentId: one(...agentIds), shiftId: one('s-1', 's-2') }),
      from,
      length,
      fc.option(fc.array(activity, { maxLength: 3 }), { nil: undefined }),
    )
    .map(([named, begin, seconds, activities]): Undated => {
      const spanOf = (second: number, its: number) => ({
        start: dueAt(second, startMs),
        end: dueAt(second + its, startMs),
      })
      const told = activities?.map(([does, after, its]) => ({
        state: does,
        ...spanOf(begin + after, its),
      }))
      const data = { ...named, ...spanOf(begin, seconds), activities: told }
      return { type: 'agent.scheduled', data }
    })
  const dates = [-41, -1, 0, 0, 1].map((days) => dueAt(days * 86_400, startMs).slice(0, 10))
  const attendance = fc
    .record({
      ...{ agentId: one(...agentIds, 'a-9'), date: one(...dates) },
      ...{ scheduled: one(true, true, false), attended: fc.boolean(), violations: maybe(0, 1, 3) },
    })
    .map((data): Undated => ({ type: 'agent.attendance', data }))
  const event = fc
    .tuple(
      fc.integer({ min: 0, max: 9 * 3_600 }),
      fc.oneof({ weight: 3, arbitrary: shift }, { weight: 1, arbitrary: attendance }),
    )
    .map(([second, draft]): Draft => ({ ...draft, second }))
  return fc.array(event, { maxLength: 6 })
}
