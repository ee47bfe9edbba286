import type { CanonicalEvent, TenantConfig } from '@deskpulse/core'
import type { Course } from './course.ts'
import { engagedSpans, namesOf, type Span } from './engaged.ts'
import { timelineOf } from './order.ts'

export type AgentClass = 'handling' | 'available' | 'not-ready'

/** A stretch in which state, class and queues of an agent stayed the same. `class` is `null` while it is not signed in. */
export type Stretch = Span & { readonly state: string | null; readonly class: AgentClass | null; readonly queues: readonly string[] }

/**
 * An agent's time up to `asOfMs` (semantics 13–15), cut at every instant at which anything may change. An agent that never told a state has
 * stretches without one.
 */
export function agentStretches(
  agentId: string,
  all: readonly CanonicalEvent[],
  courses: readonly Course[],
  config: TenantConfig,
  asOfMs: number,
): Stretch[] {
  const own = timelineOf(all.filter(({ type, data }) => type.startsWith('agent.') && data.agentId === agentId))
  const beatsMs = own.filter(({ type }) => type === 'agent.heartbeat').map(({ timeMs }) => timeMs)
  const told = own.filter(({ type }) => type !== 'agent.heartbeat')
  const mentionsMs = courses.flatMap((course) => namesOf(course).flatMap((name) => (name.agentId === agentId ? [name.atMs] : [])))
  const engaged = courses.flatMap((course) => engagedSpans(course, agentId, asOfMs))
  const heardMs = [...told.map(({ timeMs }) => timeMs), ...mentionsMs]
  const { agentSilenceMs, agentHeartbeatTimeoutMs, agentShiftMaxMs } = config
  const cuts = new Set<number>([
    ...heardMs,
    ...heardMs.map((atMs) => atMs + agentSilenceMs),
    ...beatsMs.map((atMs) => atMs + agentHeartbeatTimeoutMs),
    ...told.map(({ timeMs }) => timeMs + agentShiftMaxMs),
    ...engaged.flatMap(({ startMs, endMs }) => [startMs, endMs]),
  ])
  const instants = [...cuts].filter((atMs) => atMs <= asOfMs).sort((a, b) => a - b)

  const stretches: Stretch[] = []
  const queues = new Set<string>()
  let state: string | null = null
  let signedInMs: number | null = null
  for (const [index, nowMs] of instants.entries()) {
    for (const { data, type } of told.filter(({ timeMs }) => timeMs === nowMs)) {
      if (type === 'agent.queue_joined') queues.add(data.queue!)
      if (type === 'agent.queue_left') queues.delete(data.queue!)
      if (type !== 'agent.state_changed') continue
      state = data.state!
      signedInMs = state === 'offline' ? null : (signedInMs ?? nowMs)
    }
    if (signedInMs !== null && nowMs >= signOutMs(signedInMs, beatsMs, heardMs, nowMs, config)) [state, signedInMs] = ['offline', null]
    const isEngaged = engaged.some(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs)
    const endMs = instants[index + 1] ?? asOfMs
    stretches.push({ startMs: nowMs, endMs, state, class: classOf(state, isEngaged), queues: [...queues].sort() })
  }
  return stretches
}

/** When a sign-in ends that nobody ended: the heartbeats stop, else nothing more is heard; at the shift's maximum at the latest. */
function signOutMs(
  signedInMs: number,
  beatsMs: readonly number[],
  heardMs: readonly number[],
  nowMs: number,
  { agentSilenceMs, agentHeartbeatTimeoutMs, agentShiftMaxMs }: TenantConfig,
): number {
  const lastBeatMs = Math.max(-Infinity, ...beatsMs)
  const lastHeardMs = Math.max(...heardMs.filter((atMs) => atMs >= signedInMs && atMs <= nowMs))
  const goneMs = lastBeatMs >= signedInMs ? lastBeatMs + agentHeartbeatTimeoutMs : lastHeardMs + agentSilenceMs
  return Math.min(goneMs, signedInMs + agentShiftMaxMs)
}

/** First match: offline, handling, available, not ready. */
function classOf(state: string | null, isEngaged: boolean): AgentClass | null {
  if (state === null || state === 'offline') return null
  if (isEngaged || state === 'on_contact' || state === 'wrap_up') return 'handling'
  return state === 'available' ? 'available' : 'not-ready'
}
