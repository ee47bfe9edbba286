import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'
import { dateAt } from './rosters.ts'
import type { World } from './world.ts'

/** What an appeal leaves out: `contact/c-1`, `complaint/x`. */
export type Exclusion = {
  readonly of: string
  readonly agent: string
  readonly start: string
  readonly end: string
}

type Score = { readonly kind: string; readonly id: string }
type Items = { readonly contactIds?: readonly string[]; readonly scores?: readonly Score[] }
type Filed = Items & {
  readonly agentId: string
  readonly period: { readonly start: string; readonly end: string }
}
type Decided = Items & { readonly decision: string; readonly kpis?: readonly string[] }

const named = ({ contactIds = [], scores = [] }: Items): string[] => [
  ...contactIds.map((id) => `contact/${id}`),
  ...scores.map(({ kind, id }) => `${kind}/${id}`),
]

/** Of each appeal what was first asked for, as far as it was last granted: all, unless the decision names what. */
export function exclusionsOf(events: readonly CanonicalEvent[]): Exclusion[] {
  const told = timelineOf(events.filter(({ type }) => type.startsWith('appeal.')))
  const appeals = Map.groupBy(told, ({ data }) => data['appealId'])
  return [...appeals.values()].flatMap((its) => {
    const filed = its.find(({ type }) => type === 'appeal.filed')?.data as Filed | undefined
    const decided = its.findLast(({ type }) => type === 'appeal.decided')?.data as
      Decided | undefined
    if (filed === undefined || decided?.decision !== 'granted') return []
    const { contactIds, scores, kpis } = decided
    const isWhole = contactIds === undefined && scores === undefined && kpis === undefined
    const granted = new Set(named(isWhole ? filed : decided))
    return named(filed)
      .filter((of) => granted.has(of))
      .map((of) => ({ of, agent: filed.agentId, ...filed.period }))
  })
}

/** The world of what appeals leave out of an agent's: of whom, and of how long, there is nothing in it. */
export function leftOutOf(world: World, agent: string): World {
  return {
    ...world,
    isLeftOut: true,
    observations: world.observations.flatMap(({ customer: _, ...one }) =>
      one.dimensions.agent === agent && isLeftOut(one, world) ? [one] : [],
    ),
    own: new Map([...world.own].filter(([dimension]) => dimension !== 'agent')), // As many as there are.
    ...{ waits: [], unreplied: [], open: [], staffed: [], shiftTimes: [] },
    ...{ agents: new Map(), missed: new Map() },
  }
}

function isLeftOut(
  { of, atMs, dimensions }: Observation,
  { exclusions, config }: { exclusions: readonly Exclusion[]; config: TenantConfig },
): boolean {
  const date = dateAt(atMs, config)
  return exclusions.some(
    (one) =>
      one.of === of && one.agent === dimensions.agent && one.start <= date && date <= one.end,
  )
}
