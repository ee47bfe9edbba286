import type {
  AgentsResponse,
  PeriodsResponse,
  Problem,
  SlicesResponse,
  WaitingResponse,
} from '@deskpulse/contract'
import { agentsSchema, slicesSchema } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import type { RosterEntry, WaitingRow } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const tenant = '/v1/tenants/acme'
const { contactOpened, servedInDay } = measures
const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const monday = at('2026-03-02T00:00:00Z')
const entry = (from: string, teams: readonly string[], more: Partial<RosterEntry> = {}) => ({
  ...{ from, teams, role: null, aliases: [] },
  ...more,
})
const waiting = (contactId: string): WaitingRow => ({
  ...{ contactId, dueAtMs: at('2026-03-02T10:08:00Z'), first: true, channel: 'chat' },
})

/** Contacts of two agents and of an account that is an alias, on Sunday and today, Monday. */
async function rostered(): Promise<Api> {
  const api = await openApi()
  const { floor } = api
  for (const [agent, count] of [
    ['a-1', 1],
    ['a-2', 10],
    ['a-2b', 100],
    ['a-3', 1_000],
  ] as const)
    for (const atMs of [monday - dayMs, monday + hourMs])
      floor.count(contactOpened, ['all', `agent=${agent}`], count, atMs)
  floor.roster('a-1', [entry('2026-02-01', ['support']), entry('2026-03-02', [])])
  floor.roster('a-2', [
    entry('2026-03-01', ['support', 'night']),
    entry('2026-03-02', ['support'], { role: 'lead', aliases: ['a-2b'] }),
  ])
  floor.roster('a-2b', [entry('2026-03-02', ['support'])])
  await floor.commit()
  return api
}

const values = async ({ json }: Api, query: string): Promise<(number | null)[]> =>
  (await json<PeriodsResponse>(`${tenant}/kpis/${query}&kpis=contacts_opened`)).rows.map(
    ({ kpis }) => kpis['contacts_opened']!.value,
  )

async function refused({ get }: Api, path: string): Promise<Problem> {
  const response = await get(`${tenant}/${path}`)
  expect(response.statusCode).toBeGreaterThanOrEqual(400)
  return response.json<Problem>()
}

describe('a team', () => {
  test('is the sum over its agents and their aliases, each once, on the roster of today', async () => {
    const api = await rostered()
    expect(await values(api, 'live?window=today&slice=team=support')).toEqual([110])
    expect(await values(api, 'live?window=today&slice=team=night')).toEqual([0])
  })

  test('of a period takes of each agent its days on the roster', async () => {
    const api = await rostered()
    const days = 'from=2026-03-01&to=2026-03-03&slice=team=support'
    expect(await values(api, `periods?period=day&${days}`)).toEqual([11, 110])
    expect(await values(api, `periods?period=month&${days}`)).toEqual([121])
    expect(await values(api, `periods?period=day&${days.replace('support', 'night')}`)).toEqual([
      10, 0,
    ])
    const hour = 'from=2026-03-02T01:00:00Z&to=2026-03-02T02:00:00Z&slice=team=support'
    expect(await values(api, `periods?period=hour&${hour}`)).toEqual([110])
  })

  test('every team is named by a star, and in the list of slices', async () => {
    const api = await rostered()
    const live = await api.json<PeriodsResponse>(`${tenant}/kpis/live?slice=team=*&window=today`)
    expect(live.rows.map(({ slice }) => slice)).toEqual(['team=night', 'team=support'])
    const answer = await api.json<SlicesResponse>(`${tenant}/slices?dimension=team`)
    expect(slicesSchema.parse(answer)).toEqual(answer)
    expect(answer.values.map(({ slice }) => slice)).toEqual(['team=night', 'team=support'])
  })

  test('has what its roster says now, whenever it says it', async () => {
    const api = await rostered()
    api.floor.roster('a-3', [entry('2020-01-01', ['support'])])
    await api.floor.commit()
    const day = 'period=day&from=2026-03-01&to=2026-03-02&slice=team=support'
    expect(await values(api, `periods?${day}`)).toEqual([1_011])
    api.floor.roster('a-3', [])
    await api.floor.commit()
    expect(await values(api, `periods?${day}`)).toEqual([11])
  })

  test('has no distinct counts, nor what agents have none of', async () => {
    const api = await rostered()
    api.floor.count(servedInDay, ['agent=a-1'], 1, monday - dayMs)
    await api.floor.commit()
    const day = 'period=day&from=2026-03-01&to=2026-03-02&slice=team=support&slice=agent=a-1'
    const { rows } = await api.json<PeriodsResponse>(
      `${tenant}/kpis/periods?${day}&kpis=customers_served,time_to_restore`,
    )
    expect(rows.map(({ kpis }) => kpis)).toMatchObject([
      {
        customers_served: { value: null, reason: 'not-distinct-here' },
        time_to_restore: { value: null, reason: 'no-source' },
      },
      { customers_served: { value: 1 } },
    ])
  })

  test('has its target, and its CSV', async () => {
    const target = { kpi: 'contacts_opened', slice: 'team=support', max: 100 }
    const api = await openApi({ config: { targets: [target] } })
    api.floor.count(contactOpened, ['agent=a-1'], 101)
    api.floor.roster('a-1', [entry('2026-02-01', ['support'])])
    await api.floor.commit()
    const live = await api.json(`${tenant}/kpis/live?slice=team=support&kpis=contacts_opened`)
    expect(live.rows[0]!.kpis['contacts_opened']).toMatchObject({ value: 101, status: 'warning' })
    const csv = await api.get(
      `${tenant}/kpis/periods?period=day&from=2026-03-02&to=2026-03-03&slice=team=support&kpis=contacts_opened&format=csv`,
    )
    expect(csv.body).toContain('team=support')
  })

  test.each([
    ['kpis/live?slice=team=unheard', 'unknown-slice', 'a value that /slices?dimension=team lists'],
    [
      'kpis/live?slice=team=support,class=live',
      'bad-request',
      'team=name alone: a team is in no pair',
    ],
    ['kpis/live?slice=team=', 'bad-request', 'team=value'],
    ['agents?team=unheard', 'unknown-slice', 'a value that /slices?dimension=team lists'],
    [
      'kpis/periods?period=day&from=2026-03-01&to=2026-03-02&slice=team=support&revision=all',
      'bad-request',
      'latest, of team=support: its agents have revisions',
    ],
  ])('%s is %s', async (path, code, expected) => {
    const problem = await refused(await rostered(), path)
    expect(problem).toMatchObject({ code, errors: [{ expected }] })
  })

  test('is not kept where agents are not', async () => {
    const api = await openApi({
      config: { slices: { dimensions: ['queue'], pairs: [], values: {} } },
    })
    await api.floor.commit()
    expect((await refused(api, 'kpis/live?slice=team=support')).code).toBe('unknown-slice')
    expect((await refused(api, 'slices?dimension=team')).code).toBe('unknown-slice')
  })
})

describe('a team’s closed period', () => {
  const closedRows = async (api: Api, query: string) =>
    (await api.json<PeriodsResponse>(`${tenant}/kpis/periods?${query}&kpis=contacts_opened`)).rows

  test('is what was issued of its agents, as long as that stands', async () => {
    const api = await rostered()
    const { floor } = api
    const sunday = { kind: 'day', startMs: at('2026-03-01T00:00:00Z') } as const
    const day = 'period=day&from=2026-03-01&to=2026-03-02&slice=team=support'
    floor.closeTo(monday)
    floor.issue('agent=a-1', sunday, { closedAtMs: monday + 60_000, counts: [[contactOpened, 1]] })
    await floor.commit()
    expect(await closedRows(api, day)).toMatchObject([{ closed: false, kpis: {} }])
    floor.issue('agent=a-2', sunday, { closedAtMs: monday + 90_000, counts: [[contactOpened, 10]] })
    await floor.commit()
    expect(await closedRows(api, day)).toMatchObject([
      { closed: true, revision: 1, closedAt: '2026-03-02T00:01:30.000Z' },
    ])
    floor.count(contactOpened, ['agent=a-2'], 1, monday - hourMs)
    await floor.commit()
    expect(await closedRows(api, day)).toMatchObject([
      { closed: false, kpis: { contacts_opened: { value: 12 } } },
    ])
    floor.issue('agent=a-2', sunday, {
      ...{ revision: 2, cause: 'late', closedAtMs: monday + 120_000 },
      counts: [[contactOpened, 11]],
    })
    await floor.commit()
    expect(await closedRows(api, day)).toMatchObject([
      { closed: true, revision: 2, kpis: { contacts_opened: { value: 12 } } },
    ])
  })

  test('of which an agent was there for a part is made of that agent’s days', async () => {
    const api = await openApi()
    const { floor } = api
    const week = { kind: 'week', startMs: at('2026-02-23T00:00:00Z') } as const
    const day = (date: string) => ({ kind: 'day', startMs: at(`${date}T00:00:00Z`) }) as const
    floor.roster('whole', [entry('2026-01-01', ['support'])])
    floor.roster('left', [entry('2026-01-01', ['support']), entry('2026-02-25', [])])
    const issued = (agent: string, period: typeof week | ReturnType<typeof day>, count: number) =>
      floor.issue(`agent=${agent}`, period, {
        ...{ closedAtMs: monday + 60_000, counts: [[contactOpened, count]] as const },
      })
    floor.count(contactOpened, ['agent=whole'], 3, at('2026-02-28T12:00:00Z'))
    floor.count(contactOpened, ['agent=left'], 5, at('2026-02-24T12:00:00Z'))
    floor.count(contactOpened, ['agent=left'], 50, at('2026-02-26T12:00:00Z'))
    issued('whole', week, 3)
    issued('left', week, 55)
    issued('left', day('2026-02-24'), 5)
    floor.closeTo(monday)
    await floor.commit()
    const rows = await closedRows(
      api,
      'period=week&from=2026-02-23&to=2026-03-02&slice=team=support',
    )
    expect(rows).toMatchObject([
      { closed: true, revision: 1, kpis: { contacts_opened: { value: 8 } } },
    ])
  })
})

test('an agent with aliases is read as one person; an alias stays itself', async () => {
  const api = await rostered()
  expect(
    await values(api, 'live?window=today&slice=agent=a-2&slice=agent=a-2b&slice=agent=a-1'),
  ).toEqual([110, 100, 1])
  const day = 'period=day&from=2026-03-01&to=2026-03-03&slice=agent=a-2'
  expect(await values(api, `periods?${day}`)).toEqual([10, 110])
})

test('who waits for a team, longest first', async () => {
  const api = await rostered()
  const ago = (ms: number): number => api.floor.nowMs() - ms
  api.floor.open('reply.live', ['all', 'agent=a-2'], waiting('c-2'), ago(5_000))
  api.floor.open('reply.live', ['all', 'agent=a-2b'], waiting('c-3'), ago(9_000))
  api.floor.open('reply.live', ['all', 'agent=a-1'], waiting('c-1'), ago(20_000)) // No longer in it.
  await api.floor.commit()
  const answer = await api.json<WaitingResponse>(`${tenant}/waiting?slice=team=support`)
  expect([answer.count, answer.rows.map(({ contactId }) => contactId)]).toEqual([2, ['c-3', 'c-2']])
  const live = await api.json(
    `${tenant}/kpis/live?slice=team=support&kpis=waiting_now,longest_wait`,
  )
  expect(live.rows[0]!.kpis).toMatchObject({
    waiting_now: { value: 2 },
    longest_wait: { value: 9_000 },
  })
})

test('agents are listed with their teams, role and aliases of today, or those of a team alone', async () => {
  const api = await rostered()
  for (const agentId of ['a-1', 'a-2', 'a-9'])
    api.floor.open(
      'agent.available',
      ['all', `agent=${agentId}`],
      { agentId, contacts: 0, capacity: null, queues: [] },
      api.floor.nowMs(),
    )
  await api.floor.commit()
  const { rows } = await api.json<AgentsResponse>(`${tenant}/agents`)
  expect(rows.map(({ id, teams, role, aliases }) => [id, teams, role, aliases])).toEqual([
    ['a-1', [], null, []],
    ['a-2', ['support'], 'lead', ['a-2b']],
    ['a-9', [], null, []],
  ])
  const ofTeam = await api.json<AgentsResponse>(`${tenant}/agents?team=support`)
  expect(agentsSchema.parse(ofTeam)).toEqual(ofTeam)
  expect(ofTeam.rows.map(({ id }) => id)).toEqual(['a-2'])
  const before = await api.json<AgentsResponse>(`${tenant}/agents?team=night`)
  expect(before.rows).toEqual([])
})
