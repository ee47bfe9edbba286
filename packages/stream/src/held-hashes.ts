import type { Changed } from './changed/changed.ts'
import type { HashQuery, Snapshot } from './state-store.ts'

/** A hash as its reader makes it of its fields. */
type Hash = { readonly size: number; put(field: string, bytes: Uint8Array | null): void }

/** Hashes of one partition as its readers hold them, all of the moment of the last read: what a commit changed is read anew, and no more. */
export type HeldHashes<Held extends Hash> = {
  /** `undefined`: not held, or not of that moment. */
  get(key: string): Held | undefined
  /** What a read must bring for these to be of its moment, whose `since` is the moment of the last read or of the last commit that was noted. */
  query(keys: Iterable<string>): readonly HashQuery[]
  /** What a commit changed, the next one after those that are known. */
  note(changed: Changed): void
  /** Takes such a read over. Without one, call it with none: others may have changed. */
  take(query: readonly HashQuery[], snapshot: Pick<Snapshot, 'hashes' | 'changed'>): void
  drop(): void
}

type Entry<Held> = { readonly hash: Held; readonly stale: Set<string> }

/**
 * @param make an empty hash of this key.
 * @param fieldsMax how many fields are held; beyond it, the hashes that were asked for longest ago go.
 */
export function heldHashes<Held extends Hash>(
  make: (key: string) => Held,
  fieldsMax: number,
): HeldHashes<Held> {
  /** Those that were asked for last come last. */
  const entries = new Map<string, Entry<Held>>()

  function trim(asked: ReadonlySet<string>): void {
    let fields = entries.values().reduce((sum, { hash }) => sum + hash.size, 0)
    for (const [key, { hash }] of entries) {
      if (fields <= fieldsMax) return
      if (asked.has(key)) continue
      entries.delete(key)
      fields -= hash.size
    }
  }

  function note(changed: Changed): void {
    for (const [key, fields] of changed) {
      const entry = entries.get(key)
      if (entry !== undefined) for (const field of fields) entry.stale.add(field)
    }
  }

  return {
    note,
    get(key) {
      const entry = entries.get(key)
      return entry === undefined || entry.stale.size > 0 ? undefined : entry.hash
    },
    query: (keys) =>
      [...new Set(keys)].map((key) => ({
        key,
        fields: entries.has(key) ? [...entries.get(key)!.stale] : null,
      })),
    take(query, { hashes, changed }) {
      if (changed === 'lost') entries.clear()
      else note(changed)
      query.forEach(({ key }, place) => {
        const { isWhole, fields } = hashes[place]!
        const hash = isWhole ? make(key) : entries.get(key)?.hash
        if (hash === undefined) return // Dropped while it was read: its other fields are not here.
        for (const [field, bytes] of fields) hash.put(field, bytes)
        entries.delete(key)
        entries.set(key, { hash, stale: new Set() })
      })
      trim(new Set(query.map(({ key }) => key)))
    },
    drop: () => entries.clear(),
  }
}
