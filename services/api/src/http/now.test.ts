import {
  type AgentsResponse,
  agentsSchema,
  type KpiList,
  type Problem,
  type SlicesResponse,
  slicesSchema,
  type WaitingResponse,
  waitingSchema,
} from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import type { WaitingRow } from '@deskpulse/core/state'
import { type EpochMs, secondMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const tenant = '/v1/tenants/acme'
const member = (contactId: string, more: Partial<WaitingRow> = {}): WaitingRow => ({
  contactId,
  dueAtMs: 1_772_446_060_000 as EpochMs,
  first: true,
  channel: 'chat',
  ...more,
})

/** Three who wait, in two queues, and one whose e-mail is not answered. */
async function waiting(): Promise<Api> {
  const api = await openApi()
  const { floor } = api
  const ago = (seconds: number): number => floor.nowMs() - seconds * secondMs
  floor.open(
    'reply.live',
    ['all', 'queue=a'],
    member('young', { queue: 'a', agentId: '7', first: false }),
    ago(5),
  )
  floor.open(
    'reply.live',
    ['all', 'queue=b'],
    member('old,1', { queue: 'b', priority: 'vip' }),
    ago(50),
  )
  floor.open(
    'queue.voice',
    ['all', 'queue=a'],
    member('call', { queue: 'a', channel: 'voice' }),
    ago(20),
  )
  floor.open('reply.deferred', ['all'], member('letter', { channel: 'email' }), ago(5_000))
  await floor.commit()
  return api
}

describe('waiting', () => {
  test('lists who waits, longest first, callers and chats together', async () => {
    const { json } = await waiting()
    const answer = await json<WaitingResponse>(`${tenant}/waiting`)
    expect(waitingSchema.parse(answer)).toEqual(answer)
    expect(answer.count).toBe(3)
    expect(answer.rows.map((row) => [row.contactId, row.kind])).toEqual([
      ['old,1', 'reply'],
      ['call', 'queue'],
      ['young', 'reply'],
    ])
    expect(answer.rows[0]).toEqual({
      ...{
        contactId: 'old,1',
        kind: 'reply',
        since: '2026-03-02T10:06:37.017Z',
        dueAt: '2026-03-02T10:07:40.000Z',
      },
      ...{ first: true, queue: 'b', channel: 'chat', agentId: null, priority: 'vip' },
      ...{ position: null, estimatedWaitMs: null },
    })
  })

  test('counts all of a slice and lists as many as asked for', async () => {
    const { json } = await waiting()
    const { count, rows } = await json<WaitingResponse>(`${tenant}/waiting?slice=queue=a&limit=1`)
    expect([count, rows.map((row) => row.contactId)]).toEqual([2, ['call']])
    const live = await json(`${tenant}/kpis/live?slice=queue=a&kpis=waiting_now`)
    expect(live.rows[0]?.kpis['waiting_now']?.value).toBe(count)
  })

  test('lists with `lost` whose wait was given up, of whatever class, and them alone', async () => {
    const { floor, json } = await waiting()
    const since = floor.nowMs() - 5 * 3_600 * secondMs
    floor.open(
      'lost.queue',
      ['all', 'queue=a'],
      member('gone', { queue: 'a', channel: 'voice' }),
      since,
    )
    floor.open('lost.reply', ['all'], member('forgotten', { channel: 'email' }), since - secondMs)
    await floor.commit()
    const { count, rows } = await json<WaitingResponse>(`${tenant}/waiting?lost=true`)
    expect([count, rows.map(({ contactId, kind }) => [contactId, kind])]).toEqual([
      2,
      [
        ['forgotten', 'reply'],
        ['gone', 'queue'],
      ],
    ])
    expect((await json<WaitingResponse>(`${tenant}/waiting?lost=false`)).count).toBe(3)
  })

  /** Callers of two queues and of none, and how many calls queue `a` answered in the last half-hour. */
  async function callers(answered: number, options: Parameters<typeof openApi>[0] = {}) {
    const api = await openApi(options)
    const { floor } = api
    const call = (contactId: string, seconds: number, queue?: string, slice = 'channel=voice') =>
      floor.open(
        'queue.voice',
        ['all', slice, ...(queue === undefined ? [] : [`queue=${queue}`])],
        member(contactId, { channel: 'voice', ...(queue !== undefined && { queue }) }),
        floor.nowMs() - seconds * secondMs,
      )
    call('fourth', 20, 'a')
    call('third', 20, 'a', 'channel=app')
    call('first', 90, 'a', 'channel=app')
    call('second', 60, 'a')
    call('other', 70, 'b')
    call('nowhere', 80)
    floor.open('reply.live', ['all', 'queue=a'], member('chat', { queue: 'a' }), floor.nowMs())
    const ofA = ['all', 'queue=a']
    for (let n = 0; n < answered; n++) floor.duration(measures.passAnswered, ofA, 12_000)
    const before = floor.nowMs() - 30 * 60 * secondMs
    floor.duration(measures.passAnswered, ['all', 'queue=a', 'queue=b'], 12_000, before)
    await floor.commit()
    const placesIn = async (query = '') =>
      (await api.json<WaitingResponse>(`${tenant}/waiting${query}`)).rows.map(
        ({ contactId, position, estimatedWaitMs }) => [contactId, position, estimatedWaitMs],
      )
    return { ...api, placesIn }
  }

  test('says of callers which one is next in the queue, and how long each will probably wait at the rate of the last half-hour', async () => {
    const { placesIn } = await callers(7)
    expect(await placesIn()).toEqual([
      ['first', 1, 257_143],
      ['nowhere', null, null],
      ['other', 1, null],
      ['second', 2, 514_286],
      ['fourth', 3, 771_429],
      ['third', 4, 1_028_571],
      ['chat', null, null],
    ])
  })

  test('places count all callers of the queue, listed or not', async () => {
    const { placesIn } = await callers(6)
    expect(await placesIn('?slice=channel=voice&limit=3')).toEqual([
      ['nowhere', null, null],
      ['other', 1, null],
      ['second', 2, 600_000],
    ])
    expect(await placesIn('?slice=channel=app')).toEqual([
      ['first', 1, 300_000],
      ['third', 4, 1_200_000],
    ])
  })

  test('the rate is that of now: a call that is answered changes it, half an hour later it does not count', async () => {
    const { floor, placesIn } = await callers(1)
    const firstIn = async () => (await placesIn('?slice=queue=a&limit=1'))[0]
    expect(await firstIn()).toEqual(['first', 1, 1_800_000])
    floor.duration(measures.passAnswered, ['all', 'queue=a'], 12_000)
    floor.open('queue.voice', ['all', 'queue=a'], member('first', { queue: 'a' }), null)
    await floor.commit()
    await expect.poll(firstIn).toEqual(['second', 1, 900_000])
    floor.wait(30 * 60 * secondMs)
    await floor.commit()
    await expect.poll(firstIn).toEqual(['second', 1, null])
  })

  test('a queue in which somebody waits for the first time is read with the others', async () => {
    const { floor, placesIn } = await callers(3)
    await placesIn()
    const slices = ['all', 'queue=c']
    floor.duration(measures.passAnswered, slices, 12_000)
    floor.open('queue.voice', slices, member('new', { queue: 'c' }), floor.nowMs() - 200_000)
    await floor.commit()
    await expect
      .poll(() => placesIn('?limit=2'))
      .toEqual([
        ['new', 1, 1_800_000],
        ['first', 1, 600_000],
      ])
  })

  test('a tenant that keeps no slices of queues knows places alone', async () => {
    const { placesIn } = await callers(6, {
      config: { slices: { dimensions: [], pairs: [], values: {} } },
    })
    expect((await placesIn('?limit=1'))[0]).toEqual(['first', 1, null])
  })

  test('a wait that was given up has no place', async () => {
    const { floor, placesIn } = await callers(6)
    const slices = ['all', 'queue=a']
    floor.open('lost.queue', slices, member('gone', { queue: 'a' }), floor.nowMs() - 90_000)
    await floor.commit()
    expect(await placesIn('?lost=true')).toEqual([['gone', null, null]])
    expect((await placesIn())[0]).toEqual(['first', 1, 300_000])
  })

  test('nobody waits where nothing was ever counted', async () => {
    const api = await openApi()
    await api.floor.commit()
    expect(await api.json<WaitingResponse>(`${tenant}/waiting`)).toMatchObject({
      count: 0,
      rows: [],
    })
  })
})

test('agents: the state of now, since when, how many contacts, of how many, which queues', async () => {
  const { floor, json } = await openApi()
  const since = floor.nowMs() - 1_000
  floor.open(
    'agent.on_contact',
    ['all', 'queue=a'],
    { agentId: '7', contacts: 2, capacity: null, queues: ['a', 'b,c'] },
    since,
  )
  floor.open(
    'agent.offline',
    ['all'],
    { agentId: '12', contacts: 0, capacity: 0, queues: [] },
    since,
  )
  await floor.commit()
  const answer = await json<AgentsResponse>(`${tenant}/agents`)
  expect(agentsSchema.parse(answer)).toEqual(answer)
  const ofNoTeam = { reason: null, teams: [], role: null, aliases: [] }
  expect(answer.rows).toEqual([
    {
      id: '12',
      state: 'offline',
      since: '2026-03-02T10:07:26.017Z',
      contacts: 0,
      capacity: 0,
      queues: [],
      missedInARow: 0,
      ...ofNoTeam,
    },
    {
      id: '7',
      state: 'on_contact',
      since: '2026-03-02T10:07:26.017Z',
      contacts: 2,
      capacity: null,
      queues: ['a', 'b,c'],
      missedInARow: 0,
      ...ofNoTeam,
    },
  ])
})

describe('slices', () => {
  test('are the values configured, those seen and that of contacts without one, with the text that names them', async () => {
    const api = await openApi({
      config: { slices: { dimensions: ['queue'], pairs: [], values: { queue: ['returns'] } } },
    })
    api.floor.count(measures.contactOpened, ['all', 'queue=a%2Cb'])
    await api.floor.commit()
    const answer = await api.json<SlicesResponse>(`${tenant}/slices?dimension=queue`)
    expect(slicesSchema.parse(answer)).toEqual(answer)
    expect(answer.values).toEqual([
      { value: 'returns', slice: 'queue=returns', name: 'returns' },
      { value: 'a,b', slice: 'queue=a%2Cb', name: 'a,b' },
      { value: 'none', slice: 'queue=none', name: 'none' },
    ])
  })

  test('are not those that were only named: nothing is counted there, and nothing stands open', async () => {
    const { floor, json } = await openApi()
    floor.count(measures.contactOpened, ['all', 'queue=counted', 'queue=taken-back'])
    floor.open(
      'reply.live',
      ['all', 'queue=waiting'],
      member('c-1', { queue: 'waiting' }),
      floor.nowMs(),
    )
    floor.open(
      'agent.offline',
      ['all', 'queue=home'],
      { agentId: '1', contacts: 0, capacity: null, queues: ['home'] },
      floor.nowMs(),
    )
    floor.open('backlog', ['all', 'queue=over'], member('c-2'), floor.nowMs())
    await floor.commit()
    floor.open('backlog', ['all', 'queue=over'], member('c-2'), null)
    floor.forget(['queue=taken-back'])
    await floor.commit()
    const { values } = await json<SlicesResponse>(`${tenant}/slices?dimension=queue`)
    expect(values.map(({ value }) => value)).toEqual(['counted', 'home', 'waiting', 'none'])
  })

  test.each([{ dimension: 'topic' }, { dimension: 'floor' }])(
    'of $dimension are none: 404',
    async ({ dimension }) => {
      const api = await openApi()
      await api.floor.commit()
      const response = await api.get(`${tenant}/slices?dimension=${dimension}`)
      expect([response.statusCode, response.json<Problem>().code]).toEqual([404, 'unknown-slice'])
    },
  )
})

describe('KPIs', () => {
  test('are named in the language asked for', async () => {
    const { json } = await openApi()
    const nameOf = async (lang: string) =>
      (await json<KpiList>(`/v1/kpis?lang=${lang}`)).kpis.find((kpi) => kpi.id === 'waiting_now')
        ?.name
    expect([await nameOf('en'), await nameOf('zh')]).toEqual(['Waiting now', '当前等待'])
  })

  test('of configured thresholds are listed beside the default ones', async () => {
    const { json } = await openApi({ tenants: { other: { thresholds: [45_000] } } })
    const ids = (await json<KpiList>('/v1/kpis')).kpis
      .map((kpi) => kpi.id)
      .filter((id: string) => id.includes('s_of_due'))
    expect(ids).toEqual([
      'answered_within_30s_of_due',
      'answered_within_45s_of_due',
      'answered_within_180s_of_due',
    ])
  })
})
