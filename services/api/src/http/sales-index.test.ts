import { type AgentScoreResponse, type ScoresResponse, scoresSchema } from '@deskpulse/contract'
import { defaultCard, defaultTenantConfig, type ScoreCard } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { dayMs, hourMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
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
