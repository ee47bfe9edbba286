import { readFileSync } from 'node:fs'
import {
  explainSchema,
  type AgentsResponse,
  type ExplainResponse,
  type Problem,
} from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { answeredAfter, type Folded, folding, happened, openFolded } from '../testing/folded.ts'

const base = '/v1/tenants/acme/kpis/explain'
const today = 'period=day&from=2026-03-02'
const later = folding.startMs + 600_000

/** Two chats that were answered after 10 s and 90 s, one that waits, and a complaint. */
async function morning(): Promise<Folded> {
  const api = await openFolded()
  await api.fold(
    [
      ...answeredAfter('c-1', 10),
      ...answeredAfter('c-2', 90, 60),
      ...answeredAfter('c-3', 5, 570).slice(0, 2),
      happened(200, 'complaint.filed', { complaintId: 'k-1', agentId: 'a-1' }),
      happened(0, 'agent.state_changed', { agentId: 'a-1', state: 'available' }),
      happened(0, 'agent.queue_joined', { agentId: 'a-1', queue: 'billing' }),
    ],
    later,
  )
  return api
}

const explain = async ({ json }: Folded, query: string): Promise<ExplainResponse> => {
  const answer = await json<ExplainResponse>(`${base}?${query}`)
  expect(explainSchema.parse(answer)).toEqual(answer)
  return answer
}

test('the rows of an average are what was averaged, each with its subject and its instants', async () => {
  const api = await morning()
  const answer = await explain(api, `kpi=response_time&${today}&slice=queue=billing`)
  expect(answer).toMatchObject({
    tenant: 'acme',
    asOf: '2026-03-02T09:10:00.000Z',
    source: 'state',
    kpi: 'response_time',
    slice: 'queue=billing',
    period: { kind: 'day', label: '2026-03-02', start: '2026-03-02T00:00:00.000Z' },
    value: { value: 50_000, count: 2, sum: 100_000 },
    sums: { count: 2, sum: 100_000 },
  })
  expect(answer.rows).toMatchObject([
    {
      at: '2026-03-02T09:00:10.000Z',
      count: 1,
      sum: 10_000,
      durationMs: 10_000,
      open: null,
      row: {
        grain: 'reply',
        subjectKind: 'contact',
        subjectId: 'c-1',
        since: '2026-03-02T09:00:00.000Z',
        answeredAt: '2026-03-02T09:00:10.000Z',
        answeredAgent: 'a-1',
      },
    },
    { sum: 90_000, row: { subjectId: 'c-2' } },
  ])
  expect(answer).not.toHaveProperty('cursor')
})

test('the value is that of the period, and of the window', async () => {
  const api = await morning()
  const period = await api.json<{ rows: { kpis: Record<string, unknown> }[] }>(
    `/v1/tenants/acme/kpis/periods?${today}&to=2026-03-03&kpis=answered_within_30s_of_due`,
  )
  const ofDay = await explain(api, `kpi=answered_within_30s_of_due&${today}`)
  expect(ofDay.value).toEqual(period.rows[0]!.kpis['answered_within_30s_of_due'])
  expect(ofDay.sums).toEqual({ numerator: 1, denominator: 3 }) // The one that waits has come due.
  const live = await api.json(`/v1/tenants/acme/kpis/live?window=5m&kpis=waiting_now`)
  const ofWindow = await explain(api, 'kpi=waiting_now&window=5m')
  expect(ofWindow.value).toEqual(live.rows[0]!.kpis['waiting_now'])
  expect(ofWindow).toMatchObject({
    window: { start: '2026-03-02T09:06:00.000Z', end: '2026-03-02T09:10:00.000Z' },
    sums: { value: 1 },
    rows: [
      {
        value: 1,
        durationMs: 30_000,
        row: null,
        open: { kind: 'reply.live', since: '2026-03-02T09:09:30.000Z', contactId: 'c-3' },
      },
    ],
  })
})

test('the example of docs/api.md is what is answered', async () => {
  const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
  const [, url = '', shown = ''] =
    /## Rows behind a number[^]*?```http\nGET ([^\n]+)\n```\n\n```json\n([^`]+)```/.exec(page) ?? []
  const api = await morning()
  expect(await api.json<object>(url)).toMatchObject(JSON.parse(shown) as object)
})

describe('what goes on now', () => {
  test.each([
    { kpi: 'longest_wait', sums: { value: 30_000 }, who: { contactId: 'c-3' } },
    { kpi: 'waiting_over_target', sums: { value: 1 }, who: { contactId: 'c-3' } },
    { kpi: 'agents_available', sums: { value: 1 }, who: { agentId: 'a-1' } },
    { kpi: 'agents_by_state', sums: { value: 1 }, who: { agentId: 'a-1' } },
  ])('$kpi names who it is', async ({ kpi, sums, who }) => {
    const api = await morning()
    const answer = await explain(api, `kpi=${kpi}`)
    expect([answer.value.value, answer.sums]).toEqual([sums.value, sums])
    expect(answer.rows).toMatchObject([{ open: who }])
  })

  test('of the agents in a row of missed offers the one with the most is named', async () => {
    const api = await morning()
    const missed = [
      ['a-2', 1],
      ['a-1', 2],
      ['a-1', 3],
      ['a-2', 4],
      ['a-2', 5],
    ] as const
    const events = missed.map(([agentId, second]) =>
      happened(590 + second, 'contact.declined', { contactId: 'c-1', agentId, reason: 'timeout' }),
    )
    await api.fold(events, later + 2_000)
    const answer = await explain(api, 'kpi=missed_in_a_row')
    expect([answer.value.value, answer.sums]).toEqual([3, { value: 3 }])
    expect(answer.rows).toMatchObject([
      { value: 3, open: { kind: 'agent-missed', agentId: 'a-2' } },
    ])
    const { value } = await explain(api, 'kpi=missed_in_a_row&slice=agent=a-1')
    expect(value.value).toBe(2)
    const { rows } = await api.json<AgentsResponse>('/v1/tenants/acme/agents')
    expect(rows.find(({ id }) => id === 'a-1')).toMatchObject({ missedInARow: 2 })
  })

  test('the backlog names each contact that is open, the oldest first, in the slices where it counts', async () => {
    const api = await morning()
    const answer = await explain(api, 'kpi=backlog&slice=queue=billing')
    expect(answer.sums).toEqual({ value: 3 })
    expect(answer.rows.map(({ open }) => open!.contactId)).toEqual(['c-1', 'c-2', 'c-3'])
    await api.fold([happened(601, 'contact.closed', { contactId: 'c-1' })], later + 2_000)
    const after = await explain(api, 'kpi=backlog&slice=queue=billing&limit=50')
    expect(after.rows.map(({ open }) => open!.contactId)).toEqual(['c-2', 'c-3'])
  })

  test('a wait over its limit is told since when it waits, not since when it is over', async () => {
    const api = await morning()
    const [row] = (await explain(api, 'kpi=waiting_over_target')).rows
    expect(row).toMatchObject({
      at: '2026-03-02T09:09:58.000Z', // Its limit as a first reply is 28 s.
      durationMs: 30_000,
      open: { since: '2026-03-02T09:09:30.000Z' },
    })
  })

  test('time of agents that goes on is listed with the rows that hold the rest', async () => {
    const api = await morning()
    const { rows, sums, value } = await explain(api, 'kpi=utilization&window=today&slice=agent=a-1')
    expect(sums.denominator).toBe(600_000)
    expect(sums).toEqual({ numerator: value.numerator, denominator: value.denominator })
    expect(rows.at(-1)).toMatchObject({ row: null, open: { agentId: 'a-1' } })
  })
})

describe('filtered by duration', () => {
  test.each([
    { where: 'wait>60s', listed: ['c-2'] },
    { where: 'wait>=90s', listed: ['c-2'] },
    { where: 'wait>90s', listed: [] },
    { where: 'wait<1.5m', listed: ['c-1'] },
    { where: 'wait<=90000ms', listed: ['c-1', 'c-2'] },
    { where: 'duration=10s', listed: ['c-1'] },
  ])('$where', async ({ where, listed }) => {
    const api = await morning()
    const asked = `kpi=response_time&${today}&where=${encodeURIComponent(where)}`
    const { rows, sums, value } = await explain(api, asked)
    expect(rows.map(({ row }) => row!.subjectId)).toEqual(listed)
    expect([sums.count, value.count]).toEqual([listed.length, 2])
  })

  test('a share of replies is, by how long was waited', async () => {
    const api = await morning()
    const { rows } = await explain(api, `kpi=answered_within_30s_of_due&${today}&where=wait>=30s`)
    expect(rows.map(({ row, numerator }) => [row!.subjectId, numerator])).toEqual([
      ['c-2', 0],
      ['c-3', 0],
    ])
  })
})

test('with its events a row has those of its subject up to its last instant, as the log has them', async () => {
  const api = await morning()
  const { rows } = await explain(api, `kpi=response_time&${today}&include=events&limit=1`)
  expect(rows[0]!.events).toMatchObject([
    { type: 'deskpulse.contact.opened.v1', data: { contactId: 'c-1', customerId: 'u-of-c-1' } },
    { type: 'deskpulse.message.sent.v1', data: { from: 'customer' } },
    {
      type: 'deskpulse.message.sent.v1',
      data: { from: 'agent' },
      time: '2026-03-02T09:00:10.000Z',
    },
  ])
})

test('a customer who comes back takes a resolution back, with the events of the contact', async () => {
  const api = await openFolded()
  const customerId = 'u-1'
  const solved = (contactId: string, second: number) =>
    [
      happened(second, 'contact.opened', {
        ...{ contactId, customerId, channel: 'chat', openedBy: 'customer', queue: 'billing' },
      }),
      happened(second, 'message.sent', { contactId, from: 'customer' }),
      happened(second + 10, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }),
      happened(second + 20, 'contact.resolved', { contactId, agentId: 'a-1' }),
    ] as const
  await api.fold([...solved('c-1', 0), ...solved('c-2', 300)], later)
  const answer = await explain(api, `kpi=fcr_gross&${today}&include=events`)
  expect(answer.sums).toEqual({ numerator: 1, denominator: 2 })
  const back = answer.rows.find(({ row }) => row!.grain === 'session')!
  expect(back).toMatchObject({
    numerator: -1,
    denominator: 0,
    row: { subjectKind: 'customer', subjectId: 'u-1', contactId: 'c-1' },
  })
  expect(back.events!.map(({ data }) => data['contactId'])).toEqual(Array(4).fill('c-1'))
  const repeats = await explain(api, `kpi=repeat_contact_rate&${today}&include=events`)
  expect(repeats.sums).toEqual({ numerator: 1, denominator: 2 })
  const repeat = repeats.rows.find(({ row }) => row!.grain === 'repeat')!
  expect(repeat).toMatchObject({ numerator: 1, denominator: 0, row: { contactId: 'c-2' } })
  expect(repeat.events!.map(({ data }) => data['contactId'])).toEqual(Array(2).fill('c-2'))
})

test('what is discarded is not listed, until it is restored', async () => {
  const api = await morning()
  const listed = async (limit: number) => {
    const { rows, sums, value } = await explain(api, `kpi=response_time&${today}&limit=${limit}`)
    expect(sums).toEqual({ count: value.count, sum: value.sum })
    return rows.map(({ row }) => row!.subjectId)
  }
  await api.fold([happened(590, 'contact.discarded', { contactId: 'c-1' })], later + 1_000)
  expect(await listed(50)).toEqual(['c-2'])
  await api.fold([happened(595, 'contact.restored', { contactId: 'c-1' })], later + 2_000)
  expect(await listed(51)).toEqual(['c-1', 'c-2'])
})

test('a subject with an id of its own has rows, too', async () => {
  const api = await morning()
  expect(await explain(api, `kpi=complaint_count&${today}&slice=agent=a-1`)).toMatchObject({
    sums: { value: 1 },
    rows: [{ value: 1, row: { grain: 'complaint', subjectKind: 'complaint', subjectId: 'k-1' } }],
  })
})

describe('pages', () => {
  const asked = `kpi=answered_within_30s_of_due&${today}`

  test('go on where the one before ended, and their sums go on too', async () => {
    const api = await morning()
    const whole = await explain(api, asked)
    const rows: ExplainResponse['rows'] = []
    let cursor: string | undefined
    let last: ExplainResponse | null = null
    for (let pages = 0; pages === 0 || cursor !== undefined; pages += 1) {
      last = await explain(
        api,
        `${asked}&limit=1${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      )
      rows.push(...last.rows)
      cursor = last.cursor
      expect(pages).toBeLessThan(5)
    }
    expect(rows).toEqual(whole.rows)
    expect(last!.sums).toEqual(whole.sums)
  })

  test('the next one is named by a link', async () => {
    const api = await morning()
    const { headers } = await api.get(`${base}?${asked}&limit=1`)
    expect(headers['link']).toMatch(/^<\?.*cursor=[\w-]+>; rel="next"$/)
  })
})

describe('CSV', () => {
  const linesOf = (body: string): string[] => body.split('\r\n').slice(0, -1)

  test('has every row, with the columns of its table and what it adds', async () => {
    const api = await morning()
    const response = await api.get(`${base}?kpi=response_time&${today}&format=csv`)
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8')
    const [head, ...lines] = linesOf(response.body)
    expect(head).toMatch(/^at,count,sum,durationMs,grain,subjectKind,subjectId,key,ordinal,since,/)
    expect(head).toMatch(/open\.kind,open\.since,open\.contactId,open\.agentId$/)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(
      /^2026-03-02T09:00:10.000Z,1,10000,10000,reply,contact,c-1,reply\/0,0,/,
    )
  })

  test('takes no id for a formula', async () => {
    const api = await openFolded()
    const ids = ['=1+1', '@a', 'b;=c', '-5%']
    await api.fold(
      ids.flatMap((id) => answeredAfter(id, 10)),
      later,
    )
    const { body } = await api.get(`${base}?kpi=response_time&${today}&format=csv`)
    const cells = linesOf(body)
      .slice(1)
      .map((line) => line.split(',')[6]!)
    expect(cells.toSorted()).toEqual(['%2D5%25', '%3D1+1', '%40a', 'b%3B%3Dc'])
    expect(cells.map(decodeURIComponent).sort()).toEqual(ids.toSorted())
  })

  test.each(['limit=5', 'cursor=x'])('has no %s', async (given) => {
    const api = await morning()
    const response = await api.get(`${base}?kpi=response_time&${today}&format=csv&${given}`)
    expect([response.statusCode, response.json<Problem>().code]).toEqual([400, 'bad-request'])
  })
})

describe('what the states have forgotten', () => {
  const [monthMs, dayMs] = [61 * 86_400_000, 86_400_000]

  /** All of the morning's subjects are past their lifetime. */
  async function muchLater(): Promise<Folded> {
    const api = await morning()
    await api.fold([happened(601, 'contact.resolved', { contactId: 'c-1' })], later + 1_000)
    for (const contactId of ['c-2', 'c-3'])
      await api.fold([happened(602, 'contact.closed', { contactId })], later + 2_000)
    for (let passed = dayMs; passed <= monthMs; passed += dayMs) await api.fold([], later + passed)
    return api
  }

  test('is made again from the log, and adds up to the value', async () => {
    const api = await muchLater()
    const answer = await explain(api, `kpi=response_time&${today}&slice=queue=billing`)
    expect(answer).toMatchObject({
      source: 'log',
      value: { count: 2, sum: 100_000 },
      sums: { count: 2, sum: 100_000 },
      rows: [{ row: { subjectId: 'c-1' } }, { row: { subjectId: 'c-2' } }],
    })
    const filtered = await explain(api, `kpi=response_time&${today}&where=wait>60s`)
    expect(filtered.rows.map(({ row }) => row!.subjectId)).toEqual(['c-2'])
  })

  test('has pages, which are of one moment', async () => {
    const api = await muchLater()
    const asked = `kpi=response_time&${today}&limit=1`
    const first = await explain(api, asked)
    await api.fold([], later + monthMs + 1_000)
    const second = await explain(api, `${asked}&cursor=${first.cursor!}`)
    expect([first, second].map(({ rows }) => rows[0]!.row!.subjectId)).toEqual(['c-1', 'c-2'])
    expect([second.asOf, second.sums, second.cursor]).toEqual([
      first.asOf,
      { count: 2, sum: 100_000 },
      undefined,
    ])
  })

  test('has its events, too', async () => {
    const api = await muchLater()
    const { rows } = await explain(api, `kpi=response_time&${today}&include=events`)
    expect(rows.map(({ events }) => events!.map(({ type }) => type))).toEqual(
      Array.from({ length: 2 }, () => [
        'deskpulse.contact.opened.v1',
        'deskpulse.message.sent.v1',
        'deskpulse.message.sent.v1',
      ]),
    )
  })

  test('is CSV, too', async () => {
    const api = await muchLater()
    const { body } = await api.get(`${base}?kpi=response_time&${today}&format=csv`)
    expect(body.split('\r\n')).toHaveLength(4)
  })

  test('what is younger is read from the states', async () => {
    const api = await morning()
    await api.fold([], later + 30 * dayMs)
    expect(await explain(api, `kpi=response_time&${today}`)).toMatchObject({
      source: 'state',
      sums: { count: 2 },
    })
  })
})

describe('what cannot be answered is said with a code', () => {
  test.each([
    { query: 'kpi=luck', status: 404, code: 'unknown-kpi', path: 'kpi' },
    { query: 'kpi=backlog&slice=queue=nowhere', status: 404, code: 'unknown-slice', path: 'slice' },
    { query: 'kpi=backlog&slice=queue=*', status: 400, code: 'bad-request', path: 'slice' },
    { query: 'kpi=backlog&period=day', status: 400, code: 'bad-request', path: 'from' },
    { query: 'kpi=backlog&from=2026-03-02', status: 400, code: 'bad-request', path: 'period' },
    { query: `kpi=backlog&${today}&window=5m`, status: 400, code: 'bad-request', path: 'window' },
    { query: 'kpi=backlog&where=wait', status: 400, code: 'bad-request', path: 'where' },
    { query: 'kpi=backlog&where=wait>soon', status: 400, code: 'bad-request', path: 'where' },
    { query: 'kpi=occupancy&where=wait>1s', status: 400, code: 'bad-request', path: 'where' },
    { query: 'kpi=backlog&cursor=x', status: 400, code: 'bad-request', path: 'cursor' },
    { query: 'slice=all', status: 400, code: 'bad-request', path: 'kpi' },
  ])('$query', async ({ query, status, code, path }) => {
    const api = await morning()
    const response = await api.get(`${base}?${query}`)
    const problem = response.json<Problem>()
    expect([response.statusCode, problem.code]).toEqual([status, code])
    expect(problem.errors?.map((error) => error.path)).toContain(path)
  })

  test('a KPI of the moment has no rows in a period', async () => {
    const api = await morning()
    expect(await explain(api, `kpi=backlog&${today}`)).toMatchObject({
      value: { value: null, reason: 'not-in-this-window' },
      sums: { value: 0 },
      rows: [],
    })
  })
})

describe('of a team', () => {
  test('are the rows of its agents, and of their aliases, within their days on the roster', async () => {
    const api = await morning()
    await api.fold(
      [
        happened(580, 'agent.rostered', {
          agentId: 'a-2',
          teams: ['support'],
          aliases: ['a-1'],
          from: '2026-03-01',
        }),
        happened(590, 'contact.assigned', { contactId: 'c-3', agentId: 'a-1' }),
      ],
      later + 1_000,
    )
    const averaged = await explain(api, `kpi=response_time&${today}&slice=team=support`)
    expect(averaged).toMatchObject({ value: { count: 2 }, sums: { count: 2, sum: 100_000 } })
    expect(averaged.rows.map(({ row }) => row?.subjectId)).toEqual(['c-1', 'c-2'])
    const time = await explain(api, `kpi=utilization&${today}&slice=team=support`)
    expect(time.sums).toMatchObject({
      numerator: time.value.numerator,
      denominator: time.value.denominator,
    })
    expect(time.value.denominator).toBeGreaterThan(0)
    const waits = await explain(api, 'kpi=waiting_now&window=5m&slice=team=support')
    expect(waits).toMatchObject({ value: { value: 1 }, rows: [{ open: { contactId: 'c-3' } }] })
    await api.fold(
      [happened(595, 'agent.rostered', { agentId: 'a-2', teams: [], from: '2026-03-02' })],
      later + 2_000,
    )
    const after = await explain(api, `kpi=response_time&${today}&slice=team=support`)
    expect(after).toMatchObject({ value: { value: null }, rows: [] })
  })
})
