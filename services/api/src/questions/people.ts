import type { ScoreCard } from '@deskpulse/core/config'
import { otherValue } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import type { TenantBasis } from '../reading/tenant.ts'

/** An agent as the roster of an instant has it. `team`: the first one. */
export type Person = {
  readonly agentId: string
  readonly team: string | null
  readonly role: string | null
}

const isNobody = (agentId: string): boolean => agentId === 'none' || agentId === otherValue

/** Everybody of these teams and roles at an instant, by id; `null`: of any. A person with several accounts is there once. */
export function agentsOf(
  { teams, roles }: Pick<ScoreCard, 'teams' | 'roles'>,
  { rosters, valuesOf }: TenantBasis,
  atMs: EpochMs,
): readonly Person[] {
  const ids = new Set([...valuesOf('agent'), ...rosters.agents].filter((id) => !isNobody(id)))
  const entries = new Map([...ids].map((id) => [id, rosters.at(id, atMs)] as const))
  for (const [id, entry] of entries)
    for (const alias of entry?.aliases ?? []) if (alias !== id) ids.delete(alias)
  return [...ids]
    .sort()
    .map((agentId) => {
      const entry = entries.get(agentId)
      return { agentId, team: entry?.teams[0] ?? null, role: entry?.role ?? null }
    })
    .filter(
      ({ team, role }) =>
        (teams === null || (team !== null && teams.includes(team))) &&
        (roles === null || (role !== null && roles.includes(role))),
    )
}
