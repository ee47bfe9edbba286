import { hashOf, heldOpen, type OpenAnswer, type OpenQuestion } from '@deskpulse/core'
import { type ChangeCursor, heldHashes, type Position, type ReadQuery, type Snapshot } from '@deskpulse/stream'

/** What a question wants to see. */
export type Needs = { readonly keys: readonly string[]; readonly open: readonly OpenQuestion[] }

/** Values and what goes on, parallel to the needs, all of one moment. */
export type Answer = Position & {
  readonly cursor: ChangeCursor
  readonly values: readonly (Uint8Array | null)[]
  readonly open: readonly OpenAnswer[]
}

export function joined(...all: readonly Needs[]): Needs {
  return { keys: all.flatMap(({ keys }) => keys), open: all.flatMap(({ open }) => open) }
}

type Moment = Position & { readonly cursor: ChangeCursor }

/** Parts of one partition as they stood at one moment. Nothing in it is of another one. */
export type Held = {
  /** `null`: nothing is held. */
  moment(): Moment | null
  has(key: string): boolean
  /** `null`: a part of it is not held. */
  answer(needs: Needs): Answer | null
  /** The read that brings what is missing. `suspects`: records that changed, as far as is known. */
  query(needs: Needs, suspects: ReadonlySet<string>): ReadQuery
  /** Takes over a read of `query`: what changed since the moment held is dropped, so that all that stays is of the moment of the read. */
  take(query: ReadQuery, snapshot: Snapshot): void
  drop(): void
}

/** What goes on with so many subjects, and the backlogs of so many slices, some 100 MB. */
const fieldsMax = 300_000

const hashesOf = (open: readonly OpenQuestion[]): ReadonlySet<string> => new Set(open.map(hashOf))

/** @param recordsMax how many records are held; beyond it, those that were read first go. */
export function heldParts(recordsMax: number): Held {
  const values = new Map<string, Uint8Array | null>()
  const hashes = heldHashes(heldOpen, fieldsMax)
  let moment: Moment | null = null

  function drop(): void {
    values.clear()
    hashes.drop()
    moment = null
  }

  function trim(): void {
    for (const key of values.keys()) {
      if (values.size <= recordsMax) return
      values.delete(key)
    }
  }

  return {
    moment: () => moment,
    has: (key) => values.has(key),
    answer({ keys, open }) {
      if (moment === null || !keys.every((key) => values.has(key))) return null
      const { logTimeMs } = moment
      if ([...hashesOf(open)].some((key) => hashes.get(key) === undefined)) return null
      const answers = open.map((question) => hashes.get(hashOf(question))!.answer(question, logTimeMs))
      return { ...moment, values: keys.map((key) => values.get(key) ?? null), open: answers }
    },
    query({ keys, open }, suspects) {
      const missing = new Set(keys.filter((key) => !values.has(key) || suspects.has(key)))
      return { keys: [...missing], hashes: hashes.query(hashesOf(open)), since: moment?.cursor }
    },
    take(query, snapshot) {
      const { offset, logTimeMs, watermarkMs, cursor, changed, ...read } = snapshot
      if (changed === 'lost') drop()
      else for (const key of changed) values.delete(key)
      hashes.take(query.hashes ?? [], snapshot)
      moment = { offset, logTimeMs, watermarkMs, cursor }
      trim()
      query.keys.forEach((key, index) => values.set(key, read.values[index] ?? null))
    },
    drop,
  }
}
