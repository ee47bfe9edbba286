import { type AgentsResponse, problemOf } from '@deskpulse/contract'
import { agentStates } from '@deskpulse/core/events'
import { openMembersMax, type Rosters } from '@deskpulse/core/kpis'
import { allText } from '@deskpulse/core/measures'
import type { AgentRow } from '@deskpulse/core/state'
import { type EpochMs, isSameDay } from '@deskpulse/core/time'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import { readStep, type Step } from '../reading/question.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'

export type AgentsAnswer = Stamped<AgentsResponse>

/** `team`: those alone who are on its roster today. */
export type AgentsRequest = { readonly team?: string | undefined }

/** `GET …/agents`: every agent that ever had a state, with the one of now, and what its roster says of today, by id. Of states by channel, that of the busiest class. */
export function agentsStep(
  { team }: AgentsRequest,
  basis: TenantBasis,
): Step<Outcome<AgentsAnswer>> {
  if (team !== undefined && !basis.rosters.hasTeam(team))
    return { kind: 'settled', result: noSuchTeam(team) }
  const { logTimeMs: askedMs, history, rosters } = basis
  const id = basis.slices.idOf(allText)
  const states = id === undefined ? [] : agentStates.map((state) => ({ state, slice: id }))
  return readStep({
    needs: {
      keys: [],
      open: states.map(({ state, slice }) => ({
        tenant: basis.tenant,
        slice,
        kind: `agent.${state}`,
        members: openMembersMax,
      })),
    },
    isCurrent: (atMs) => isSameDay(history.localTime, askedMs, atMs),
    finish({ open, logTimeMs }) {
      const rows = states.flatMap(({ state }, index) =>
        open[index]!.oldest.map(({ row, sinceMs }) => {
          const { agentId, contacts, capacity, queues, missedInARow = 0, reason } = row as AgentRow
          return {
            id: agentId,
            state,
            reason: reason ?? null,
            since: iso(sinceMs),
            contacts,
            capacity,
            queues: [...queues],
            missedInARow,
            ...rosterOf(rosters, agentId, logTimeMs),
          }
        }),
      )
      return granted({
        asOf: iso(logTimeMs),
        ...completenessOf(basis, null),
        rows: rows
          .filter(({ teams }) => team === undefined || teams.includes(team))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      })
    },
  })
}

function rosterOf(
  rosters: Rosters,
  agentId: string,
  atMs: EpochMs,
): Pick<AgentsResponse['rows'][number], 'teams' | 'role' | 'aliases'> {
  const { teams = [], role = null, aliases = [] } = rosters.at(agentId, atMs) ?? {}
  return { teams: [...teams], role, aliases: [...aliases] }
}

function noSuchTeam(team: string): Outcome<never> {
  const error = { path: 'team', expected: 'a value that /slices?dimension=team lists', got: team }
  return refused(problemOf('unknown-slice', 'no agent was ever in a team of that name', [error]))
}
