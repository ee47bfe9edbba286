import { agentDaySubject, agentSubject, dayMs, journalKey, stateKey, type AgentCarry, type EpochMs, type Subject } from '@deskpulse/core'
import type { Load } from '@deskpulse/stream'
import type { Announcer, Moment } from '../alerts/announcer.ts'
import type { Cache } from '../partition/cache.ts'
import type { ChangeSet } from '../partition/change-set.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import { AgentCell, type AgentOf } from './agent-cell.ts'
import { AgentDayCell } from './agent-day-cell.ts'
import type { ForAgentDay } from './outputs.ts'

export type AgentCaches = { readonly days: Cache<AgentDayCell>; readonly agents: Cache<AgentCell> }

type Fold = {
  readonly load: Load
  readonly changes: ChangeSet
  readonly deltas: MeasureDeltas
  readonly logTimeMs: EpochMs
  /** Of the decisions about alerts: once a fold. */
  readonly moment: Moment
  readonly announcer: Announcer
}

/** Loads what is not cached of these agents, in one round trip; their days come by `loadAgentDays`. */
export async function loadAgents(caches: AgentCaches, wanted: Iterable<AgentOf>, load: Load): Promise<void> {
  const missing = missingAgents(caches, wanted)
  if (missing.length === 0) return
  const { values } = await load(missing.map(keyOf), null)
  hold(caches, missing, values)
}

/** Loads what is not cached of these days and their agents, in one round trip. */
export async function loadAgentDays(
  caches: AgentCaches,
  wanted: Iterable<Pick<ForAgentDay, 'tenant' | 'agentId' | 'utcDay'>>,
  load: Load,
): Promise<void> {
  const all = [...wanted]
  const days = all
    .map((day) => ({ ...day, subject: agentDaySubject(day.tenant.name, day.agentId, day.utcDay) }))
    .filter(({ subject }) => !caches.days.has(subject))
  const agents = missingAgents(caches, all)
  if (days.length === 0 && agents.length === 0) return
  const keys = [...days.flatMap(({ subject }) => [stateKey(subject), journalKey(subject)]), ...agents.map(keyOf)]
  const { values } = await load(keys, null)
  for (const [index, { tenant, agentId, utcDay, subject }] of days.entries()) {
    caches.days.set(subject, new AgentDayCell(tenant, subject, agentId, utcDay, values[2 * index] ?? null, values[2 * index + 1] ?? null))
  }
  hold(caches, agents, values.slice(2 * days.length))
}

/**
 * Takes the contacts' words in and folds the days that they, their own events or their wakes touch, each before the day that it hands over to. Then the
 * agent's alerts are decided, by how it stands now.
 */
export async function settleAgents(caches: AgentCaches, touched: ReadonlyMap<Subject, ForAgentDay>, fold: Fold): Promise<void> {
  await loadAgentDays(caches, touched.values(), fold.load)
  const byAgent = new Map<Subject, ForAgentDay[]>()
  for (const day of touched.values()) {
    const agent = agentSubject(day.tenant.name, day.agentId)
    byAgent.set(agent, [...(byAgent.get(agent) ?? []), day])
  }
  for (const [subject, days] of byAgent) {
    const agent = caches.agents.get(subject)!
    for (const { utcDay, isNamed, engagements } of days.sort((a, b) => a.utcDay - b.utcDay)) {
      const cell = await cellOf(caches, agent, utcDay, fold.load)
      if (isNamed) cell.touch(fold.logTimeMs)
      if (!agent.days.includes(utcDay)) await inherit(caches, agent, cell, fold.load)
      for (const engagement of engagements) cell.putEngagement(engagement, fold.logTimeMs)
    }
    const touchedDays = days.map(({ utcDay }) => utcDay)
    const standing = await settleDays(caches, agent, touchedDays, fold)
    if (standing !== null) agent.decide(standing, fold.moment, fold.announcer, fold.changes)
    agent.write(fold.changes)
  }
}

/** @returns how the agent stands now; `null`: none of the days that say it was touched. */
async function settleDays(caches: AgentCaches, agent: AgentCell, touched: readonly number[], fold: Fold): Promise<AgentCarry | null> {
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
    else if (next !== undefined && takeOver(await cellOf(caches, agent, next, fold.load), cell, carry, fold)) waiting.add(next)
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
function takeOver(next: AgentDayCell, cell: AgentDayCell, carry: AgentCarry, { logTimeMs }: Fold): boolean {
  const outlives = next.inherit(cell.lastDay)
  return next.setCarryIn(carry, logTimeMs) || outlives
}

/** A day that no entry touches is kept as long as the one before it. */
async function inherit(caches: AgentCaches, agent: AgentCell, cell: AgentDayCell, load: Load): Promise<void> {
  const previous = agent.dayBefore(cell.utcDay)
  cell.inherit(previous === undefined ? cell.utcDay : (await cellOf(caches, agent, previous, load)).lastDay)
}

async function cellOf(caches: AgentCaches, { tenant, agentId }: AgentOf, utcDay: number, load: Load): Promise<AgentDayCell> {
  await loadAgentDays(caches, [{ tenant, agentId, utcDay }], load)
  return caches.days.get(agentDaySubject(tenant.name, agentId, utcDay))!
}

const keyOf = ({ tenant, agentId }: AgentOf): string => stateKey(agentSubject(tenant.name, agentId))

function missingAgents(caches: AgentCaches, wanted: Iterable<AgentOf>): readonly AgentOf[] {
  const missing = new Map<Subject, AgentOf>()
  for (const { tenant, agentId } of wanted) {
    const subject = agentSubject(tenant.name, agentId)
    if (!caches.agents.has(subject)) missing.set(subject, { tenant, agentId })
  }
  return [...missing.values()]
}

function hold(caches: AgentCaches, agents: readonly AgentOf[], stored: readonly (Uint8Array | null)[]): void {
  for (const [index, agent] of agents.entries()) {
    const cell = new AgentCell(agent, stored[index] ?? null)
    caches.agents.set(cell.subject, cell)
  }
}

/** The UTC day of an instant, as agents' days are numbered. */
export function utcDayOf(atMs: EpochMs): number {
  return Math.floor(atMs / dayMs)
}
