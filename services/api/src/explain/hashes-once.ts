import type { ChangeCursor, HashResult, ReadQuery, Snapshot } from '@deskpulse/stream'
import type { ExplainSource } from './source.ts'

type Fields = ReadonlyMap<string, Uint8Array>
type Read = ExplainSource['read']

/**
 * The same reads, which have each hash whole: from the store it comes whole once, then what has changed in it. What goes on in a large tenant is some
 * megabytes, and an explanation reads it twice: to know what to read, and with that.
 */
export function hashesOnce(read: Read): Read {
  let held: { readonly since: ChangeCursor; readonly hashes: ReadonlyMap<string, Fields> } | null =
    null
  return async (query: ReadQuery): Promise<Snapshot> => {
    const asked = query.hashes ?? []
    if (asked.length === 0) return read(query)
    const known: ReadonlyMap<string, Fields> = held?.hashes ?? new Map()
    const keys = [...new Set(asked.map(({ key }) => key))]
    const snapshot = await read({
      ...query,
      hashes: keys.map((key) => ({ key, fields: known.has(key) ? [] : null })),
      ...(held !== null && { since: held.since }),
    })
    const hashes = new Map(
      keys.map((key, place) => [key, brought(known.get(key), snapshot.hashes[place]!)]),
    )
    // One that was not asked for is of an earlier moment: it is read anew.
    held = { since: snapshot.cursor, hashes }
    return {
      ...snapshot,
      hashes: asked.map(({ key }) => ({ isWhole: true, fields: hashes.get(key)! })),
    }
  }
}

/** What was known, brought to the moment of the read. */
function brought(known: Fields | undefined, { isWhole, fields }: HashResult): Fields {
  const all = new Map(isWhole ? [] : known)
  for (const [field, bytes] of fields)
    if (bytes === null) all.delete(field)
    else all.set(field, bytes)
  return all
}
