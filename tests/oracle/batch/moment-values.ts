import type { Clock } from '@deskpulse/core/config'
import { agentStates } from '@deskpulse/core/events'
import type { ReadSlice } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import type { Stretch } from './agent-time.ts'
import { isIn } from './observation.ts'
import { distinctOf, type Expected, sumOf, usualClock } from './values.ts'
import type { World } from './world.ts'

/** How many agents, and how many contacts more, by how they stand now. */
function agentCounts(agents: readonly Stretch[]): [string, Expected][] {
  const signedIn = agents.filter((agent) => agent.class !== null)
  const staffed = signedIn.filter((agent) => agent.class !== 'not-ready')
  const free = staffed.map(({ capacity, contacts }) => Math.max(0, (capacity ?? 0) - contacts))
  const counts = {
    agents_online: signedIn.length,
    agents_signed_in: signedIn.length,
    agents_staffed: staffed.length,
    agents_available: agents.filter(({ isFree }) => isFree).length,
    active_slots: sumOf(signedIn.map(({ contacts }) => contacts)),
    available_slots: sumOf(free),
  }
  return Object.entries(counts).map(([id, value]) => [
    id,
    { kind: 'count', value: agents.length === 0 ? null : value },
  ])
}

/** KPIs of the moment. */
export function momentValues(
  world: World,
  slice: ReadSlice,
  clock: Clock | 'class' = usualClock(world, slice),
): Map<string, Expected> {
  const { asOfMs } = world
  const here = <One extends { readonly dimensions: object }>(ones: readonly One[]): One[] =>
    ones.filter(({ dimensions }) => isIn(slice, { dimensions, scope: 'both' }, world, asOfMs))
  const waits = here(world.waits)
  const standing = [...world.agents].flatMap(([agent, stretches]) => {
    const last = stretches.at(-1)
    return last === undefined || last.state === null
      ? []
      : [{ ...last, dimensions: { agent, queue: last.queues } }]
  })
  const agents = here(standing)
  const states = agents.map(({ state }) => state)
  const breakdown = Object.fromEntries(
    agentStates.map((state) => [state, states.filter((one) => one === state).length]),
  )
  const longestOf = (ones: typeof waits): number | null =>
    ones.length === 0 ? null : asOfMs - Math.min(...ones.map(({ sinceMs }) => sinceMs))
  const calls = waits.filter(({ dimensions }) => dimensions.class === 'voice')
  const missed = here(
    [...world.missed].map(([agent, count]) => ({
      count,
      dimensions: { agent, queue: world.agents.get(agent)?.at(-1)?.queues ?? [] },
    })),
  ).reduce((most, { count }) => Math.max(most, count), 0)
  const open = here(world.open)
  const late = open.flatMap(({ cyclesLate }) => cyclesLate ?? [])
  const ages = open.map(({ ageMs }) => ageMs[clock]).sort((a, b) => a - b)
  return new Map<string, Expected>([
    ['waiting_now', { kind: 'count', value: waits.length }],
    ['longest_wait', { kind: 'count', value: longestOf(waits) }],
    ['queued_now', { kind: 'count', value: calls.length }],
    ['longest_queue_wait', { kind: 'count', value: longestOf(calls) }],
    [
      'waiting_over_target',
      { kind: 'count', value: waits.filter(({ dueAtMs }) => dueAtMs <= asOfMs).length },
    ],
    ['missed_in_a_row', { kind: 'count', value: missed }],
    ...distinctOf(world, slice, { startMs: asOfMs as EpochMs, endMs: (asOfMs + 1) as EpochMs }, [
      [
        'unreplied_customers',
        {
          kind: 'count',
          value: new Set(here(world.unreplied).map(({ customer }) => customer)).size,
        },
      ],
    ]),
    ['backlog', { kind: 'count', value: ages.length }],
    ['backlog_overdue', { kind: 'count', value: late.length }],
    ['backlog_cycles_late', { kind: 'index', values: late }],
    ['backlog_age', { kind: 'durations', count: ages.length, sum: sumOf(ages), values: ages }],
    [
      'agents_by_state',
      states.length === 0
        ? { kind: 'count', value: null }
        : { kind: 'count', value: states.length, breakdown },
    ],
    ...agentCounts(agents),
  ])
}
