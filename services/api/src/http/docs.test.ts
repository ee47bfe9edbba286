import { readFileSync } from 'node:fs'
import { defaultCard, type ScoreCard } from '@deskpulse/core/config'
import { measures, thresholdMeasures } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { seriesOf } from '../gauges/series.ts'
import { putRefusals, refusal } from '../testing/refusals.ts'
import { type Api, openApi } from '../testing/server.ts'

const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')

/** What the alerter serves is run by the alerter's own test, and rows behind a number by theirs: they take folds. */
const served = ['Rows behind a number … Now', 'Alerts … A problem'].reduce((left, cut) => {
  const [from, to] = cut.split(' … ').map((title) => left.indexOf(`\n## ${title}\n`))
  return left.slice(0, from) + left.slice(to)
}, page)

/** Blocks of a request, each with that of its answer. */
const examples = [
  ...served.matchAll(
    /```http\n(?<request>[^`]+)```\n\n```(?<language>json|csv)\n(?<answer>[^`]+)```/g,
  ),
].map(({ groups }) => {
  const [line = '', ...headers] = (groups?.['request'] ?? '').trim().split('\n')
  const [method, url = ''] = line.split(' ')
  const accept = headers.find((header) => header.startsWith('Accept: '))?.slice('Accept: '.length)
  return { method, url, accept, language: groups?.['language'], answer: groups?.['answer'] ?? '' }
})

/** What the page's examples of score cards and appeals are about: a card of two KPIs, and an agent of whose contacts one more was solved at once than was known at first, and who appeals. */
async function documentedScores(): Promise<Api> {
  const api = await openApi({
    startMs: Date.parse('2026-03-02T01:00:27.017Z'),
    config: { timeZone: 'Asia/Shanghai', scoreCards: [scoreCard] },
  })
  const { floor } = api
  const february = {
    kind: 'month',
    startMs: Date.parse('2026-01-31T16:00:00Z') as EpochMs,
  } as const
  const { fcrDue, fcrSolved, csatRated, csatSatisfied } = measures
  const rated = [
    [csatRated, 100],
    [csatSatisfied, 93],
    [fcrDue, 200],
  ] as const
  const closedAtMs = Date.parse('2026-02-28T16:01:00Z')
  floor.issue('agent=a-3', february, { closedAtMs, counts: [...rated, [fcrSolved, 143]] })
  floor.issue('agent=a-3', february, {
    ...{ revision: 2, cause: 'late', closedAtMs: closedAtMs + 3_600_000 },
    counts: [...rated, [fcrSolved, 144]],
  })
  for (const [measure, count] of [...rated, [fcrSolved, 144] as const])
    floor.count(measure, ['agent=a-3'], count, february.startMs)
  floor.roster('a-3', [{ from: '2026-01-01', teams: ['night'], role: 'agent', aliases: [] }])
  floor.closeTo(closedAtMs)
  floor.appeal({
    ...{ appealId: 'ap-7', appealOf: 'a-3', start: '2026-02-01', end: '2026-02-28' },
    ...{ reason: 'The payment provider was down.', filedBy: 'a-3' },
    filedMs: Date.parse('2026-03-01T03:12:00Z') as EpochMs,
    ...{ contactIds: ['c-17', 'c-2'], scores: [], kpis: ['csat'], found: ['c-17'] },
    decided: null,
  })
  await floor.commit()
  return api
}

const share = { statistic: 'value', slice: null, few: null, whenEmpty: null } as const
const scoreCard: ScoreCard = {
  ...{ ...defaultCard, id: 'service', name: { en: 'Service', zh: '服务' } },
  items: [
    {
      ...share,
      kpi: 'fcr_gross',
      weight: 60,
      points: [
        [0.4, 0],
        [0.8, 100],
      ],
    },
    {
      ...share,
      kpi: 'csat',
      weight: 40,
      points: [
        [0.5, 0],
        [1, 100],
      ],
      few: { upTo: 50, minusEach: 1 },
    },
  ],
}

/** What the page's examples are about. */
async function documented(): Promise<Api> {
  const api = await openApi({
    startMs: Date.parse('2026-03-02T01:00:27.017Z'),
    config: { timeZone: 'Asia/Shanghai' },
  })
  const { floor } = api
  const slices = ['all', 'queue=billing', 'class=live', 'queue=billing,class=live']
  for (const ms of [15_100, 27_860]) floor.duration(measures.replyTime, slices, ms)
  const { due, within } = thresholdMeasures(30)
  floor.count(due, slices, 4)
  floor.count(within, slices, 3)
  floor.count(measures.contactOpened, slices, 3)
  floor.count(measures.contactOpened, slices, 12, Date.parse('2026-03-01T09:00:00Z'))
  const dueAtMs = (floor.nowMs() + 12_000) as EpochMs
  const waiting = {
    contactId: 'c-17',
    dueAtMs,
    first: false,
    queue: 'billing',
    channel: 'chat',
    agentId: 'a-3',
  }
  floor.open('reply.live', slices, waiting, dueAtMs - 30_000)
  const calls = ['all', 'queue=hotline', 'class=voice', 'queue=hotline,class=voice']
  for (const [contactId, seconds] of [
    ['c-19', 4],
    ['c-18', 16],
  ] as const) {
    floor.open(
      'queue.voice',
      calls,
      {
        ...{ contactId, first: true, queue: 'hotline', channel: 'phone' },
        dueAtMs: (floor.nowMs() + (20 - seconds) * 1_000) as EpochMs,
      },
      floor.nowMs() - seconds * 1_000,
    )
  }
  for (let n = 0; n < 40; n++) floor.duration(measures.passAnswered, calls, 9_000)
  floor.open(
    'agent.on_contact',
    ['all'],
    { agentId: 'a-3', contacts: 1, capacity: 3, queues: ['billing'] },
    dueAtMs - 90_000,
  )
  floor.roster('a-3', [
    { from: '2026-02-01', teams: ['support'], role: 'lead', aliases: ['a-3-mail'] },
  ])
  const half = (minutes: number, forecast: number, actual: number): void => {
    const atMs = Date.parse('2026-03-02T00:30:00Z') + minutes * 60_000
    floor.count(measures.forecastOffered, slices, forecast * 1e6, atMs)
    floor.count(measures.workloadDifference, slices, (actual - forecast) * 1e6, atMs)
    floor.count(measures.forecastTimedOffered, slices, forecast * 1e6, atMs)
    floor.count(measures.forecastWork, slices, forecast * 180_000, atMs)
    floor.count(measures.forecastAgentTime, slices, 14 * (minutes === 0 ? 1_800_000 : 60_000), atMs)
  }
  half(0, 80, 92)
  half(30, 4, 2)
  const startMs = Date.parse('2026-03-02T01:00:00Z') as EpochMs
  const endMs = (startMs + 1_800_000) as EpochMs
  floor.open(
    'forecast',
    slices,
    {
      ...{ forecastId: 'next', queue: 'billing', startMs, endMs },
      ...{ offered: 120_000_000, workMs: 120 * 180_000, agentMs: 14 * 1_800_000 },
    },
    startMs - 172_800_000,
  )
  const sunday = { kind: 'day', startMs: Date.parse('2026-02-28T16:00:00Z') as EpochMs } as const
  const counts = (n: number) => [[measures.contactOpened, n] as const]
  const closedAtMs = Date.parse('2026-03-01T16:02:00Z')
  floor.issue('all', sunday, { closedAtMs, counts: counts(11) })
  floor.issue('all', sunday, {
    ...{ revision: 2, cause: 'late', closedAtMs: closedAtMs + 240_000, counts: counts(12) },
  })
  floor.closeTo(Date.parse('2026-03-02T00:45:00Z'))
  putRefusals(floor, [refusal(12), refusal(13, { code: 'expired' })])
  await floor.commit()
  return api
}

test('the page has examples', () => expect(examples.length).toBeGreaterThanOrEqual(7))

test.each(examples)(
  '$method $url answers as the page says',
  async ({ url, accept, language, answer }) => {
    const isOfScores = url.includes('/scorecards/') || url.includes('/appeals')
    const { get } = await (isOfScores ? documentedScores() : documented())
    const response = await get(url, accept === undefined ? {} : { accept })
    if (language === 'csv') expect(response.body.replaceAll('\r\n', '\n')).toBe(answer)
    else expect(response.json()).toEqual(JSON.parse(answer))
  },
)

test('docs/metrics.md lists every KPI gauge, with its labels and meaning, and no other', () => {
  const metrics = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')
  const kpis = metrics.slice(metrics.indexOf('\n## KPIs\n'))
  const rows = [...kpis.matchAll(/^\| `(deskpulse_\w+)` *\| gauge *\| (.*?) *\| (.*?) *\|$/gm)].map(
    ([, ...row]) => row,
  )
  const { of, asOf } = seriesOf([])
  expect(rows).toEqual(
    [...of, asOf].map(({ name, labels, help }) => [
      name,
      labels.map((label) => `\`${label}\``).join(', '),
      help,
    ]),
  )
})
