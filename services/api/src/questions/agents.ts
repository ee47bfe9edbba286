import type { AgentsResponse } from '@deskpulse/contract'
import { agentStates } from '@deskpulse/core/events'
import { openMembersMax } from '@deskpulse/core/kpis'
import { allText } from '@deskpulse/core/measures'
import type { AgentRow } from '@deskpulse/core/state'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import { readStep, type Step } from '../reading/question.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'

export type AgentsAnswer = Stamped<AgentsResponse>

/** `GET …/agents`: every agent that ever had a state, with the one of now, by id. Of states by channel, that of the busiest class. */
export function agentsStep(basis: TenantBasis): Step<Outcome<AgentsAnswer>> {
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
    isCurrent: () => true,
    finish({ open, logTimeMs }) {
      const rows = states.flatMap(({ state }, index) =>
        open[index]!.oldest.map(({ row, sinceMs }) => {
          const { agentId, contacts, capacity, queues, missedInARow = 0 } = row as AgentRow
          return {
            id: agentId,
            state,
            since: iso(sinceMs),
            contacts,
            capacity,
            queues: [...queues],
            missedInARow,
          }
        }),
      )
      return granted({
        asOf: iso(logTimeMs),
        ...completenessOf(basis, null),
        rows: rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      })
    },
  })
}
