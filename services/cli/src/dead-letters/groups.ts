import type { FoundLetter } from './reading.ts'

/** Letters of one code, tenant and source. */
export type ListedGroup = {
  readonly code: string
  readonly tenant: string | null
  readonly source: string | null
  /** Refused inputs; equal ones are one letter. */
  readonly times: number
  readonly letters: number
  readonly firstMs: number
  readonly lastMs: number
  /** The id of the newest letter. */
  readonly newest: string
}

export type LetterGroups = {
  add(found: FoundLetter): void
  newestFirst(): readonly ListedGroup[]
}

/** Whoever sends garbage can also make up sources: what comes past this many groups is counted by its code alone. */
const groupsMax = 20_000

export function letterGroups(): LetterGroups {
  const groups = new Map<string, ListedGroup>()

  function placeOf({
    letter: { code, tenant, source },
  }: FoundLetter): Pick<ListedGroup, 'code' | 'tenant' | 'source'> {
    const own = { code, tenant, source }
    return groups.size < groupsMax || groups.has(JSON.stringify(own))
      ? own
      : { code, tenant: null, source: '(others)' }
  }

  return {
    add(found) {
      const { id, letter } = found
      const { times, firstMs, lastMs } = letter
      const place = placeOf(found)
      const key = JSON.stringify(place)
      const known = groups.get(key) ?? {
        ...place,
        times: 0,
        letters: 0,
        firstMs,
        lastMs,
        newest: id,
      }
      const isNewest = lastMs >= known.lastMs
      groups.set(key, {
        ...known,
        times: known.times + times,
        letters: known.letters + 1,
        firstMs: Math.min(known.firstMs, firstMs),
        lastMs: Math.max(known.lastMs, lastMs),
        newest: isNewest ? id : known.newest,
      })
    },
    newestFirst: () => [...groups.values()].toSorted((one, other) => other.lastMs - one.lastMs),
  }
}
