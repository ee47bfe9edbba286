import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { ReadSlice } from '@deskpulse/core/measures'
import { timelineOf } from './order.ts'

/** What was told of each agent's teams and aliases, in order. */
export type Rosters = ReadonlyMap<string, readonly CanonicalEvent[]>

export const rostersOf = (events: readonly CanonicalEvent[]): Rosters =>
  Map.groupBy(
    timelineOf(events.filter(({ type }) => type === 'agent.rostered')),
    ({ data }) => data.agentId!,
  )

/** The local date of an instant. */
export const dateAt = (atMs: number, { timeZone }: Pick<TenantConfig, 'timeZone'>): string =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString()

/** What stands of an agent on a date: of the last `from` that has come, what was told last. */
function standing(agentId: string, date: string, rosters: Rosters): CanonicalEvent | undefined {
  const begun = (rosters.get(agentId) ?? []).filter(({ data }) => data.from! <= date)
  const last = begun
    .map(({ data }) => data.from!)
    .sort()
    .at(-1)
  return begun.findLast(({ data }) => data.from === last)
}

/** The accounts of an agent on a date. */
const accountsOf = (agentId: string, date: string, rosters: Rosters): readonly string[] => [
  agentId,
  ...(standing(agentId, date, rosters)?.data.aliases ?? []),
]

/** The agents whose figures make those of a slice on a date; `null`: it is of no agent and no team. */
export function agentsIn(slice: ReadSlice, date: string, rosters: Rosters): Set<string> | null {
  for (const { dimension, value } of slice) {
    if (dimension === 'agent') return new Set(accountsOf(value, date, rosters))
    if (dimension === 'team') {
      const members = [...rosters.keys()].filter((agentId) =>
        standing(agentId, date, rosters)?.data.teams?.includes(value),
      )
      return new Set(members.flatMap((agentId) => accountsOf(agentId, date, rosters)))
    }
  }
  return null
}
