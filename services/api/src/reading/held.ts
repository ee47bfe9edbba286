import type { ChangeCursor, OpenQuery, OpenResult, Position, ReadQuery, Snapshot } from '@deskpulse/stream'

/** What a question wants to see. */
export type Needs = Pick<ReadQuery, 'keys' | 'open'>

/** Values and open intervals parallel to the needs, all of one moment. */
export type Answer = Position & {
  readonly cursor: ChangeCursor
  readonly values: readonly (Uint8Array | null)[]
  readonly open: readonly OpenResult[]
}

export function joined(...all: readonly Needs[]): Needs {
  return { keys: all.flatMap(({ keys }) => keys), open: all.flatMap(({ open }) => open) }
}

type Moment = Position & { readonly cursor: ChangeCursor }
type HeldOpen = { readonly members: number; readonly result: OpenResult }

/** Parts of one partition as they stood at one moment. Nothing in it is of another one. */
export type Held = {
  /** `null`: nothing is held. */
  moment(): Moment | null
  has(key: string): boolean
  /** `null`: a part of it is not held. */
  answer(needs: Needs): Answer | null
  /**
   * The read that brings what is missing. `moved`: the store has gone on, so that open intervals, which depend on log time, are asked for
   * anew; `suspects`: records that changed, as far as is known.
   */
  query(needs: Needs, moved: boolean, suspects: ReadonlySet<string>): ReadQuery
  /** Takes over a read of `query`: what changed since the moment held is dropped, so that all that stays is of the moment of the read. */
  take(query: ReadQuery, snapshot: Snapshot): void
  drop(): void
}

/** @param recordsMax how many records are held; beyond it, those that were read first go. */
export function heldParts(recordsMax: number): Held {
  const values = new Map<string, Uint8Array | null>()
  const opens = new Map<string, HeldOpen>()
  let moment: Moment | null = null

  const holdsOpen = ({ key, members }: OpenQuery): boolean => (opens.get(key)?.members ?? -1) >= members

  function drop(): void {
    values.clear()
    opens.clear()
    moment = null
  }

  function trim(): void {
    for (const key of values.keys()) {
      if (values.size <= recordsMax) return
      values.delete(key)
    }
  }

  function openOf({ key, members }: OpenQuery): OpenResult {
    const { count, oldest } = opens.get(key)!.result
    return { count, oldest: oldest.length > members ? oldest.slice(0, members) : oldest }
  }

  return {
    moment: () => moment,
    has: (key) => values.has(key),
    answer({ keys, open }) {
      if (moment === null || !keys.every((key) => values.has(key)) || !open.every(holdsOpen)) return null
      return { ...moment, values: keys.map((key) => values.get(key) ?? null), open: open.map(openOf) }
    },
    query({ keys, open }, moved, suspects) {
      const missing = new Set(keys.filter((key) => !values.has(key) || suspects.has(key)))
      const widest = new Map<string, number>()
      for (const query of open) {
        if (moved || !holdsOpen(query)) widest.set(query.key, Math.max(query.members, widest.get(query.key) ?? 0))
      }
      return { keys: [...missing], open: [...widest].map(([key, members]) => ({ key, members })), since: moment?.cursor }
    },
    take(query, { offset, logTimeMs, watermarkMs, cursor, changed, ...read }) {
      if (changed === 'lost') drop()
      else for (const key of changed) values.delete(key)
      if (cursor !== moment?.cursor) opens.clear()
      moment = { offset, logTimeMs, watermarkMs, cursor }
      trim()
      query.keys.forEach((key, index) => values.set(key, read.values[index] ?? null))
      query.open.forEach(({ key, members }, index) => opens.set(key, { members, result: read.open[index]! }))
    },
    drop,
  }
}
