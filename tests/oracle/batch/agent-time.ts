import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import type { Course } from './course.ts'
import { engagedSpans, namesOf, type Span } from './engaged.ts'
import { timelineOf } from './order.ts'

export type AgentClass = 'handling' | 'available' | 'not-ready'

/** A stretch in which nothing about an agent changed. `class` is `null` while it is not signed in. */
export type Stretch = Span & {
  readonly state: string | null
  /** Why, in the word of the source; `null`: it gave none. */
  readonly reason: string | null
  readonly class: AgentClass | null
  readonly queues: readonly string[]
  /** `gone`: its heartbeats stopped. `quiet`: nothing was heard of it. `null`: no timeout set it offline. */
  readonly timedOut: 'gone' | 'quiet' | null
  /** Contacts that engage it. */
  readonly contacts: number
  /** How many fit, as told last for each channel; `null`: nobody told. */
  readonly capacity: number | null
  /** A further contact fits: it is available, and its contacts are fewer than its capacity; one fits where none was told. */
  readonly isFree: boolean
}

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
  const own = timelineOf(all.filter(({ type, data }) => isOwn(type) && data.agentId === agentId))
  const beatsMs = own.filter(({ type }) => type === 'agent.heartbeat').map(({ timeMs }) => timeMs)
  const told = own.filter(({ type }) => type !== 'agent.heartbeat')
  const mentionsMs: number[] = courses.flatMap((course) =>
    namesOf(course).flatMap((name) => (name.agentId === agentId ? [name.atMs] : [])),
  )
  const contacts = courses.map((course) => ({
    isCall: course.class === 'voice',
    spans: engagedSpans(course, agentId, Infinity),
  }))
  const heardMs = [...told.map(({ timeMs }) => timeMs), ...mentionsMs]
  const quietMs = Math.min(config.agentSilenceMs ?? Infinity, config.agentShiftMaxMs)
  const cuts = new Set<number>([
    ...heardMs,
    ...heardMs.map((atMs) => atMs + quietMs),
    ...beatsMs.map((atMs) => atMs + config.agentHeartbeatTimeoutMs),
    ...contacts.flatMap(({ spans }) => spans.flatMap(({ startMs, endMs }) => [startMs, endMs])),
  ])
  const instants = [...cuts].filter((atMs) => atMs <= asOfMs).sort((a, b) => a - b)

  const agent = new Agent()
  return instants.map((nowMs, index) => {
    for (const event of told.filter(({ timeMs }) => timeMs === nowMs)) agent.tell(event)
    const engaging = contacts.filter(({ spans }) =>
      spans.some(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs),
    )
    const isEngaged = engaging.length > 0
    if (isEngaged && mentionsMs.includes(nowMs)) agent.comeBack(nowMs)
    const { signedInMs } = agent
    if (signedInMs !== null && !engaging.some(({ isCall }) => isCall)) {
      const isBeating = Math.max(...beatsMs) >= signedInMs
      const lastHeardMs = Math.max(...heardMs.filter((atMs) => atMs >= signedInMs && atMs <= nowMs))
      const endMs = isBeating
        ? Math.max(...beatsMs) + config.agentHeartbeatTimeoutMs
        : lastHeardMs + quietMs
      if (nowMs >= endMs) agent.timeOut(isBeating ? 'gone' : 'quiet')
    }
    const { state, capacity, queues } = agent
    return {
      startMs: nowMs,
      endMs: instants[index + 1] ?? asOfMs,
      state,
      reason: agent.reason,
      class: classOf(state, isEngaged),
      queues: [...queues].sort(),
      timedOut: agent.timedOut,
      contacts: engaging.length,
      capacity,
      isFree: state === 'available' && engaging.length < (capacity ?? 1),
    }
  })
}

/** What is told of the agent's teams, shifts and scores says nothing of where it is. */
const isOwn = (type: string): boolean =>
  type.startsWith('agent.') &&
  !['agent.rostered', 'agent.scheduled', 'agent.attendance', 'agent.assessed'].includes(type)

const notReady = ['not_ready', 'break', 'meal', 'meeting', 'training', 'other']
/** By class, first match: handling, available, not ready, offline; within a class as the API documents it. */
const shownFirst = ['on_contact', 'wrap_up', 'available', ...notReady, 'offline']

/** What an agent's own events say, and the timeouts. */
class Agent {
  /** By channel; without one: of every other. */
  readonly #states = new Map<string | undefined, string>()
  /** What was told of the channels in their states, the latest first. */
  #told: readonly EventData[] = []
  readonly #capacity = new Map<string, number>()
  readonly queues = new Set<string>()
  signedInMs: number | null = null
  /** `gone`: its heartbeats stopped. `quiet`: nothing was heard of it, which may be wrong. */
  timedOut: 'gone' | 'quiet' | null = null

  get state(): string | null {
    return this.timedOut === null ? this.#shown : 'offline'
  }

  /** Of the channels that are in its state, the one that was told last says why. */
  get reason(): string | null {
    if (this.timedOut !== null) return null
    const told = this.#told.find(
      ({ channel, state }) => state === this.#shown && this.#states.get(channel) === state,
    )
    return told?.reason ?? null
  }

  /** Over all channels; `null`: none was told. */
  get capacity(): number | null {
    return this.#capacity.size === 0
      ? null
      : [...this.#capacity.values()].reduce((sum, contacts) => sum + contacts, 0)
  }

  tell({ type, timeMs, data }: CanonicalEvent): void {
    if (type === 'agent.queue_joined') this.queues.add(data.queue!)
    if (type === 'agent.queue_left') this.queues.delete(data.queue!)
    if (type !== 'agent.state_changed') return
    if (data.channel === undefined && data.capacity !== undefined) this.#capacity.clear()
    for (const [channel, contacts] of Object.entries(data.capacity ?? {}))
      this.#capacity.set(channel, contacts)
    if (data.channel === undefined || this.timedOut !== null) this.#states.clear()
    this.#states.set(data.channel, data.state!)
    this.#told = [data, ...this.#told.filter(({ channel }) => channel !== data.channel)]
    if (this.#shown === 'offline') this.signedInMs = null
    else [this.signedInMs, this.timedOut] = [this.signedInMs ?? timeMs, null]
  }

  timeOut(why: 'gone' | 'quiet'): void {
    this.signedInMs = null
    this.timedOut = why
  }

  /** A contact that engages it named it. */
  comeBack(nowMs: number): void {
    if (this.timedOut === 'quiet' && this.#shown !== 'offline')
      [this.signedInMs, this.timedOut] = [nowMs, null]
  }

  get #shown(): string | null {
    return shownFirst.find((state) => [...this.#states.values()].includes(state)) ?? null
  }
}

/** First match: offline, handling, available, not ready. */
function classOf(state: string | null, isEngaged: boolean): AgentClass | null {
  if (state === null || state === 'offline') return null
  if (isEngaged || state === 'on_contact' || state === 'wrap_up') return 'handling'
  return state === 'available' ? 'available' : 'not-ready'
}
