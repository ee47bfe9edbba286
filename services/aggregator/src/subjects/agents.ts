import { agentDaySubject, agentSubject, dayMs, journalKey, stateKey, type EpochMs, type Subject } from '@deskpulse/core'
import type { Load } from '@deskpulse/stream'
import type { Cache } from '../partition/cache.ts'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { AgentDayCell } from './agent-day-cell.ts'
import type { ForAgentDay } from './outputs.ts'

export type AgentCaches = {
  readonly days: Cache<AgentDayCell>
  /** Days of an agent that hold something, ascending. */
  readonly calendars: Cache<number[]>
}

type Fold = { readonly load: Load; readonly changes: ChangeSet; readonly deltas: MeasureDeltas; readonly logTimeMs: EpochMs }

/** One agent of one tenant, for the time of a fold. */
type Agent = { readonly tenant: Tenant; readonly id: string; readonly calendar: number[] }

/** Loads what is not cached of these days, in one round trip. */
export async function loadAgentDays(
  caches: AgentCaches,
  wanted: Iterable<Pick<ForAgentDay, 'tenant' | 'agentId' | 'utcDay'>>,
  load: Load,
): Promise<void> {
  const all = [...wanted]
  const days = all
    .map((day) => ({ ...day, subject: agentDaySubject(day.tenant.name, day.agentId, day.utcDay) }))
    .filter(({ subject }) => !caches.days.has(subject))
  const agents = new Set(
    all.map(({ tenant, agentId }) => agentSubject(tenant.name, agentId)).filter((agent) => !caches.calendars.has(agent)),
  )
  if (days.length === 0 && agents.size === 0) return
  const keys = [...days.flatMap(({ subject }) => [stateKey(subject), journalKey(subject)]), ...[...agents].map(stateKey)]
  const { values } = await load(keys, null)
  for (const [index, { tenant, agentId, utcDay, subject }] of days.entries()) {
    caches.days.set(subject, new AgentDayCell(tenant, subject, agentId, utcDay, values[2 * index] ?? null, values[2 * index + 1] ?? null))
  }
  for (const [index, agent] of [...agents].entries()) {
    const bytes = values[2 * days.length + index] ?? null
    caches.calendars.set(agent, bytes === null ? [] : decodeJson<number[]>(bytes))
  }
}

/** Takes the contacts' words in and folds the days that they, their own events or their wakes touch, each before the day that it hands over to. */
export async function settleAgents(caches: AgentCaches, touched: ReadonlyMap<Subject, ForAgentDay>, fold: Fold): Promise<void> {
  await loadAgentDays(caches, touched.values(), fold.load)
  const byAgent = new Map<Subject, ForAgentDay[]>()
  for (const day of touched.values()) {
    const agent = agentSubject(day.tenant.name, day.agentId)
    byAgent.set(agent, [...(byAgent.get(agent) ?? []), day])
  }
  for (const [subject, days] of byAgent) {
    const { tenant, agentId } = days[0]!
    const agent: Agent = { tenant, id: agentId, calendar: caches.calendars.get(subject)! }
    const daysBefore = agent.calendar.length
    for (const { utcDay, engagements } of days) {
      const cell = await cellOf(caches, agent, utcDay, fold.load)
      for (const engagement of engagements) cell.putEngagement(engagement, fold.logTimeMs)
    }
    await settleDays(
      caches,
      agent,
      days.map(({ utcDay }) => utcDay),
      fold,
    )
    if (agent.calendar.length !== daysBefore) fold.changes.put(stateKey(subject), encodeJson(agent.calendar))
  }
}

async function settleDays(caches: AgentCaches, agent: Agent, touched: readonly number[], fold: Fold): Promise<void> {
  const waiting = new Set(touched)
  while (waiting.size > 0) {
    const utcDay = Math.min(...waiting)
    waiting.delete(utcDay)
    const cell = await cellOf(caches, agent, utcDay, fold.load)
    if (!agent.calendar.includes(utcDay)) await begin(caches, agent, cell, fold)
    const next = nextAfter(agent.calendar, utcDay)
    const carry = cell.settle(fold.logTimeMs, next !== undefined, fold.changes, fold.deltas)
    if (fold.logTimeMs < cell.endMs) continue
    if (next === undefined) {
      if (carry.signedInAtMs !== null) waiting.add(utcDay + 1)
    } else if ((await cellOf(caches, agent, next, fold.load)).setCarryIn(carry, fold.logTimeMs)) waiting.add(next)
  }
}

/** A day that did not exist: it takes over from the one before it, which has to hand over from now on. */
async function begin(caches: AgentCaches, agent: Agent, cell: AgentDayCell, fold: Fold): Promise<void> {
  const { calendar } = agent
  calendar.push(cell.utcDay)
  calendar.sort((a, b) => a - b)
  const previous = calendar[calendar.indexOf(cell.utcDay) - 1]
  if (previous === undefined) return
  const before = await cellOf(caches, agent, previous, fold.load)
  const carry = before.settle(fold.logTimeMs, true, fold.changes, fold.deltas)
  if (fold.logTimeMs >= before.endMs) cell.setCarryIn(carry, fold.logTimeMs)
}

async function cellOf(caches: AgentCaches, agent: Agent, utcDay: number, load: Load): Promise<AgentDayCell> {
  const subject = agentDaySubject(agent.tenant.name, agent.id, utcDay)
  if (!caches.days.has(subject)) await loadAgentDays(caches, [{ tenant: agent.tenant, agentId: agent.id, utcDay }], load)
  return caches.days.get(subject)!
}

function nextAfter(calendar: readonly number[], utcDay: number): number | undefined {
  return calendar.find((day) => day > utcDay)
}

/** The UTC day of an instant, as agents' days are numbered. */
export function utcDayOf(atMs: EpochMs): number {
  return Math.floor(atMs / dayMs)
}
