import { describe, expect, test } from 'vitest'
import type { Finding } from '../kpis/kpi.ts'
import { measures } from './catalogue.ts'
import { asOfMs, found, type Told } from './findings.test-support.ts'

describe('concurrency', () => {
  const signedIn = [measures.agentAvailable, 10] as const
  test.each<{ rule: string; id: string; counts: Told['counts']; is: Partial<Finding> }>([
    {
      rule: 'contact time of what fits, which may be more than that',
      id: 'concurrency',
      counts: [signedIn, [measures.agentEngagedOfCapacity, 6], [measures.agentCapacity, 4]],
      is: { value: 1.5, numerator: 6, denominator: 4 },
    },
    {
      rule: 'nobody who was signed in told a capacity',
      id: 'concurrency',
      counts: [signedIn, [measures.agentEngaged, 6]],
      is: { value: null, reason: 'no-source' },
    },
    {
      rule: 'nobody was signed in',
      id: 'concurrency',
      counts: [],
      is: { value: null, reason: 'no-agent-states' },
    },
    {
      rule: 'contacts at once while any is handled',
      id: 'average_concurrency',
      counts: [
        [measures.agentHandling, 4],
        [measures.agentEngaged, 6],
      ],
      is: { value: 1.5, numerator: 6, denominator: 4 },
    },
    {
      rule: 'nothing was handled',
      id: 'average_concurrency',
      counts: [signedIn],
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'what is neither handling nor available, of all that is signed in',
      id: 'nonproductive_share',
      counts: [signedIn, [measures.agentHandling, 5], [measures.agentNotReady, 5]],
      is: { value: 0.25, numerator: 5, denominator: 20 },
    },
  ])('$id: $rule', ({ id, counts, is }) => {
    expect(found(id, { counts })).toMatchObject(is)
  })
})

describe('effective staffing', () => {
  const hour = 3_600_000
  const staffed = [measures.staffedTime, hour] as const
  test.each<{ rule: string; told: Told; is: Partial<Finding> }>([
    {
      rule: 'staffed time ÷ the time up to the last quarter-hour that is over',
      told: { counts: [staffed], window: (asOfMs % 900_000) + hour },
      is: { value: 1, sum: hour },
    },
    {
      rule: 'no quarter-hour of the window is over',
      told: { window: asOfMs % 900_000 },
      is: { value: null, reason: 'nothing-happened' },
    },
    {
      rule: 'agents were signed in and not staffed',
      told: { counts: [[measures.agentNotReady, hour]], window: 2 * hour },
      is: { value: 0, sum: 0 },
    },
    {
      rule: 'nobody was signed in',
      told: { window: 2 * hour },
      is: { value: null, reason: 'no-agent-states' },
    },
    {
      rule: 'agents have no part in this slice',
      told: { window: 2 * hour, slice: 'queue=a' },
      is: { value: null, reason: 'no-source' },
    },
  ])('$rule', ({ told, is }) => {
    expect(found('effective_staffing', told)).toMatchObject(is)
  })
})
