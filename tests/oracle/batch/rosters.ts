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

const quarterMs = 900_000

/** A day of a time zone. Zones are whole quarter-hours from UTC, so every instant of one is of the same day. */
type LocalDay = { readonly date: string; readonly endMs: number }

/** Each quarter-hour is asked for thousands of times. */
const daysOfZones = new Map<string, Map<number, LocalDay>>()

/** The local day of an instant. */
export function localDayAt(atMs: number, { timeZone }: Pick<TenantConfig, 'timeZone'>): LocalDay {
  const days = daysOfZones.getOrInsertComputed(timeZone, () => new Map<number, LocalDay>())
  return days.getOrInsertComputed(Math.floor(atMs / quarterMs), () => {
    const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone)
    const next = local.toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone)
    return { date: local.toPlainDate().toString(), endMs: next.epochMilliseconds }
  })
}

/** The local date of an instant. */
export const dateAt = (atMs: number, config: Pick<TenantConfig, 'timeZone'>): string =>
  localDayAt(atMs, config).date

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

/** Of each roster, what was asked for: each slice is read of many observations. */
const found = new WeakMap<Rosters, Map<string, Set<string>>>()

/** The agents whose figures make those of a slice on a date; `null`: it is of no agent and no team. */
export function agentsIn(slice: ReadSlice, date: string, rosters: Rosters): Set<string> | null {
  const part = slice.find(({ dimension }) => dimension === 'agent' || dimension === 'team')
  if (part === undefined) return null
  const { dimension, value } = part
  const sets = found.getOrInsertComputed(rosters, () => new Map<string, Set<string>>())
  return sets.getOrInsertComputed(`${date} ${dimension} ${value}`, () => {
    const members =
      dimension === 'agent'
        ? [value]
        : [...rosters.keys()].filter((agentId) =>
            standing(agentId, date, rosters)?.data.teams?.includes(value),
          )
    return new Set(members.flatMap((agentId) => accountsOf(agentId, date, rosters)))
  })
}

/** The parts of a stretch of time that lie in different local days. */
export function* daysOf(
  startMs: number,
  endMs: number,
  config: TenantConfig,
): Generator<{ readonly startMs: number; readonly endMs: number }> {
  for (let from = startMs; from < endMs;) {
    const to = Math.min(endMs, localDayAt(from, config).endMs)
    yield { startMs: from, endMs: to }
    from = to
  }
}
