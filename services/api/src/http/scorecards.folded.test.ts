import type { AgentScoreResponse, PeriodsResponse, ScoresResponse } from '@deskpulse/contract'
import { defaultCard, defaultTenantConfig, type ScoreCard } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { dayMs, hourMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { answeredAfter, type Folded, folding, happened, openFolded } from '../testing/folded.ts'

const base = '/v1/tenants/acme'
const share = { statistic: 'value', slice: null, few: null, whenEmpty: null } as const
const card: ScoreCard = {
  ...{ ...defaultCard, id: 'service' },
  items: [
    {
      ...{ ...share, kpi: 'csat', weight: 50, few: { upTo: 50, minusEach: 10 } },
      points: [
        [0, 0],
        [1, 100],
      ],
    },
    {
      ...{ ...share, kpi: 'first_response_time', weight: 30 },
      points: [
        [20_000, 100],
        [60_000, 0],
      ],
    },
    {
      ...{ ...share, kpi: 'qa_score', weight: 20 },
      points: [
        [0, 0],
        [100, 100],
      ],
    },
  ],
}

const rated = (contactId: string, second: number, score: number): CanonicalEvent =>
  happened(second, 'survey.answered', {
    ...{ surveyId: `of-${contactId}`, contactId, agentId: 'a-1' },
    ...{ kind: 'csat', score, scaleMin: 1, scaleMax: 5 },
  })

/** Two chats of March, answered after 20 and 40 s and rated 5 and 2, and a review of 80. */
const march = (): readonly CanonicalEvent[] => [
  ...answeredAfter('c-1', 20),
  ...answeredAfter('c-2', 40, 600),
  rated('c-1', 1_000, 5),
  rated('c-2', 1_100, 2),
  happened(2_000, 'quality.reviewed', { reviewId: 'q-1', agentId: 'a-1', kind: 'call', score: 80 }),
]
const april = Date.UTC(2026, 3, 1)

async function folded(events: readonly CanonicalEvent[]): Promise<Folded> {
  const api = await openFolded()
  await api.configure({ ...defaultTenantConfig, scoreCards: [card] }, folding.startMs - hourMs)
  await api.fold(events, folding.startMs + 2 * hourMs)
  return api
}

/** Nothing happens, and log time goes on. */
const passTo = (api: Folded, atMs: number): Promise<void> => api.fold([], atMs)

const agentOf = ({ json }: Folded) =>
  json<AgentScoreResponse>(`${base}/scorecards/service/periods/2026-03/agents/a-1`)

test('a score follows from events, is closed with its month, and is issued again when they change', async () => {
  const api = await folded(march())
  // One of two was satisfied: 100 − 10. (20 + 40) ÷ 2 = 30 s: 75. 45 + 22.5 + 16.
  expect(await agentOf(api)).toMatchObject({ total: 83.5, closed: false, revisions: [] })
  for (const minutes of [0, 2, 4]) await passTo(api, april + minutes * 60_000)
  expect(await agentOf(api)).toMatchObject({
    ...{ total: 83.5, closed: true, revision: 1 },
    items: [
      { kpi: 'csat', points: 90, rule: 'few', value: { numerator: 1, denominator: 2 } },
      { kpi: 'first_response_time', points: 75, value: { value: 30_000 } },
      { kpi: 'qa_score', points: 80 },
    ],
  })
  // The second customer thinks better of it in April, of a contact of March.
  const later = (april - folding.startMs) / 1_000 + 600
  await api.fold(
    [{ ...rated('c-2', 1_200, 5), timeMs: folding.startMs + 1_200_000 } as CanonicalEvent],
    april + later,
  )
  for (const minutes of [20, 22, 40]) await passTo(api, april + dayMs + minutes * 60_000)
  const again = await agentOf(api)
  expect(again).toMatchObject({ total: 88.5, closed: true, revision: 2 })
  expect(again.revisions).toMatchObject([
    { revision: 1, total: 83.5, changes: [] },
    { revision: 2, total: 88.5, changes: [{ kpi: 'csat', before: 0.5, after: 1 }] },
  ])
})

test('a score is the same in whatever order events come, and is of the values of its agent’s month', async () => {
  const events = march()
  const scores = await Promise.all(
    [events, events.toReversed(), [...events, ...events]].map(async (log) => {
      const api = await folded(log)
      const { rows } = await api.json<ScoresResponse>(`${base}/scorecards/service/periods/2026-03`)
      const values = await api.json<PeriodsResponse>(
        `${base}/kpis/periods?period=month&from=2026-03-01&to=2026-04-01&slice=agent=a-1`,
      )
      for (const { kpi, value } of rows[0]!.items) expect(value).toEqual(values.rows[0]!.kpis[kpi])
      return rows
    }),
  )
  expect(scores[0]).toMatchObject([{ agentId: 'a-1', total: 83.5, missingWeight: 0 }])
  expect(scores[1]).toEqual(scores[0])
  expect(scores[2]).toEqual(scores[0])
})
