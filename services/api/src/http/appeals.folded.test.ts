import type {
  AgentScoreResponse,
  AppealsResponse,
  ExplainResponse,
  PeriodsResponse,
} from '@deskpulse/contract'
import { defaultCard, defaultTenantConfig, type ScoreCard } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import { dayMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { answeredAfter, type Folded, folding, happened, openFolded } from '../testing/folded.ts'

const base = '/v1/tenants/acme'
const share = { statistic: 'value', slice: null, few: null, whenEmpty: null } as const
const card: ScoreCard = {
  ...{ ...defaultCard, id: 'service' },
  items: [
    { ...share, kpi: 'csat', weight: 50, points: [[0, 0], [1, 100]] }, // prettier-ignore
    { ...share, kpi: 'first_response_time', weight: 30, points: [[20_000, 100], [60_000, 0]] }, // prettier-ignore
    { ...share, kpi: 'qa_score', weight: 20, points: [[0, 0], [100, 100]] }, // prettier-ignore
  ],
}

const rated = (contactId: string, second: number, score: number): CanonicalEvent =>
  happened(second, 'survey.answered', {
    ...{ contactId, agentId: 'a-1', kind: 'csat', score, scaleMin: 1, scaleMax: 5 },
  })

/** Two chats of March, answered after 20 and 40 s and rated 5 and 2, and reviews of 80 and 40. */
const march = (): readonly CanonicalEvent[] => [
  ...answeredAfter('c-1', 20),
  ...answeredAfter('c-2', 40, 600),
  rated('c-1', 1_000, 5),
  rated('c-2', 1_100, 2),
  happened(2_000, 'quality.reviewed', { reviewId: 'q-1', agentId: 'a-1', kind: 'call', score: 80 }),
  happened(2_000, 'quality.reviewed', { reviewId: 'q-2', agentId: 'a-1', kind: 'call', score: 40 }),
]
const april = Date.UTC(2026, 3, 1)
const inApril = (
  minutes: number,
  type: 'appeal.filed' | 'appeal.decided',
  data: EventData,
): CanonicalEvent =>
  happened((april - folding.startMs) / 1_000 + minutes * 60, type, { appealId: 'ap', ...data })

const filed = (data: EventData): CanonicalEvent =>
  inApril(60, 'appeal.filed', {
    ...{ agentId: 'a-1', period: { start: '2026-03-01', end: '2026-03-31' } },
    ...{ reason: 'The line was down.', ...data },
  })
const decided = (data: EventData = {}, minutes = 120): CanonicalEvent =>
  inApril(minutes, 'appeal.decided', { decision: 'granted', decidedBy: 'lead-1', ...data })

/** March is closed, and the appeal is decided: what is made of that is issued. */
async function appealed(...appeal: readonly CanonicalEvent[]): Promise<Folded> {
  const api = await openFolded()
  await api.configure({ ...defaultTenantConfig, scoreCards: [card] }, folding.startMs - hourMs)
  await api.fold(march(), folding.startMs + 2 * hourMs)
  for (const minutes of [0, 2, 4]) await api.fold([], april + minutes * minuteMs)
  for (const one of appeal) {
    await api.fold([one], one.timeMs + 1_000)
    for (const minutes of [2, 4, 20]) await api.fold([], one.timeMs + minutes * minuteMs)
  }
  for (const minutes of [0, 2, 15]) await api.fold([], april + dayMs + minutes * minuteMs)
  return api
}

const agentOf = ({ json }: Folded) =>
  json<AgentScoreResponse>(`${base}/scorecards/service/periods/2026-03/agents/a-1`)

test('a contact that is left out counts in no KPI of the card, which is another revision, and nowhere else', async () => {
  const api = await appealed(filed({ contactIds: ['c-2'] }), decided())
  const scored = await agentOf(api)
  expect(scored).toMatchObject({
    ...{ closed: true, revision: 2, total: 92, appeals: { open: 0, decided: 1 } },
    items: [
      { kpi: 'csat', points: 100, value: { numerator: 1, denominator: 1 } },
      { kpi: 'first_response_time', points: 100, value: { value: 20_000 } },
      { kpi: 'qa_score', points: 60 },
    ],
    // 50 × 50 + 75 × 30 + 60 × 20: one of two was satisfied, after 30 s.
    revisions: [
      { revision: 1, total: 59.5, changes: [] },
      {
        ...{ revision: 2, total: 92 },
        changes: [
          { kpi: 'csat', before: 0.5, after: 1 },
          { kpi: 'first_response_time', before: 30_000, after: 20_000 },
        ],
      },
    ],
    appealsAbout: [
      {
        ...{ appealId: 'ap', agentId: 'a-1', state: 'granted', reason: 'The line was down.' },
        contacts: [{ contactId: 'c-2', leftOut: true, kept: true }],
        ...{ decidedBy: 'lead-1', scores: [], kpis: [] },
      },
    ],
  })
  const { rows } = await api.json<PeriodsResponse>(
    `${base}/kpis/periods?period=month&from=2026-03-01&to=2026-04-01&slice=agent=a-1&kpis=csat`,
  )
  expect(rows).toMatchObject([{ revision: 1, kpis: { csat: { numerator: 1, denominator: 2 } } }])
})

test('what was left out is explained down to its rows', async () => {
  const api = await appealed(filed({ contactIds: ['c-2'] }), decided())
  const { items } = await agentOf(api)
  expect(items.map(({ leftOut }) => leftOut)).toEqual(
    items.map(() => ({ byAppeal: null, slice: 'appeal=a-1' })),
  )
  const { rows } = await api.json<ExplainResponse>(
    `${base}/kpis/explain?kpi=csat&period=month&from=2026-03-01&slice=appeal=a-1`,
  )
  expect(rows).toMatchObject([{ numerator: 0, row: { subjectId: 'c-2', isSatisfied: false } }])
})

test('a score that is left out is no part of the mean', async () => {
  const scores = [{ kind: 'quality-review', id: 'q-2' }]
  const api = await appealed(filed({ contactIds: ['c-2'], scores }), decided({ scores }))
  expect(await agentOf(api)).toMatchObject({
    total: 63.5,
    items: [{ points: 50 }, { points: 75 }, { points: 80, value: { value: 80 } }],
    appealsAbout: [{ state: 'partly-granted', contacts: [{ leftOut: false }] }],
  })
})

test('a KPI that is left out gives no points, since that was granted', async () => {
  const api = await appealed(filed({ kpis: ['csat'] }), decided())
  expect(await agentOf(api)).toMatchObject({
    ...{ total: 69, missingWeight: 50, revision: 2 },
    items: [
      { kpi: 'csat', points: null, leftOut: { byAppeal: 'ap' }, value: { value: 0.5 } },
      { points: 75, leftOut: { byAppeal: null, slice: null } },
      { points: 60 },
    ],
    revisions: [{ total: 59.5 }, { total: 69, changes: [{ pointsBefore: 50, pointsAfter: null }] }],
  })
  const refused = await appealed(filed({ kpis: ['csat'] }), decided({ decision: 'refused' }))
  expect(await agentOf(refused)).toMatchObject({ total: 59.5, revision: 1 })
})

test('what an appeal leaves out of one account is left out of the card of the person', async () => {
  const rostered = happened(10, 'agent.rostered', {
    ...{ agentId: 'a-0', from: '2026-01-01', teams: ['night'], role: 'agent', aliases: ['a-1'] },
  })
  const api = await appealed(
    rostered,
    filed({ contactIds: ['c-2'], kpis: ['qa_score'] }),
    decided(),
  )
  const scored = await api.json<AgentScoreResponse>(
    `${base}/scorecards/service/periods/2026-03/agents/a-0`,
  )
  expect(scored).toMatchObject({
    ...{ total: 100, appeals: { open: 0, decided: 1 } },
    items: [{ points: 100 }, { points: 100 }, { points: null, leftOut: { byAppeal: 'ap' } }],
  })
})

test('what was granted and is refused then counts again', async () => {
  const api = await appealed(
    filed({ contactIds: ['c-2'] }),
    decided(),
    decided({ decision: 'refused' }, 240),
  )
  const { total, revisions } = await agentOf(api)
  expect([total, revisions.map((one) => one.total)]).toEqual([59.5, [59.5, 92, 59.5]])
})

test('appeals are listed, the last one first, by agent and state', async () => {
  const other = inApril(90, 'appeal.filed', {
    ...{ appealId: 'other', agentId: 'a-2', kpis: ['csat'], reason: 'Not mine.' },
    period: { start: '2026-03-01', end: '2026-03-31' },
  })
  const api = await appealed(filed({ contactIds: ['c-2', 'gone'] }), other, decided())
  const list = async (query = '') => {
    const found = await api.json<AppealsResponse>(`${base}/appeals${query}`)
    return [found.count, ...found.appeals.map(({ appealId, state }) => `${appealId} ${state}`)]
  }
  expect(await list()).toEqual([2, 'other open', 'ap granted'])
  expect(await list('?state=open')).toEqual([1, 'other open'])
  expect(await list('?agent=a-1')).toEqual([1, 'ap granted'])
  expect(await list('?limit=1')).toEqual([2, 'other open'])
  expect((await api.json<AppealsResponse>(`${base}/appeals?agent=a-1`)).appeals).toMatchObject([
    { contacts: [{ kept: true }, { contactId: 'gone', kept: false }] },
  ])
})
