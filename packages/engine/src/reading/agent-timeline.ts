import { agentDaySubject, agentSubject, stateKey } from '@deskpulse/core/state'
import { type AgentStretch, joinStretches } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs, type Interval } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import { AgentCell } from '../subjects/agent-cell.ts'
import { AgentDayCell } from '../subjects/agent-day-cell.ts'
import { storedKeys } from './subject-reader.ts'

/** Where it is stored which UTC days of an agent hold something. */
export const agentDaysKey = (tenant: string, agentId: string): string =>
  stateKey(agentSubject(tenant, agentId))

/** The UTC days that say how an agent stood in an interval: those that meet it, and the last one before, which goes on into it. `stored`: of `agentDaysKey`; `null`: nobody knows the agent. */
export function agentDaysIn(
  tenant: Tenant,
  agentId: string,
  stored: Uint8Array,
  { startMs, endMs }: Interval,
): readonly number[] {
  const { days } = new AgentCell({ tenant, agentId }, stored)
  const before = days.findLast((utcDay) => (utcDay + 1) * dayMs <= startMs)
  const meeting = days.filter((utcDay) => utcDay * dayMs < endMs && (utcDay + 1) * dayMs > startMs)
  return before === undefined ? meeting : [before, ...meeting]
}

/** UTC days of an agent, ascending. */
export type DaysOfAgent = {
  readonly tenant: Tenant
  readonly agentId: string
  readonly days: readonly number[]
}

/** What is to be read of them: a state and a journal each. */
export const timelineKeys = ({ tenant, agentId, days }: DaysOfAgent): readonly string[] =>
  days.flatMap((utcDay) => storedKeys(agentDaySubject(tenant.name, agentId, utcDay)))

/**
 * How an agent stood in an interval, in order, from its first state on and as far as log time has come; nothing of days of which nothing is kept any more.
 * @param values parallel to `timelineKeys`. `turn`: asked after each day whether others are to have their turn.
 */
export async function agentTimeline(
  { tenant, agentId, days }: DaysOfAgent,
  values: readonly (Uint8Array | null)[],
  { startMs, endMs }: Interval,
  logTimeMs: EpochMs,
  turn: () => Promise<void> | null = () => null,
): Promise<AgentStretch[]> {
  const stopMs = Math.min(endMs, logTimeMs + 1) as EpochMs // What began at the instant of log time has begun.
  const all: AgentStretch[] = []
  for (const [place, utcDay] of days.entries()) {
    const subject = agentDaySubject(tenant.name, agentId, utcDay)
    const [state = null, journal = null] = values.slice(2 * place, 2 * place + 2)
    const cell = new AgentDayCell(tenant, subject, agentId, utcDay, state, journal)
    const nextMs = ((days[place + 1] ?? Infinity) * dayMs) as EpochMs
    all.push(...until(cell.stretches(stopMs), Math.min(nextMs, stopMs) as EpochMs))
    await turn()
  }
  return joinStretches(all.filter((stretch) => stretch.endMs > startMs)).map((stretch) => ({
    ...stretch,
    startMs: Math.max(stretch.startMs, startMs) as EpochMs,
    endMs: Math.min(stretch.endMs, logTimeMs) as EpochMs,
  }))
}

/** Who is signed out stands so until the next day that holds something. */
function until(stretches: readonly AgentStretch[], endMs: EpochMs): AgentStretch[] {
  const last = stretches.at(-1)
  return last === undefined ? [] : [...stretches.slice(0, -1), { ...last, endMs }]
}
