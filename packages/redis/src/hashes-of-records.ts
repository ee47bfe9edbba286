import { placeInHash } from '@deskpulse/stream'

/** Keys of records, as places in their list: those that stand alone, and those of hashes, by hash. */
export type ByHash = {
  readonly alone: readonly number[]
  readonly hashes: readonly RecordsOfHash[]
}
type RecordsOfHash = {
  readonly key: string
  readonly fields: readonly string[]
  readonly places: readonly number[]
}

export function byHash(keys: readonly string[]): ByHash {
  const alone: number[] = []
  const hashes = new Map<string, { readonly fields: string[]; readonly places: number[] }>()
  for (const [place, key] of keys.entries()) {
    const inHash = placeInHash(key)
    if (inHash === null) {
      alone.push(place)
      continue
    }
    const hash = hashes.getOrInsertComputed(inHash.hash, () => ({ fields: [], places: [] }))
    hash.fields.push(inHash.field)
    hash.places.push(place)
  }
  return { alone, hashes: [...hashes].map(([key, hash]) => ({ key, ...hash })) }
}

/** What Redis answered, parallel to the keys again. */
export function inOrder(
  count: number,
  { alone, hashes }: ByHash,
  singles: readonly unknown[],
  records: readonly (readonly unknown[])[],
): unknown[] {
  const values = Array.from<unknown>({ length: count }).fill(null)
  for (const [index, place] of alone.entries()) values[place] = singles[index] ?? null
  for (const [index, { places }] of hashes.entries()) {
    for (const [nth, place] of places.entries()) values[place] = records[index]?.[nth] ?? null
  }
  return values
}
