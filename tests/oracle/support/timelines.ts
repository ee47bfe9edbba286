import { expect } from 'vitest'
import { configKey, slicesKey } from '@deskpulse/core/state'
import type { AgentStretch } from '@deskpulse/core/subjects'
import type { Interval } from '@deskpulse/core/time'
import { agentDaysIn, agentDaysKey, agentTimeline, Tenant, timelineKeys } from '@deskpulse/engine'
import type { World } from '../batch/world.ts'
import { type Stored, tenant } from './folded.ts'

type Line = {
  readonly startMs: number
  readonly endMs: number
  /** State, reason, class, queues, and the timeout that set it offline. */
  readonly stands: string
}

/** How every agent stood in an interval is as the oracle says. */
export async function expectTimelines(
  store: Stored,
  world: World,
  interval: Interval,
): Promise<void> {
  for (const [agentId, stretches] of world.agents) {
    const expected = stretches.flatMap((one): Line[] =>
      one.state === null
        ? []
        : [{ ...one, stands: standsOf({ ...one, class: one.class?.replace('-', '_') ?? null }) }],
    )
    expect([agentId, joined(within(expected, interval))]).toEqual([
      agentId,
      joined(within(await timelineIn(store, agentId, interval), interval)),
    ])
  }
}

async function timelineIn(
  { records, logTimeMs }: Stored,
  agentId: string,
  interval: Interval,
): Promise<Line[]> {
  const stored = records.get(agentDaysKey(tenant, agentId))
  if (stored === undefined) return []
  const valueOf = (key: string): Uint8Array | null => records.get(key) ?? null
  const folding = new Tenant(tenant, [configKey(tenant), slicesKey(tenant)].map(valueOf))
  const days = agentDaysIn(folding, agentId, stored, interval)
  const of = { tenant: folding, agentId, days }
  const values = timelineKeys(of).map(valueOf)
  const stretches = await agentTimeline(of, values, interval, logTimeMs)
  return stretches.map((one) => ({ ...one, stands: standsOf({ ...one, timedOut: toldOf(one) }) }))
}

/** One for silence and one for the longest shift are the same, but for which of them comes first. */
const toldOf = ({ signedOutBy }: AgentStretch): 'gone' | 'quiet' | null =>
  signedOutBy === null ? null : signedOutBy === 'heartbeat' ? 'gone' : 'quiet'

const standsOf = ({
  state,
  reason,
  class: counted,
  queues,
  timedOut,
}: {
  readonly state: string | null
  readonly reason: string | null
  readonly class: string | null
  readonly queues: readonly string[]
  readonly timedOut: string | null
}): string => JSON.stringify([state, reason, counted, queues, timedOut])

/** The parts in an interval that are longer than nothing. */
const within = (lines: readonly Line[], { startMs, endMs }: Interval): Line[] =>
  lines
    .map((line) => ({
      ...line,
      startMs: Math.max(line.startMs, startMs),
      endMs: Math.min(line.endMs, endMs),
    }))
    .filter((line) => line.endMs > line.startMs)

/** Of what says the same in a row, one. */
function joined(lines: readonly Line[]): Line[] {
  const all: Line[] = []
  for (const { startMs, endMs, stands } of lines) {
    const last = all.at(-1)
    if (last?.endMs === startMs && last.stands === stands) all[all.length - 1] = { ...last, endMs }
    else all.push({ startMs, endMs, stands })
  }
  return all
}
