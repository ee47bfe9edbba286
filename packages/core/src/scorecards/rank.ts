/** One of those that are ranked. */
export type Ranked = { readonly agentId: string; readonly team: string | null }

/** So many are at the top of a team, more where totals are equal. */
const topRanks = 3

export type Rank = {
  /** From 1, the highest total first; equal totals have equal ranks. */
  readonly rank: number
  /** Of how many of the team who have a total. */
  readonly of: number
  readonly isTop: boolean
}

/** Ranks in the first team of each, and among those without a team. Who has no total has no rank. */
export function ranksOf(
  scores: readonly (Ranked & { readonly total: number | null })[],
): ReadonlyMap<string, Rank> {
  const ranks = new Map<string, Rank>()
  for (const members of Map.groupBy(scores, ({ team }) => team).values()) {
    const totals = members.flatMap(({ total }) => (total === null ? [] : [total]))
    for (const { agentId, total } of members) {
      if (total === null) continue
      const rank = 1 + totals.filter((other) => other > total).length
      ranks.set(agentId, { rank, of: totals.length, isTop: rank <= topRanks })
    }
  }
  return ranks
}
