import { readFileSync } from 'node:fs'
import {
  agentTimelineSchema,
  type AgentTimelineResponse,
  encodeGaps,
  type Problem,
} from '@deskpulse/contract'
import type { CanonicalEvent, EventData, Gap } from '@deskpulse/core/events'
import { gapsKey } from '@deskpulse/core/state'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { type Folded, folding, happened, openFolded } from '../testing/folded.ts'

const agents = '/v1/tenants/acme/agents'

const isIn = (minute: number, state: string, more: EventData = {}): CanonicalEvent =>
  happened(minute * 60, 'agent.state_changed', { agentId: 'a-1', state, ...more })

async function folded(events: readonly CanonicalEvent[], untilMinute: number): Promise<Folded> {
  const api = await openFolded()
  await api.fold(events, folding.startMs + untilMinute * 60_000)
  return api
}

async function timeline({ json }: Folded, query = '', id = 'a-1'): Promise<AgentTimelineResponse> {
  const answer = await json<AgentTimelineResponse>(`${agents}/${id}/timeline${query}`)
  expect(agentTimelineSchema.parse(answer)).toEqual(answer)
  return answer
}

/** Each line as minutes of the morning. */
const linesOf = ({ rows }: AgentTimelineResponse): string[] => {
  const minute = (at: string): number => (Date.parse(at) - folding.startMs) / 60_000
  return rows.map(
    ({ state, reason, class: counted, start, end, queues }) =>
      `${minute(start)}–${end === null ? 'now' : minute(end)} ${state} ${reason} ${counted} [${queues.join()}]`,
  )
}

describe('the timeline of an agent', () => {
  test('says its states with their reasons, as what they count, and its queues, up to now', async () => {
    const api = await folded(
      [
        isIn(0, 'available'),
        happened(5 * 60, 'agent.queue_joined', { agentId: 'a-1', queue: 'billing' }),
        isIn(10, 'not_ready', { reason: 'coffee' }),
        isIn(15, 'not_ready', { reason: 'paperwork' }),
        isIn(20, 'offline', { reason: 'end of shift' }),
        isIn(30, 'not_ready', { reason: 'coffee' }),
      ],
      32,
    )
    const answer = await timeline(api)
    expect(answer).toMatchObject({
      tenant: 'acme',
      agentId: 'a-1',
      start: '2026-03-02T00:00:00.000Z',
      end: '2026-03-02T09:32:00.000Z',
    })
    expect(linesOf(answer)).toEqual([
      '0–5 available null available []',
      '5–10 available null available [billing]',
      '10–15 not_ready coffee not_ready [billing]',
      '15–20 not_ready paperwork not_ready [billing]',
      '20–30 offline end of shift null [billing]',
      '30–now not_ready coffee not_ready [billing]',
    ])
    const minutes = answer.totals.map(
      ({ state, reason, count, durationMs }) =>
        `${state} ${reason}: ${count} × in ${durationMs / 60_000}`,
    )
    expect(minutes).toEqual([
      'available null: 1 × in 10',
      'not_ready coffee: 2 × in 7',
      'not_ready paperwork: 1 × in 5',
      'offline end of shift: 1 × in 10',
    ])
  })

  test('begins with the state that went on when the range begins, also over days that hold nothing', async () => {
    const api = await openFolded()
    await api.fold(
      [isIn(0, 'available'), isIn(60, 'offline', { reason: 'leave' })],
      folding.startMs + hourMs,
    )
    await api.fold([isIn(3 * 24 * 60, 'available')], folding.startMs + 73 * hourMs)
    const range = '?from=2026-03-03&to=2026-03-05T09:30:00Z'
    expect(linesOf(await timeline(api, range))).toEqual([
      '900–4320 offline leave null []',
      '4320–4350 available null available []',
    ])
  })

  test('goes on over midnight in one piece', async () => {
    const api = await openFolded()
    await api.fold([isIn(14 * 60, 'available')], folding.startMs + 14 * hourMs)
    await api.fold([isIn(16 * 60, 'break')], folding.startMs + 16 * hourMs)
    expect(linesOf(await timeline(api, '?from=2026-03-02'))).toEqual([
      '840–960 available null available []',
      '960–now break null not_ready []',
    ])
    const before = '?from=2026-03-02&to=2026-03-03T01:00:00Z'
    expect(linesOf(await timeline(api, before))).toEqual(['840–960 available null available []'])
  })

  test('counts a contact that engages the agent, and says which timeout set it offline', async () => {
    const api = await folded(
      [
        isIn(0, 'available'),
        happened(60, 'contact.opened', { contactId: 'c', channel: 'voice' }),
        happened(120, 'contact.assigned', { contactId: 'c', agentId: 'a-1' }),
        happened(180, 'contact.released', { contactId: 'c', agentId: 'a-1' }),
        happened(180, 'contact.wrapped_up', { contactId: 'c', agentId: 'a-1' }),
        happened(240, 'agent.heartbeat', { agentId: 'a-1' }),
      ],
      60,
    )
    const answer = await timeline(api)
    expect(linesOf(answer).slice(0, 2)).toEqual([
      '0–2 available null available []',
      '2–3 available null handling []',
    ])
    expect(answer.rows.at(-1)).toMatchObject({ state: 'offline', signedOutBy: 'heartbeat' })
    expect(answer.totals.map(({ state, count }) => `${state} ${count}`)).toEqual([
      'available 1',
      'offline 1',
    ])
  })

  test('goes on with the state of a day of which nothing else is kept any more', async () => {
    const api = await openFolded()
    await api.fold(
      [isIn(0, 'available'), isIn(60, 'offline', { reason: 'leave' })],
      folding.startMs + hourMs,
    )
    await api.fold([], folding.startMs + 50 * 24 * hourMs)
    const [row, ...others] = (await timeline(api, '?from=2026-04-01&to=2026-04-02')).rows
    expect([row, others]).toMatchObject([
      {
        ...{ state: 'offline', reason: 'leave', class: null },
        ...{ start: '2026-04-01T00:00:00.000Z', end: '2026-04-02T00:00:00.000Z' },
      },
      [],
    ])
    expect((await timeline(api, '?from=2026-03-02&to=2026-03-03')).rows).toEqual([])
  })

  test('begins and ends with days of the tenant’s zone, also where one has 25 hours', async () => {
    const api = await openFolded()
    const startMs = Date.UTC(2026, 9, 23, 22)
    await api.configure({ ...defaultTenantConfig, timeZone: 'Europe/Rome' }, startMs)
    const atMs = startMs as EpochMs
    await api.fold([{ ...isIn(0, 'available'), timeMs: atMs }], startMs)
    await api.fold([], startMs + 30 * 24 * hourMs)
    const { start, end, rows } = await timeline(api, '?from=2026-10-25&to=2026-10-26')
    expect([start, end]).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'])
    expect(rows).toMatchObject([
      { state: 'offline', signedOutBy: 'shift-max', durationMs: 25 * hourMs },
    ])
    await timeline(api, '?from=2026-10-24&to=2026-11-24') // 31 dates, and an hour more.
    const tooLong = await api.get(`${agents}/a-1/timeline?from=2026-10-24&to=2026-11-25`)
    expect(tooLong.statusCode).toBe(400)
  })

  test('has what began at the very instant of log time, for no time yet; of what is ahead nothing', async () => {
    const api = await folded([isIn(0, 'available'), isIn(5, 'break')], 5)
    expect(linesOf(await timeline(api, '?from=2026-03-02T09:05:00Z'))).toEqual([
      '5–now break null not_ready []',
    ])
    expect((await timeline(api, '?from=2026-03-03&to=2026-03-04')).rows).toEqual([])
  })

  test('of states by channel, has the reason of the one told last of those in the state shown', async () => {
    const chat = { channel: 'chat', reason: 'school' }
    const api = await folded(
      [
        isIn(0, 'available', { channel: 'chat' }),
        isIn(1, 'break', { channel: 'voice', reason: 'coffee' }),
        isIn(2, 'break', chat),
        isIn(3, 'break', { channel: 'voice' }),
      ],
      4,
    )
    expect(linesOf(await timeline(api))).toEqual([
      '0–2 available null available []',
      '2–3 break school not_ready []',
      '3–now break null not_ready []',
    ])
  })

  test.each(['a/b', '李雷', 'a%2Fb'])('is found by the id %s', async (agentId) => {
    const api = await folded([isIn(0, 'available', { agentId })], 1)
    expect((await timeline(api, '', encodeURIComponent(agentId))).agentId).toBe(agentId)
  })

  test('is empty before the first state, and of an agent that never had one', async () => {
    const api = await folded([isIn(0, 'available')], 1)
    await api.fold([happened(60, 'agent.heartbeat', { agentId: 'a-2' })], folding.startMs + 60_000)
    for (const [query, id] of [['?from=2026-03-01&to=2026-03-02'], ['', 'a-2']] as const) {
      const answer = await timeline(api, query, id)
      expect([answer.rows, answer.totals]).toEqual([[], []])
    }
  })
})

test('lacks what was lost since the day that says how it begins, and up to now whatever was lost', async () => {
  const api = await openFolded()
  await api.fold([isIn(0, 'available')], folding.startMs)
  await api.fold([isIn(30 * 60, 'break')], folding.startMs + 40 * hourMs)
  const lost = (hour: number): Gap => ({
    ...{ topic: 'raw', partition: 0, from: 50, to: 120, number: 1, acknowledged: null },
    ...{ sinceMs: at(hour), untilMs: at(hour + 1), foundMs: at(hour + 1) },
  })
  const at = (hour: number): EpochMs => (folding.startMs + hour * hourMs) as EpochMs
  const incompleteOf = async (gap: Gap, query: string): Promise<unknown> => {
    await api.put(gapsKey, encodeGaps([gap]))
    return (await timeline(api, query)).incomplete
  }
  const past = '?from=2026-03-03T16:00:00Z&to=2026-03-03T17:00:00Z'
  expect(await incompleteOf(lost(20), past)).toMatchObject({ records: 70 })
  expect(await incompleteOf(lost(36), past)).toBeUndefined()
  expect(await incompleteOf(lost(36), '?from=2026-03-03T23:00:00Z')).toMatchObject({ records: 70 })
})

test('answers of the past are the same ones, told by their tags', async () => {
  const api = await folded([isIn(0, 'available')], 10)
  const url = `${agents}/a-1/timeline?from=2026-03-02&to=2026-03-02T09:05:00Z`
  const { etag } = (await api.get(url)).headers
  expect((await api.get(url, { 'if-none-match': String(etag) })).statusCode).toBe(304)
  expect((await api.get('/v1/tenants/nobody/agents/a-1/timeline')).statusCode).toBe(404)
})

test('the example of the documentation is such an answer', async () => {
  const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
  const [, url = '', shown = ''] =
    /## The time of an agent[^]*?```http\nGET ([^\n]+)\n```\n\n```json\n([^`]+)```/.exec(page) ?? []
  const api = await folded(
    [
      happened(0, 'agent.queue_joined', { agentId: 'a-1', queue: 'billing' }),
      isIn(0, 'available'),
      isIn(10, 'not_ready', { reason: 'coffee' }),
    ],
    32,
  )
  const answer = await api.json<object>(url)
  expect({ ...answer, stale: false }).toEqual(JSON.parse(shown)) // It is read long after log time.
})

test('the reason of now is also with the agents', async () => {
  const api = await folded([isIn(0, 'break', { reason: 'coffee' })], 1)
  const { rows } = await api.json<{ rows: readonly unknown[] }>(agents)
  expect(rows).toMatchObject([{ id: 'a-1', state: 'break', reason: 'coffee' }])
})

test.each([
  { id: 'nobody', query: '', status: 404, code: 'unknown-agent', path: 'agent' },
  { id: 'a-1', query: '?from=2026-02-30', status: 400, code: 'bad-request', path: 'from' },
  { id: 'a-1', query: '?from=2026-03-03', status: 400, code: 'bad-request', path: 'from' },
  {
    ...{ id: 'a-1', query: '?from=2026-03-02&to=2026-03-01' },
    ...{ status: 400, code: 'bad-request', path: 'to' },
  },
  {
    ...{ id: 'a-1', query: '?from=2026-01-01&to=2026-02-03' },
    ...{ status: 400, code: 'bad-request', path: 'to' },
  },
])('$id$query is answered $status, and names $path', async ({ id, query, status, code, path }) => {
  const api = await folded([isIn(0, 'available')], 1)
  const response = await api.get(`${agents}/${id}/timeline${query}`)
  const problem: Problem = response.json()
  expect([response.statusCode, problem.code]).toEqual([status, code])
  expect(problem.errors?.map((error) => error.path)).toContain(path)
})
