import { type AgentTimelineResponse, problemOf } from '@deskpulse/contract'
import type { AgentStretch } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs, type Interval, parseBoundary, todayStart } from '@deskpulse/core/time'
import {
  agentDaysIn,
  agentDaysKey,
  agentTimeline,
  type DaysOfAgent,
  timelineKeys,
} from '@deskpulse/engine'
import type { Snapshot } from '@deskpulse/stream'
import { basisFor, type ExplainSource } from '../explain/source.ts'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import { turns } from '../reading/turns.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'

export type AgentTimelineRequest = {
  readonly agentId: string
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** `clock`: what is wrong with the clocks in the log. */
export type AgentTimelinePage = {
  readonly answer: Stamped<AgentTimelineResponse>
  readonly clock: Uint8Array | null
  readonly snapshot: Snapshot
}

/** 31 days, and the hour more of a day on which clocks go back. */
const rangeMaxMs = 31 * dayMs + dayMs / 24
/** So often one reads again because the days that are to be read have changed meanwhile. */
const attemptsMax = 20
const rowsMax = 10_000
/** What a day costs, in records: it is folded. */
const costOfDay = 100

/** `GET …/agents/{agent}/timeline`: how an agent stood, as its days hold it. Which of them to read is read first, and again with them, in one moment. */
export async function readAgentTimeline(
  source: ExplainSource,
  request: AgentTimelineRequest,
): Promise<Outcome<AgentTimelinePage>> {
  const { tenant, read, enter } = source
  const { agentId } = request
  const basis = basisFor(source, { slice: 'all' })
  const firstKeys = [...basis.keys, agentDaysKey(tenant, agentId)]
  const daysOf = (snapshot: Snapshot): Outcome<Wanted> => {
    const values = snapshot.values.slice(0, basis.keys.length)
    const found = basis.read(snapshot, values)
    if (!found.ok) return found
    const interval = intervalOf(request, found.value)
    if (!interval.ok) return interval
    const stored = snapshot.values[basis.keys.length] ?? null
    if (stored === null) return unknownAgent(agentId)
    const folding = basis.tenantIn(values)
    const days = agentDaysIn(folding, agentId, stored, interval.value)
    const of = { tenant: folding, agentId, days }
    const isOfNow = request.to === undefined
    return granted({ basis: found.value, interval: interval.value, isOfNow, of })
  }
  const first = daysOf(await read({ keys: firstKeys }))
  if (!first.ok) return first
  let wanted = first.value
  const leave = await enter(costOfDay * wanted.of.days.length)
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const keys = timelineKeys(wanted.of)
      const snapshot = await read({ keys: [...firstKeys, ...keys] })
      const now = daysOf(snapshot)
      if (!now.ok) return now
      const { of, interval } = now.value
      if (timelineKeys(of).join('\n') === keys.join('\n')) {
        const { logTimeMs, values } = snapshot
        const states = values.slice(firstKeys.length)
        const stretches = await agentTimeline(of, states, interval, logTimeMs, turns())
        if (stretches.length > rowsMax) return tooMany(request)
        const answer = answerOf(now.value, stretches, logTimeMs)
        return granted({ answer, clock: basis.clockIn(values), snapshot })
      }
      wanted = now.value
    }
  } finally {
    leave()
  }
  return refused(problemOf('busy', 'what is asked for changes faster than it can be read'))
}

type Wanted = {
  readonly basis: TenantBasis
  readonly interval: Interval
  /** It was asked for up to now. */
  readonly isOfNow: boolean
  readonly of: DaysOfAgent
}

function answerOf(
  { basis, interval, isOfNow, of: { agentId, days } }: Wanted,
  stretches: readonly AgentStretch[],
  logTimeMs: EpochMs,
): Stamped<AgentTimelineResponse> {
  const isUpToNow = interval.endMs > logTimeMs
  const goesOn = ({ endMs }: AgentStretch, place: number): boolean =>
    isUpToNow && endMs === logTimeMs && place === stretches.length - 1
  return {
    ...{ tenant: basis.tenant, agentId, timeZone: basis.config.timeZone, asOf: iso(logTimeMs) },
    ...completenessOf(basis, isUpToNow ? null : restsOn(days, interval)),
    ...{ start: iso(interval.startMs), end: iso(isOfNow ? logTimeMs : interval.endMs) },
    rows: stretches.map((stretch, place) => ({
      ...{ state: stretch.state, reason: stretch.reason, class: stretch.class },
      start: iso(stretch.startMs),
      end: goesOn(stretch, place) ? null : iso(stretch.endMs),
      durationMs: stretch.endMs - stretch.startMs,
      queues: [...stretch.queues],
      signedOutBy: stretch.signedOutBy,
    })),
    totals: totalsOf(stretches),
  }
}

/** What went on when an interval begins was told on the first of the days. */
const restsOn = ([first = Infinity]: readonly number[], interval: Interval): Interval => ({
  startMs: Math.min(first * dayMs, interval.startMs) as EpochMs,
  endMs: interval.endMs,
})

/** By state and reason, in order of their first time. A state that only changed its queues or its class goes on. */
function totalsOf(stretches: readonly AgentStretch[]): AgentTimelineResponse['totals'] {
  const totals = new Map<string, AgentTimelineResponse['totals'][number]>()
  for (const [place, { state, reason, startMs, endMs }] of stretches.entries()) {
    const total = totals.getOrInsertComputed(JSON.stringify([state, reason]), () => ({
      ...{ state, reason, count: 0, durationMs: 0 },
    }))
    const before = stretches[place - 1]
    const goesOn = before?.endMs === startMs && before.state === state && before.reason === reason
    total.count += goesOn ? 0 : 1
    total.durationMs += endMs - startMs
  }
  return [...totals.values()]
}

function intervalOf(
  { from, to }: AgentTimelineRequest,
  { history: { localTime }, logTimeMs }: TenantBasis,
): Outcome<Interval> {
  const startMs =
    from === undefined ? todayStart(localTime, logTimeMs) : parseBoundary(from, localTime)
  if (startMs === null) return badTime('from', from!)
  const endMs = to === undefined ? ((logTimeMs + 1) as EpochMs) : parseBoundary(to, localTime)
  if (endMs === null) return badTime('to', to!)
  if (endMs <= startMs) return bad(to === undefined ? 'from' : 'to', laterThan(to), to ?? from!)
  if (endMs - startMs > rangeMaxMs)
    return bad(to === undefined ? 'from' : 'to', 'a range of at most 31 days', to ?? from!)
  return granted({ startMs, endMs })
}

const laterThan = (to: string | undefined): string =>
  to === undefined ? 'an instant that has come' : 'later than from'

const badTime = (path: string, got: string): Outcome<never> =>
  bad(path, 'a date or an instant of the years 1900 to 2199', got)

const bad = (path: string, expected: string, got: string): Outcome<never> =>
  refused(problemOf('bad-request', `not what it must be: ${path}`, [{ path, expected, got }]))

const tooMany = ({ from, to }: AgentTimelineRequest): Outcome<never> =>
  bad(from === undefined ? 'to' : 'from', `a range with at most ${rowsMax} rows`, from ?? to ?? '')

function unknownAgent(agentId: string): Outcome<never> {
  const expected = 'an agent that an event of its own or a contact has named'
  const error = { path: 'agent', expected, got: agentId }
  return refused(problemOf('unknown-agent', 'no event ever named such an agent', [error]))
}
