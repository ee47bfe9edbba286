import type { RosterEntry } from '../../open/entry.ts'
import type { OwnIdKind } from './own-id.ts'

/** The teams, the role and the aliases of an agent, from local dates on. Of one date the last event counts. Nothing is counted: readers add up the agents of a team. */
export const roster: OwnIdKind = {
  name: 'roster',
  types: ['agent.rostered'],
  idOf: ({ agentId }) => agentId as string,
  isLasting: true,
  tell(events) {
    const rosterOf = events[0]!.data.agentId as string
    const byDate = new Map<string, RosterEntry>()
    for (const { data } of events) {
      const { teams = [], role = null, aliases = [] } = data
      const from = data.from as string
      const others = aliases.filter((alias) => alias !== rosterOf)
      byDate.set(from, { from, teams: [...new Set(teams)], role, aliases: [...new Set(others)] })
    }
    const entries = [...byDate.values()].sort((a, b) => (a.from < b.from ? -1 : 1))
    return { rows: [], open: { row: { rosterOf, entries }, intervals: [], dimensions: {} } }
  },
}
