import { describe, expect, test } from 'vitest'
import { dayMs } from '../time/time.ts'
import { measures } from './catalogue.ts'
import { asOfMs, found, type Told } from './findings.test-support.ts'

describe('bots', () => {
  const counts: Told['counts'] = [
    [measures.botContactOver, 20],
    [measures.botContained, 11],
    [measures.botContactHandedOff, 7],
    [measures.contactOpened, 40],
    [measures.aiContactOpened, 19],
    [measures.aiEpisode, 25],
    [measures.aiAutonomous, 10],
    [measures.aiAssisted, 6],
    [measures.aiDropped, 3],
    [measures.aiMessages, 60],
    [measures.aiReopened, 2],
    [measures.aiMature, 8],
    [measures.aiDurable, 7],
    [measures.handoffLimit, 1],
    [measures.handoffUnable, 2],
    [measures.handoffOther, 4],
    [measures.handoffNone, 1],
  ]

  test.each<{ id: string; numerator: number; denominator: number }>([
    { id: 'bot_contained_rate', numerator: 11, denominator: 20 },
    { id: 'handoff_rate', numerator: 7, denominator: 20 },
    { id: 'ai_coverage', numerator: 19, denominator: 40 },
    { id: 'ai_autonomous_rate', numerator: 10, denominator: 25 },
    { id: 'ai_assisted_rate', numerator: 6, denominator: 25 },
    { id: 'ai_dropped_rate', numerator: 3, denominator: 25 },
    { id: 'ai_reopen_rate', numerator: 2, denominator: 10 },
    { id: 'ai_durable_rate', numerator: 7, denominator: 8 },
    { id: 'ai_depth', numerator: 60, denominator: 25 },
  ])('$id: $numerator of $denominator', ({ id, numerator, denominator }) => {
    const value = numerator / denominator
    expect(found(id, { counts })).toEqual({ value, numerator, denominator })
  })

  test('hand-offs are told by their reasons, which add up to them', () => {
    const breakdown = { limit: 1, requested: 0, unable: 2, policy: 0, other: 4, none: 1 }
    const [numerator, denominator] = [8, 25]
    const value = numerator / denominator
    expect(found('ai_handoff_rate', { counts })).toEqual({
      value,
      numerator,
      denominator,
      breakdown,
    })
  })

  test.each([
    { rule: 'stands 7 days after the last resolution', ms: 7 * dayMs, until: {} },
    {
      rule: 'is provisional until then',
      ms: 7 * dayMs - 1,
      until: { provisionalUntil: new Date(asOfMs + 1).toISOString() },
    },
  ])('the share of reopened ones $rule', ({ ms, until }) => {
    const last = [measures.aiAutonomous, asOfMs - ms] as const
    const is = { value: 0.2, numerator: 2, denominator: 10, ...until }
    expect(found('ai_reopen_rate', { counts, last })).toEqual(is)
  })
})
