import { readFileSync } from 'node:fs'
import { agentTimelineSchema, type AgentTimelineResponse, type Problem } from '@deskpulse/contract'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import { hourMs } from '@deskpulse/core/time'
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
      end: '2026-03-02T09:32:00.001Z',
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

  test('is empty before the first state', async () => {
    const api = await folded([isIn(0, 'available')], 1)
    const answer = await timeline(api, '?from=2026-03-01&to=2026-03-02')
    expect([answer.rows, answer.totals]).toEqual([[], []])
  })
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
