import type { CanonicalEvent } from '@deskpulse/core/events'
import {
  agentDaySubject,
  agentSubject,
  journalKey,
  parseSubject,
  stateKey,
  type Subject,
} from '@deskpulse/core/state'
import type { AgentCarry } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, Wake } from '@deskpulse/stream'
import type { Watch } from '../alerts/watch.ts'
import { Cache } from '../partition/cache.ts'
import type { Fold, SubjectKind } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'
import { AgentCell, type AgentOf } from './agent-cell.ts'
import { AgentDayCell } from './agent-day-cell.ts'
import type { ForAgentDay, Outputs } from './outputs.ts'
import { utcDayOf } from './utc-day.ts'

type AgentCaches = { readonly days: Cache<AgentDayCell>; readonly agents: Cache<AgentCell> }

const weigh = <Cell extends { readonly bytes: number }>({ bytes }: Cell): number => bytes

/** Agents and their days. Events stand on the timelines of days; both have wakes. */
export class Agents implements SubjectKind {
  readonly letter = 'a'
  readonly types = [
    'agent.state_changed',
    'agent.queue_joined',
    'agent.queue_left',
    'agent.heartbeat',
  ] as const
  readonly #caches: AgentCaches

  constructor(room: { readonly dayBytes: number; readonly agentBytes: number }) {
    this.#caches = {
      days: new Cache({ max: room.dayBytes, weigh }),
      agents: new Cache({ max: room.agentBytes, weigh }),
    }
  }

  homeOf({ tenant, timeMs, data: { agentId } }: CanonicalEvent): Subject | null {
    return agentId === undefined ? null : agentDaySubject(tenant, agentId, utcDayOf(timeMs))
  }

  async load(wanted: ReadonlyMap<Subject, Tenant>, logTimeMs: EpochMs, load: Load): Promise<void> {
    const days: WantedDay[] = []
    const agents: AgentOf[] = []
    for (const [subject, tenant] of wanted) {
      const { agentId, utcDay } = partsOf(subject)
      if (utcDay === null) agents.push({ tenant, agentId })
      else days.push({ tenant, agentId, utcDay })
    }
    await loadAgents(this.#caches, agents, load)
    for (const agent of agents) {
      const utcDay = this.#agent(agent).standingDay(logTimeMs)
      if (utcDay !== null) days.push({ ...agent, utcDay })
    }
    await loadAgentDays(this.#caches, days, load)
  }

  timed(subject: Subject): AgentDayCell {
    return this.#caches.days.get(subject)!
  }

  touch(subject: Subject, outputs: Outputs): null {
    const { tenant, agentId, utcDay } = this.timed(subject)
    outputs.forAgentDay(tenant, agentId, utcDay)
    return null
  }

  wake({ subject }: Wake, _watch: Watch, outputs: Outputs, logTimeMs: EpochMs): void {
    const day = this.#caches.days.get(subject)
    if (day !== undefined) {
      day.woken()
      outputs.forAgentDay(day.tenant, day.agentId, day.utcDay)
      return
    }
    const agent = this.#caches.agents.get(subject)!
    agent.woken()
    const utcDay = agent.standingDay(logTimeMs)
    if (utcDay !== null) outputs.forAgentDay(agent.tenant, agent.agentId, utcDay)
  }

  /** Their alerts are decided once a fold, by how they stand at its end. */
  watched(): readonly Subject[] {
    return []
  }

  async settle(fold: Fold): Promise<void> {
    await touchDays(this.#caches, fold)
    await settleAgents(this.#caches, fold.outputs.agentDays, fold)
  }

  trim(): void {
    this.#caches.days.trim()
    this.#caches.agents.trim()
  }

  #agent({ tenant, agentId }: AgentOf): AgentCell {
    return this.#caches.agents.get(agentSubject(tenant.name, agentId))!
  }
}

type WantedDay = AgentOf & { readonly utcDay: number }

/** `utcDay`: `null` of an agent as a whole. */
function partsOf(subject: Subject): { readonly agentId: string; readonly utcDay: number | null } {
  const parsed = parseSubject(subject)
  if (parsed.kind === 'agent') return { agentId: parsed.id, utcDay: null }
  if (parsed.kind === 'agent-day') return { agentId: parsed.id, utcDay: parsed.utcDay }
  throw new RangeError(`no agent: ${subject}`)
}

/** Loads what is not cached of these agents, in one round trip; their days come by `loadAgentDays`. */
async function loadAgents(
  caches: AgentCaches,
  wanted: Iterable<AgentOf>,
  load: Load,
): Promise<void> {
  const missing = new Map<Subject, AgentOf>()
  for (const agent of wanted) addMissing(caches, agent, missing)
  if (missing.size === 0) return
  const { values } = await load(Array.from(missing.keys(), stateKey), null)
  hold(caches, missing.values(), values)
}

/** Loads what is not cached of these days and their agents, in one round trip. */
async function loadAgentDays(
  caches: AgentCaches,
  wanted: Iterable<Pick<ForAgentDay, 'tenant' | 'agentId' | 'utcDay'>>,
  load: Load,
): Promise<void> {
  const days: (AgentOf & { readonly utcDay: number; readonly subject: Subject })[] = []
  const agents = new Map<Subject, AgentOf>()
  for (const { tenant, agentId, utcDay } of wanted) {
    const subject = agentDaySubject(tenant.name, agentId, utcDay)
    if (!caches.days.has(subject)) days.push({ tenant, agentId, utcDay, subject })
    addMissing(caches, { tenant, agentId }, agents)
  }
  if (days.length === 0 && agents.size === 0) return
  const keys = [
    ...days.flatMap(({ subject }) => [stateKey(subject), journalKey(subject)]),
    ...Array.from(agents.keys(), stateKey),
  ]
  const { values } = await load(keys, null)
  for (const [index, { tenant, agentId, utcDay, subject }] of days.entries()) {
    caches.days.set(
      subject,
      new AgentDayCell(
        tenant,
        subject,
        agentId,
        utcDay,
        values[2 * index] ?? null,
        values[2 * index + 1] ?? null,
      ),
    )
  }
  hold(caches, agents.values(), values.slice(2 * days.length))
}

/** Days that contacts named are settled where that keeps them longer: once a day of log time. */
async function touchDays(caches: AgentCaches, { outputs, load, logTimeMs }: Fold): Promise<void> {
  const { touchedAgentDays } = outputs
  await loadAgentDays(caches, touchedAgentDays.values(), load)
  for (const [subject, { tenant, agentId, utcDay }] of touchedAgentDays)
    if (caches.days.get(subject)!.touch(logTimeMs)) outputs.forAgentDay(tenant, agentId, utcDay)
}

/**
 * Takes the contacts' words in and folds the days that they, their own events or their wakes touch, each before the day that it hands over to. Then the
 * agent's alerts are decided, by how it stands now.
 */
async function settleAgents(
  caches: AgentCaches,
  touched: ReadonlyMap<Subject, ForAgentDay>,
  fold: Fold,
): Promise<void> {
  await loadAgentDays(caches, touched.values(), fold.load)
  const byAgent = new Map<AgentCell, ForAgentDay[]>()
  for (const day of touched.values()) {
    const agent = caches.agents.get(agentSubject(day.tenant.name, day.agentId))!
    const days = byAgent.get(agent)
    if (days === undefined) byAgent.set(agent, [day])
    else days.push(day)
  }
  for (const [agent, days] of byAgent) {
    let latest: number | undefined
    for (const { utcDay, engagements } of days.sort((a, b) => a.utcDay - b.utcDay)) {
      const cell = await cellOf(caches, agent, utcDay, fold.load)
      if (!agent.days.includes(utcDay)) await inherit(caches, agent, cell, fold.load, latest)
      latest = utcDay
      for (const change of engagements) cell.changeEngagement(change, fold.logTimeMs)
    }
    const touchedDays = days.map(({ utcDay }) => utcDay)
    const standing = await settleDays(caches, agent, touchedDays, fold)
    if (standing !== null) agent.decide(standing, fold.moment, fold.announcer, fold.changes)
    agent.write(fold.changes)
  }
}

/** @returns how the agent stands now; `null`: none of the days that say it was touched. */
async function settleDays(
  caches: AgentCaches,
  agent: AgentCell,
  touched: readonly number[],
  fold: Fold,
): Promise<AgentCarry | null> {
  const waiting = new Set(touched)
  let standing: AgentCarry | null = null
  const settle = (cell: AgentDayCell, handsOver: boolean): AgentCarry => {
    const carry = cell.settle(fold.logTimeMs, handsOver, fold.changes, fold.deltas)
    standing = cell.standing ?? standing
    return carry
  }
  while (waiting.size > 0) {
    const utcDay = Math.min(...waiting)
    waiting.delete(utcDay)
    const cell = await cellOf(caches, agent, utcDay, fold.load)
    if (!agent.days.includes(utcDay)) await begin(caches, agent, cell, settle, fold)
    const next = agent.dayAfter(utcDay)
    const carry = settle(cell, next !== undefined)
    if (cell.isVacant) {
      const before = remove(caches, agent, utcDay)
      if (before !== undefined) waiting.add(before)
      continue
    }
    if (fold.logTimeMs < cell.endMs || cell.isForgotten) continue
    // Who is signed in at midnight has time on the next day, also where nothing is known of it yet.
    if (carry.signedInAtMs !== null && next !== utcDay + 1) waiting.add(utcDay + 1)
    else if (
      next !== undefined &&
      takeOver(await cellOf(caches, agent, next, fold.load), cell, carry, fold)
    )
      waiting.add(next)
  }
  return standing
}

/** A day that did not exist: it takes over from the one before it, which has to hand over from now on. */
async function begin(
  caches: AgentCaches,
  agent: AgentCell,
  cell: AgentDayCell,
  settle: (cell: AgentDayCell, handsOver: boolean) => AgentCarry,
  fold: Fold,
): Promise<void> {
  agent.addDay(cell.utcDay)
  const previous = agent.dayBefore(cell.utcDay)
  if (previous === undefined) return
  const before = await cellOf(caches, agent, previous, fold.load)
  const carry = settle(before, true)
  await inherit(caches, agent, cell, fold.load)
  if (fold.logTimeMs >= before.endMs) cell.setCarryIn(carry, fold.logTimeMs)
}

/** What made the day was taken back. @returns the one before it, which hands over to another one now, or stands for the agent. */
function remove(caches: AgentCaches, agent: AgentCell, utcDay: number): number | undefined {
  const { tenant, agentId } = agent
  const subject = agentDaySubject(tenant.name, agentId, utcDay)
  agent.removeDay(utcDay)
  caches.days.set(subject, new AgentDayCell(tenant, subject, agentId, utcDay, null, null))
  return agent.dayBefore(utcDay)
}

/** @returns whether that changes the next day. */
function takeOver(
  next: AgentDayCell,
  cell: AgentDayCell,
  carry: AgentCarry,
  { logTimeMs }: Fold,
): boolean {
  const outlives = next.inherit(cell.lastDay)
  return next.setCarryIn(carry, logTimeMs) || outlives
}

/** A day that no entry touches is kept as long as the one before it. `latest`: of those before it, one that may be about to begin with it. */
async function inherit(
  caches: AgentCaches,
  agent: AgentCell,
  cell: AgentDayCell,
  load: Load,
  latest = -Infinity,
): Promise<void> {
  const previous = Math.max(agent.dayBefore(cell.utcDay) ?? -Infinity, latest)
  cell.inherit(
    previous === -Infinity ? cell.utcDay : (await cellOf(caches, agent, previous, load)).lastDay,
  )
}

async function cellOf(
  caches: AgentCaches,
  { tenant, agentId }: AgentOf,
  utcDay: number,
  load: Load,
): Promise<AgentDayCell> {
  const subject = agentDaySubject(tenant.name, agentId, utcDay)
  const held = caches.days.get(subject)
  if (held !== undefined) return held
  await loadAgentDays(caches, [{ tenant, agentId, utcDay }], load)
  return caches.days.get(subject)!
}

/** Agents by their subjects: this one, too, if it is not cached. */
function addMissing(
  caches: AgentCaches,
  { tenant, agentId }: AgentOf,
  missing: Map<Subject, AgentOf>,
): void {
  const subject = agentSubject(tenant.name, agentId)
  if (!caches.agents.has(subject)) missing.set(subject, { tenant, agentId })
}

/** `stored`: parallel to `agents`. */
function hold(
  caches: AgentCaches,
  agents: Iterable<AgentOf>,
  stored: readonly (Uint8Array | null)[],
): void {
  let index = 0
  for (const agent of agents) {
    const cell = new AgentCell(agent, stored[index++] ?? null)
    caches.agents.set(cell.subject, cell)
  }
}
