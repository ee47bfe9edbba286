import { placeInHash } from '../state-store-rules.ts'
import type { Change } from '../state-store.ts'

/** What commits changed, by key: of a hash which of its fields, or records; of what stands alone, or is a list, no field. */
export type Changed = ReadonlyMap<string, ReadonlySet<string>>

/** What a commit names in the change feed: puts whose key does not start with `s:`, fields of hashes, lists. Appends are private. */
export function changedBy({ puts, fields = [], lists = [] }: Change): Changed {
  const changed = new Map<string, Set<string>>()
  const fieldsOf = (key: string): Set<string> => changed.getOrInsertComputed(key, () => new Set())
  for (const { key } of puts) {
    if (key.startsWith('s:')) continue
    const place = placeInHash(key)
    if (place === null) fieldsOf(key)
    else fieldsOf(place.hash).add(place.field)
  }
  for (const { key, field } of fields) fieldsOf(key).add(field)
  for (const { key } of lists) fieldsOf(key)
  return changed
}

/** What several commits changed. */
export function changedByAll(commits: readonly Changed[]): Changed {
  const [only] = commits
  if (only !== undefined && commits.length === 1) return only
  const changed = new Map<string, Set<string>>()
  for (const commit of commits) {
    for (const [key, fields] of commit) {
      const known = changed.getOrInsertComputed(key, () => new Set())
      for (const field of fields) known.add(field)
    }
  }
  return changed
}
