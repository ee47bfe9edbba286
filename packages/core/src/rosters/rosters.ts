import type { RosterEntry, RosterRow } from '../open/entry.ts'
import type { LocalTime } from '../time/local-time.ts'
import { parseBoundary } from '../time/periods.ts'
import type { EpochMs, Interval } from '../time/time.ts'

/** Agents, each with when it belongs to what is asked for. */
export type Members = ReadonlyMap<string, readonly Interval[]>

type Spell = RosterEntry & Interval

const always: Interval = {
  startMs: Number.NEGATIVE_INFINITY as EpochMs,
  endMs: Number.POSITIVE_INFINITY as EpochMs,
}

/** The first instant of a local date; of one before the years that periods have, the beginning of time. */
const startOf = (date: string, localTime: LocalTime): EpochMs =>
  parseBoundary(date, localTime) ?? (date < '1900' ? always.startMs : always.endMs)

/** Who is in which team, and which accounts are of one person, over time. An entry stands from its local date until that of the next one. */
export class Rosters {
  readonly #spells = new Map<string, readonly Spell[]>()
  readonly #teams = new Map<string, Map<string, Interval[]>>()

  /** @param localTime that of the tenant. */
  constructor(rows: readonly RosterRow[], localTime: LocalTime) {
    for (const { rosterOf, entries } of rows) {
      const starts = entries.map(({ from }) => startOf(from, localTime))
      const spells = entries.map((entry, place) => ({
        ...entry,
        startMs: starts[place]!,
        endMs: starts[place + 1] ?? always.endMs,
      }))
      this.#spells.set(rosterOf, spells)
      for (const spell of spells) this.#addToTeams(rosterOf, spell)
    }
  }

  /** Everybody of whom a roster says something. */
  get agents(): readonly string[] {
    return [...this.#spells.keys()]
  }

  /** Every team that ever had an agent, by name. */
  get teams(): readonly string[] {
    return [...this.#teams.keys()].sort()
  }

  hasTeam(team: string): boolean {
    return this.#teams.has(team)
  }

  /** Those on the roster of a team, and their aliases; each once, however often it is named. */
  ofTeam(team: string): Members {
    return this.#teams.get(team) ?? new Map()
  }

  /** The agent, and its aliases while they are. */
  ofAgent(agentId: string): Members {
    const members = new Map<string, Interval[]>([[agentId, [always]]])
    for (const { aliases, startMs, endMs } of this.#spells.get(agentId) ?? [])
      for (const alias of aliases) if (alias !== agentId) addTo(members, alias, { startMs, endMs })
    return members
  }

  /** What stands of an agent at an instant; `null`: nothing was told of that time. */
  at(agentId: string, atMs: EpochMs): RosterEntry | null {
    const spells = this.#spells.get(agentId) ?? []
    return spells.findLast(({ startMs, endMs }) => startMs <= atMs && atMs < endMs) ?? null
  }

  #addToTeams(agentId: string, { teams, aliases, startMs, endMs }: Spell): void {
    for (const team of teams) {
      const members = this.#teams.getOrInsertComputed(team, () => new Map())
      for (const member of [agentId, ...aliases]) addTo(members, member, { startMs, endMs })
    }
  }
}

function addTo(members: Map<string, Interval[]>, member: string, during: Interval): void {
  members.getOrInsertComputed(member, () => []).push(during)
}

export const noRosters = new Rosters([], 'UTC')
