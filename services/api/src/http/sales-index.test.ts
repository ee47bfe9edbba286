import {
  type AgentScoreResponse,
  type LiveResponse,
  liveSchema,
  type PeriodsResponse,
  periodsSchema,
  type ScoresResponse,
  scoresSchema,
} from '@deskpulse/contract'
import { defaultCard, defaultTenantConfig, type ScoreCard } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { dayMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { type Folded, folding, happened, openFolded } from '../testing/folded.ts'

const base = '/v1/tenants/acme/scorecards/service/periods/2026-03'
const april = Date.UTC(2026, 3, 1)

/** It scores all of an agent’s work, or a part of it. */
const cardOf = (slice: string | null): ScoreCard => ({
  ...{ ...defaultCard, id: 'service' },
  items: [
    {
      ...{ kpi: 'first_response_time', statistic: 'value', slice, weight: 100 },
      ...{ few: null, whenEmpty: 0 },
      points: [
        [20_000, 100],
        [60_000, 0],
      ],
    },
  ],
})

const onRoster = (agentId: string, team: string, role: string): CanonicalEvent =>
  happened(0, 'agent.rostered', {
    ...{ agentId, from: '2026-01-01', teams: [team], role },
  })

/** The customer of a chat that the agent answers pays so much, in yuan, and the order names nobody. */
const sold = (agentId: string, second: number, yuan: number): CanonicalEvent[] => {
  const [contactId, customerId] = [`c-${agentId}`, `u-${agentId}`]
  const contact = { contactId, customerId, channel: 'chat', queue: 'vip' }
  const money = { amountMinor: yuan * 100, currency: 'CNY' }
  return [
    happened(second, 'contact.opened', contact),
    happened(second, 'message.sent', { contactId, from: 'customer' }),
    happened(second + 20, 'message.sent', { contactId, from: 'agent', agentId }),
    happened(second + 60, 'contact.resolved', { contactId, agentId }),
    ...(yuan === 0
      ? []
      : [happened(second + 90, 'order.paid', { orderId: `o-${agentId}`, customerId, money })]),
  ]
}

/** Another chat of the next day, which ends with another payment. */
const again = (agentId: string, name: string, yuan: number): CanonicalEvent[] =>
  sold(agentId, dayMs / 1_000 - 300, yuan).map((event) => {
    const renamed = ['contactId', 'customerId', 'orderId'].flatMap((member) =>
      member in event.data ? [[member, `${name}-${agentId}`]] : [],
    )
    return { ...event, data: { ...event.data, ...Object.fromEntries(renamed) } }
  })

const march = [
  ...sold('a-1', 10, 300),
  ...sold('a-2', 200, 150),
  ...sold('a-3', 400, 0),
  ...sold('b-1', 600, 900),
  ...sold('n-1', 800, 70),
  onRoster('a-1', 'day', 'presales'),
  onRoster('a-2', 'day', 'presales'),
  onRoster('a-3', 'day', 'presales'),
  onRoster('b-1', 'day', 'aftersales'),
]

async function folded(events: readonly CanonicalEvent[], slice: string | null): Promise<Folded> {
  const api = await openFolded()
  const slices = {
    ...defaultTenantConfig.slices,
    pairs: [...defaultTenantConfig.slices.pairs, ['queue', 'agent'] as const],
  }
  const config = { ...defaultTenantConfig, slices, scoreCards: [cardOf(slice)] }
  await api.configure(config, folding.startMs - hourMs)
  await api.fold(events, folding.startMs + 2 * hourMs)
  return api
}

async function indexesOf({ json }: Folded): Promise<Record<string, unknown>> {
  const answer = await json<ScoresResponse>(base)
  expect(scoresSchema.parse(answer)).toEqual(answer)
  return Object.fromEntries(answer.rows.map(({ agentId, salesIndex }) => [agentId, salesIndex]))
}

const expected = {
  'a-1': { value: 2, agents: 3 },
  'a-2': { value: 1, agents: 3 },
  'a-3': { value: 0, agents: 3 },
  'b-1': { value: 1, agents: 1 },
  'n-1': { value: null, reason: 'no-source', agents: 0 },
}

test.each([{ slice: null }, { slice: 'queue=vip' }])(
  'who sold orders has an index among the agents of the role in the team, whatever of their work is scored ($slice)',
  async ({ slice }) => {
    const api = await folded(march, slice)
    expect(await indexesOf(api)).toEqual(expected)
    const one = await api.json<AgentScoreResponse>(`${base}/agents/a-1`)
    expect(one.salesIndex).toEqual(expected['a-1'])
  },
)

test('the index of a closed month is of what was issued, and follows that of the others', async () => {
  const api = await folded(march, null)
  for (const minutes of [0, 2, 4]) await api.fold([], april + minutes * 60_000)
  expect(await indexesOf(api)).toEqual(expected)
  const more = happened(320, 'order.paid', {
    ...{ orderId: 'late', customerId: 'u-a-2', money: { amountMinor: 30_000, currency: 'CNY' } },
  })
  await api.fold([more], april + dayMs)
  for (const minutes of [2, 4, 20]) await api.fold([], april + dayMs + minutes * 60_000)
  const { rows } = await api.json<ScoresResponse>(base)
  expect(rows.map(({ closed }) => closed)).not.toContain(false)
  expect(await indexesOf(api)).toMatchObject({ 'a-1': { value: 1.2 }, 'a-2': { value: 1.8 } })
})

describe('as a KPI', () => {
  const all = '/v1/tenants/acme/kpis'
  const month = `${all}/periods?period=month&from=2026-03-01&to=2026-04-01&kpis=sales_index`
  const agents = Object.keys(expected)
  const ofAgents = agents.map((agentId) => `slice=agent=${agentId}`).join('&')

  type Rows = {
    readonly rows: readonly {
      readonly slice: string
      readonly kpis: LiveResponse['rows'][number]['kpis']
    }[]
  }
  const found = ({ rows }: Rows): Record<string, unknown> =>
    Object.fromEntries(
      rows.map(({ slice, kpis }) => {
        const { value, reason, count } = kpis['sales_index']!
        return [
          slice.slice('agent='.length),
          { value, ...(reason !== undefined && { reason }), agents: count ?? 0 },
        ]
      }),
    )

  test('it is read of agents, today and in a month, as score cards have it', async () => {
    const api = await folded(march, null)
    const today = await api.json(`${all}/live?window=today&kpis=sales_index&${ofAgents}`)
    expect(liveSchema.parse(today)).toEqual(today)
    expect(found(today)).toEqual(expected)
    const running = await api.json<PeriodsResponse>(`${month}&${ofAgents}`)
    expect(periodsSchema.parse(running)).toEqual(running)
    expect(found(running)).toEqual(expected)
    expect(running.rows[0]!.kpis['sales_index']).toEqual({
      ...{ value: 2, unit: 'index', count: 3, status: 'ok', definition: 'sales_index@1' },
    })
    const every = await api.json<PeriodsResponse>(`${month}&slice=agent=*`)
    expect(found(every)).toMatchObject(expected)
  })

  test('each month, each day and each window has its own, by who was on the roster then', async () => {
    const api = await folded(
      [
        ...march,
        happened(0, 'agent.rostered', {
          ...{ agentId: 'a-2', from: '2026-03-03', teams: ['night'], role: 'presales' },
        }),
      ],
      null,
    )
    const day = 'period=day&from=2026-03-02&to=2026-03-04&kpis=sales_index&slice=agent=a-1'
    await api.fold([...again('a-1', 'late', 100)], folding.startMs + dayMs)
    const { rows } = await api.json<PeriodsResponse>(`${all}/periods?${day}`)
    expect(rows.map(({ kpis }) => kpis['sales_index'])).toMatchObject([
      { value: 2, count: 3 },
      { value: 1, count: 1 },
    ])
    const live = await api.json(`${all}/live?window=15m&kpis=sales_index,sales&slice=agent=a-1`)
    expect(live.rows[0]!.kpis).toMatchObject({ sales: { value: 100 }, sales_index: { value: 1 } })
  })

  test('of a closed month it is of what was issued, in CSV too, and revisions have none', async () => {
    const api = await folded(march, null)
    for (const minutes of [0, 2, 4]) await api.fold([], april + minutes * 60_000)
    const closed = await api.json<PeriodsResponse>(`${month}&${ofAgents}`)
    expect(found(closed)).toEqual(expected)
    expect(closed.rows.map((row) => row.closed)).not.toContain(false)
    const csv = await api.get(`${month}&slice=agent=a-1&format=csv`)
    expect(csv.body.split('\r\n').map((line) => line.split(',').slice(3, 10).join())).toEqual([
      'slice,closed,revision,kpi,statistic,value,unit',
      'agent=a-1,true,1,sales_index,value,2,index',
      'agent=a-1,true,1,sales_index,count,3,index',
      '',
    ])
    const { rows } = await api.json<PeriodsResponse>(`${month}&slice=agent=a-1&revision=all`)
    expect(rows.map(({ kpis }) => kpis['sales_index'])).toMatchObject([{ reason: 'no-source' }])
  })

  test.each(['all', 'team=day', 'agent=none', 'queue=vip', 'queue=vip,agent=a-1'])(
    'of %s there is none',
    async (slice) => {
      const api = await folded(march, 'queue=vip')
      const { rows } = await api.json(`${all}/live?window=today&kpis=sales_index&slice=${slice}`)
      expect(rows).toMatchObject([{ kpis: { sales_index: { value: null, reason: 'no-source' } } }])
    },
  )

  test('it is listed, and read where it is named alone, as it reads the others, too', async () => {
    const api = await folded(march, null)
    const { kpis } = await api.json<{ kpis: readonly { readonly id: string }[] }>('/v1/kpis')
    expect(kpis.map(({ id }) => id)).toContain('sales_index')
    const { rows } = await api.json(`${all}/live?window=today&slice=agent=a-1`)
    expect(Object.keys(rows[0]!.kpis)).toContain('sales')
    expect(Object.keys(rows[0]!.kpis)).not.toContain('sales_index')
  })
})
