import {
  type AgentScoreResponse,
  agentScoreSchema,
  type Problem,
  type ScoreCardsResponse,
  scoreCardsSchema,
  type ScoresResponse,
  scoresSchema,
} from '@deskpulse/contract'
import { defaultCard, type ScoreCard } from '@deskpulse/core/config'
import { measures } from '@deskpulse/core/kpis'
import { partText } from '@deskpulse/core/measures'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const base = '/v1/tenants/acme/scorecards'
const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const { fcrDue, fcrSolved, offerAccepted, offerMissed } = measures
const february = { kind: 'month', startMs: at('2026-02-01T00:00:00Z') } as const
const march = at('2026-03-01T00:00:00Z')

const share = { statistic: 'value', slice: null, few: null, whenEmpty: null } as const
const line = [
  [0, 0],
  [1, 100],
] as const
/** Six tenths for what was solved at once, four for what was answered. */
const card: ScoreCard = {
  ...{ ...defaultCard, id: 'service', name: { en: 'Service', zh: '服务' } },
  items: [
    { ...share, kpi: 'fcr_gross', weight: 60, points: line },
    { ...share, kpi: 'agent_answer_rate', weight: 40, points: line },
  ],
}
const countsOf = (solved: number, accepted: number) =>
  [
    [fcrDue, 10],
    [fcrSolved, solved],
    [offerAccepted, accepted],
    [offerMissed, 10 - accepted],
  ] as const

/** Agents with what they solved and answered, of ten each, in February, which is closed. */
async function scored(
  agents: Readonly<Record<string, readonly [solved: number, accepted: number]>>,
): Promise<Api> {
  const api = await openApi()
  const { floor } = api
  floor.configure({ scoreCards: [card] })
  for (const [agent, [solved, accepted]] of Object.entries(agents)) {
    for (const [measure, count] of countsOf(solved, accepted))
      floor.count(measure, [partText('agent', agent)], count, february.startMs)
    floor.issue(partText('agent', agent), february, {
      ...{ closedAtMs: march + 60_000, counts: [...countsOf(solved, accepted)] },
    })
  }
  floor.closeTo(march, february.startMs)
  await floor.commit()
  return api
}

const scoresOf = ({ json }: Api, period = '2026-02') =>
  json<ScoresResponse>(`${base}/service/periods/${period}`)

async function refused({ get }: Api, path: string): Promise<Problem> {
  const response = await get(`${base}/${path}`)
  expect(response.statusCode).toBeGreaterThanOrEqual(400)
  return response.json<Problem>()
}

test('cards are listed as they stand, in both languages', async () => {
  const { json } = await scored({})
  const answer = await json<ScoreCardsResponse>(base)
  expect(scoreCardsSchema.parse(answer)).toEqual(answer)
  expect(answer.cards).toMatchObject([
    {
      ...{ id: 'service', name: 'Service', period: 'month' },
      kpis: [
        { kpi: 'fcr_gross', weight: 60, points: line },
        { kpi: 'agent_answer_rate', weight: 40 },
      ],
      bands: [{ id: 'excellent', name: 'Excellent', from: 90 }, { from: 70 }, { from: 0 }],
    },
  ])
  const { cards } = await json<ScoreCardsResponse>(`${base}?lang=zh`)
  expect(cards[0]).toMatchObject({ name: '服务', bands: [{ name: '优秀' }, {}, {}] })
})

describe('the scores of a month', () => {
  test('have the total of each agent, with what it is made of', async () => {
    const api = await scored({ 'a-1': [8, 9] })
    const answer = await scoresOf(api)
    expect(scoresSchema.parse(answer)).toEqual(answer)
    expect(answer).toMatchObject({
      ...{ label: '2026-02', start: '2026-02-01T00:00:00.000Z', card: { id: 'service' } },
      rows: [
        {
          ...{ agentId: 'a-1', total: 84, band: { id: 'good', name: 'Good' } },
          ...{ closed: true, revision: 1, closedAt: '2026-03-01T00:01:00.000Z' },
          ...{ rank: 1, ranked: 1, top: true, missingWeight: 0, lowInARow: 0 },
          items: [
            {
              ...{ kpi: 'fcr_gross', slice: 'agent=a-1', weight: 60, points: 80, adds: 48 },
              value: { value: 0.8, numerator: 8, denominator: 10, definition: 'fcr_gross@1' },
            },
            { kpi: 'agent_answer_rate', points: 90, rule: 'line', adds: 36 },
          ],
        },
      ],
    })
  })

  test('rank agents in their first team, and leave out whom nothing was counted of', async () => {
    const api = await scored({ 'a-1': [8, 9], 'a-2': [10, 10], 'a-3': [1, 1] })
    const { floor } = api
    const entry = (...teams: readonly string[]) => ({
      ...{ from: '2026-01-01', teams, role: 'agent', aliases: [] },
    })
    floor.roster('a-1', [entry('night', 'day')])
    floor.roster('a-2', [entry('night')])
    floor.roster('a-3', [entry('day')])
    floor.roster('a-4', [entry('day')])
    await floor.commit()
    const { rows } = await scoresOf(api)
    expect(rows.map(({ agentId, team, rank, ranked }) => [agentId, team, rank, ranked])).toEqual([
      ['a-1', 'night', 2, 2],
      ['a-2', 'night', 1, 2],
      ['a-3', 'day', 1, 1],
    ])
    floor.configure({ scoreCards: [{ ...card, teams: ['day'] }] })
    await floor.commit()
    expect((await scoresOf(api, '2026-03')).rows).toEqual([])
  })

  test('of a person with several accounts are of all of them', async () => {
    const api = await scored({ 'a-1': [8, 8], 'a-1b': [10, 10] })
    const entry = { from: '2026-01-01', teams: [], role: null, aliases: ['a-1b'] }
    api.floor.roster('a-1', [entry])
    await api.floor.commit()
    const { rows } = await scoresOf(api)
    expect(rows).toMatchObject([{ agentId: 'a-1', total: 90, closed: true, revision: 1 }])
    expect(rows[0]!.items[0]!.value).toMatchObject({ numerator: 18, denominator: 20 })
  })

  test('of a month that goes on are of what there is up to now', async () => {
    const api = await scored({ 'a-1': [8, 9] })
    for (const [measure, count] of countsOf(5, 5))
      api.floor.count(measure, ['agent=a-1'], count, march + hourMs)
    await api.floor.commit()
    const { rows } = await scoresOf(api, '2026-03-02')
    expect(rows).toMatchObject([{ agentId: 'a-1', total: 50, closed: false, lowInARow: 1 }])
    expect(rows[0]).not.toHaveProperty('revision')
  })

  test('are lines in CSV, one for each agent and KPI', async () => {
    const { get } = await scored({ '=cmd': [8, 9] })
    const response = await get(`${base}/service/periods/2026-02?format=csv`)
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(response.body.split('\r\n')).toEqual([
      'label,card,agent,team,total,band,rank,sales_index,closed,revision,kpi,statistic,slice,weight,value,unit,reason,numerator,denominator,points,adds,definition',
      '2026-02,service,agent=%3Dcmd,,84,good,1,,true,1,fcr_gross,value,agent=%3Dcmd,60,0.8,ratio,,8,10,80,48,fcr_gross@1',
      '2026-02,service,agent=%3Dcmd,,84,good,1,,true,1,agent_answer_rate,value,agent=%3Dcmd,40,0.9,ratio,,9,10,90,36,agent_answer_rate@1',
      '',
    ])
  })
})

describe('a workbook of scores', () => {
  const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const path = `${base}/service/periods/2026-02`

  /** The files in it. */
  async function unpacked({ http }: Api, query: string) {
    const { rawPayload, headers, statusCode } = await http.inject(`${path}?${query}`)
    expect([statusCode, headers['content-type']]).toEqual([200, xlsx])
    const files = Object.entries(unzipSync(rawPayload))
    return Object.fromEntries(files.map(([name, bytes]) => [name, strFromU8(bytes)]))
  }

  test('has numbers as numbers, names that stay in sight, and no formula', async () => {
    const files = await unpacked(await scored({ '=1+1': [8, 9] }), 'format=xlsx&lang=zh')
    const [agents = '', kpis = ''] = [1, 2].map((n) => files[`xl/worksheets/sheet${n}.xml`])
    expect(agents).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
    expect(agents).toMatch(/<c r="E2"[^>]*><v>84<\/v>/)
    expect(kpis).toMatch(/<c r="F2"[^>]*><v>0.8<\/v>/)
    expect(agents + kpis).not.toContain('<f>')
    expect(agents).toMatch(/<c r="C2"[^>]* t="s"/)
    expect(files['xl/sharedStrings.xml']).toContain('>=1+1<')
    expect(files['xl/sharedStrings.xml']).toContain('总分')
  })

  test('is had by Accept too, and is the same as long as its scores are', async () => {
    const { get } = await scored({ 'a-1': [8, 9] })
    const first = await get(path, { accept: `${xlsx}, application/json;q=0.5` })
    expect(first.headers).toMatchObject({
      ...{ 'content-type': xlsx, vary: 'accept' },
      'content-disposition': 'attachment; filename="acme_service_2026-02.xlsx"',
    })
    const etag = String(first.headers['etag'])
    const again = await get(`${path}?format=xlsx`, { 'if-none-match': etag })
    expect(again.statusCode).toBe(304)
    const json = await get(path, { accept: `application/json, ${xlsx};q=0.5` })
    expect(json.headers['content-type']).toContain('application/json')
  })

  test('is no form of other answers', async () => {
    const { get } = await scored({})
    const response = await get('/v1/tenants/acme/kpis/live', { accept: xlsx })
    expect(response.statusCode).toBe(406)
    expect((await get(`${path}?format=xlsx&bom=true`)).json<Problem>()).toMatchObject({
      errors: [{ path: 'bom', expected: 'format=csv with it' }],
    })
  })
})

describe('the card of an agent', () => {
  test('has the course of twelve months, and its revisions with what each changed', async () => {
    const api = await scored({ 'a-1': [8, 9] })
    const january = { kind: 'month', startMs: at('2026-01-01T00:00:00Z') } as const
    api.floor.issue('agent=a-1', january, {
      ...{ closedAtMs: february.startMs + 60_000, counts: [...countsOf(2, 2)] },
    })
    // The same again but for a measure that the card does not look at; then one solved less.
    api.floor.issue('agent=a-1', february, {
      ...{ revision: 2, cause: 'late', closedAtMs: march + 3 * hourMs },
      counts: [...countsOf(8, 9), [measures.contactOpened, 1]],
    })
    api.floor.issue('agent=a-1', february, {
      ...{ revision: 3, cause: 'late', closedAtMs: march + 4 * hourMs },
      counts: [...countsOf(7, 9), [measures.contactOpened, 1]],
    })
    api.floor.count(measures.contactOpened, ['agent=a-1'], 1, february.startMs)
    api.floor.count(fcrSolved, ['agent=a-1'], -1, february.startMs)
    await api.floor.commit()
    const answer = await api.json<AgentScoreResponse>(`${base}/service/periods/2026-02/agents/a-1`)
    expect(agentScoreSchema.parse(answer)).toEqual(answer)
    expect(answer).toMatchObject({ agentId: 'a-1', total: 78, closed: true, revision: 2 })
    expect(answer.revisions).toEqual([
      {
        ...{ revision: 1, closedAt: '2026-03-01T00:01:00.000Z', total: 84, changes: [] },
        band: { id: 'good', name: 'Good' },
      },
      {
        ...{ revision: 2, closedAt: '2026-03-01T04:00:00.000Z', total: 78 },
        band: { id: 'good', name: 'Good' },
        changes: [
          {
            ...{ kpi: 'fcr_gross', slice: 'agent=a-1', before: 0.8, after: 0.7 },
            ...{ pointsBefore: 80, pointsAfter: 70 },
          },
        ],
      },
    ])
    expect(answer.course.map(({ label, total }) => [label, total]).slice(-3)).toEqual([
      ['2025-12', null],
      ['2026-01', 20],
      ['2026-02', 78],
    ])
    expect(answer.course).toHaveLength(12)
    expect((await scoresOf(api)).rows).toMatchObject([{ total: 78, revision: 2 }])
  })

  test('counts months in the lowest band, and quarters in the highest', async () => {
    const api = await scored({ 'a-1': [1, 1], 'a-2': [10, 10] })
    for (let month = 1; month <= 13; month += 1) {
      const startMs = Date.UTC(2026, 1 - month, 1) as EpochMs
      for (const [agent, each] of [
        ['a-1', month === 3 ? 10 : 1],
        ['a-2', month === 13 ? 1 : 10],
      ] as const)
        api.floor.issue(
          `agent=${agent}`,
          { kind: 'month', startMs },
          {
            ...{ closedAtMs: startMs + 31 * 24 * hourMs, counts: [...countsOf(each, each)] },
          },
        )
    }
    await api.floor.commit()
    // In a row: January and February, as November was good. Quarters: three whole ones of 2025, and that of January 2025, which is off.
    expect((await scoresOf(api)).rows).toMatchObject([
      { agentId: 'a-1', lowInARow: 3, topQuartersInARow: 0 },
      { agentId: 'a-2', lowInARow: 0, topQuartersInARow: 3 },
    ])
  })

  test('weighs raters as the card says, where it does', async () => {
    const api = await openApi()
    const { collaborationBySelfScore, collaborationBySelfCount } = measures
    const { collaborationBySupervisorScore, collaborationBySupervisorCount } = measures
    const points = [
      [0, 0],
      [100, 100],
    ] as const
    const item = { ...share, kpi: 'collaboration', weight: 100, points }
    const only = { ...card, items: [item] }
    const raters = { self: 100, supervisor: 0, peer: 0, customer: 0 }
    api.floor.configure({
      scoreCards: [only, { ...only, id: 'own', raters }],
      raters: { self: 50, supervisor: 50, peer: 0, customer: 0 },
    })
    for (const [measure, count] of [
      [collaborationBySelfScore, 90_000_000],
      [collaborationBySelfCount, 1],
      [collaborationBySupervisorScore, 60_000_000],
      [collaborationBySupervisorCount, 1],
    ] as const)
      api.floor.count(measure, ['agent=a-1'], count, february.startMs)
    await api.floor.commit()
    const totalOf = async (id: string) =>
      (await api.json<ScoresResponse>(`${base}/${id}/periods/2026-02`)).rows[0]!.total
    expect([await totalOf('service'), await totalOf('own')]).toEqual([75, 90])
  })
})

describe('refused is', () => {
  test('a card that there is not, with those that there are', async () => {
    const api = await scored({})
    expect(await refused(api, 'sales/periods/2026-02')).toMatchObject({
      ...{ status: 404, code: 'unknown-scorecard' },
      errors: [{ path: 'card', expected: 'service (month)', got: 'sales' }],
    })
    expect(await refused(api, 'service/periods/2026-Q1')).toMatchObject({
      code: 'unknown-scorecard',
    })
  })

  test('an agent of whom nothing was counted', async () => {
    const api = await scored({ 'a-1': [8, 9] })
    expect(await refused(api, 'service/periods/2026-02/agents/a-2')).toMatchObject({
      ...{ status: 404, code: 'unknown-agent' },
    })
  })

  test('a week that its year has not', async () => {
    const api = await scored({})
    expect(await refused(api, 'service/periods/2025-W53')).toMatchObject({
      ...{ status: 404, code: 'unknown-scorecard', errors: [{ path: 'period' }] },
    })
  })

  test.each(['2026-13', '2026-02-30', '2026-W54'])('the period %s', async (period) => {
    const api = await scored({})
    expect(await refused(api, `service/periods/${period}`)).toMatchObject({
      ...{ status: 400, code: 'bad-request', errors: [{ path: 'period', got: period }] },
    })
  })
})
