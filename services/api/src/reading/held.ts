import { hashOf, heldOpen, type OpenAnswer, type OpenQuestion } from '@deskpulse/core/state'
import {
  type Changed,
  type ChangeCursor,
  heldHashes,
  placeInHash,
  type Position,
  type ReadQuery,
  type Snapshot,
} from '@deskpulse/stream'

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
  /** What the next commit after the moment changed, or after the last one noted: it is held no longer, and the next read need not name it again. */
  note(cursor: ChangeCursor, changed: Changed): void
  /** The read that brings what is missing; `isWhole`: all of the needs, held or not. */
  query(needs: Needs, isWhole: boolean): ReadQuery
  /** Takes over a read of `query`: what changed since the moment held is dropped, so that all that stays is of the moment of the read. */
  take(query: ReadQuery, snapshot: Snapshot): void
  drop(): void
}

/** What goes on with so many subjects, and the backlogs of so many slices, some 100 MB. */
const fieldsMax = 300_000

const hashesOf = (open: readonly OpenQuestion[]): ReadonlySet<string> => new Set(open.map(hashOf))

/** @param recordsMax how many records are held; beyond it, those that were read first go. */
export function heldParts(recordsMax: number): Held {
  const values = heldValues()
  const hashes = heldHashes(heldOpen, fieldsMax)
  let moment: Moment | null = null
  /** What changed up to here is held no longer. */
  let noted: ChangeCursor | undefined

  function drop(): void {
    values.clear()
    hashes.drop()
    moment = null
    noted = undefined
  }

  return {
    moment: () => moment,
    has: (key) => values.has(key),
    answer({ keys, open }) {
      if (moment === null || !keys.every((key) => values.has(key))) return null
      const { logTimeMs } = moment
      if ([...hashesOf(open)].some((key) => hashes.get(key) === undefined)) return null
      const answers = open.map((question) =>
        hashes.get(hashOf(question))!.answer(question, logTimeMs),
      )
      return { ...moment, values: keys.map((key) => values.get(key)), open: answers }
    },
    note(cursor, changed) {
      if (moment === null) return
      values.forget(changed)
      hashes.note(changed)
      noted = cursor
    },
    query({ keys, open }, isWhole) {
      const missing = new Set(isWhole ? keys : keys.filter((key) => !values.has(key)))
      return { keys: [...missing], hashes: hashes.query(hashesOf(open)), since: noted }
    },
    take(query, snapshot) {
      const { offset, logTimeMs, watermarkMs, cursor, changed, ...read } = snapshot
      if (changed === 'lost') drop()
      else values.forget(changed)
      hashes.take(query.hashes ?? [], snapshot)
      moment = { offset, logTimeMs, watermarkMs, cursor }
      noted = cursor
      values.trim(recordsMax)
      query.keys.forEach((key, index) => values.set(key, read.values[index] ?? null))
    },
    drop,
  }
}

/** Records by their keys, those that were read first coming first. */
function heldValues() {
  const values = new Map<string, Uint8Array | null>()
  /** Of those that are one of a hash, by the hash: most of what a commit changes is of hashes of which nothing is held. */
  const fieldsOf = new Map<string, Set<string>>()

  function remove(key: string): void {
    if (!values.delete(key)) return
    const place = placeInHash(key)
    if (place === null) return
    const fields = fieldsOf.get(place.hash)!
    fields.delete(place.field)
    if (fields.size === 0) fieldsOf.delete(place.hash)
  }

  return {
    get: (key: string): Uint8Array | null => values.get(key) ?? null,
    has: (key: string): boolean => values.has(key),
    set(key: string, bytes: Uint8Array | null): void {
      if (!values.has(key)) {
        const place = placeInHash(key)
        if (place !== null)
          fieldsOf.getOrInsertComputed(place.hash, () => new Set()).add(place.field)
      }
      values.set(key, bytes)
    },
    forget(changed: Changed): void {
      for (const [key, fields] of changed) {
        values.delete(key)
        const held = fieldsOf.get(key)
        if (held === undefined) continue
        for (const field of fields) if (held.has(field)) remove(`${key}#${field}`)
      }
    },
    trim(recordsMax: number): void {
      for (const key of values.keys()) {
        if (values.size <= recordsMax) return
        remove(key)
      }
    },
    clear(): void {
      values.clear()
      fieldsOf.clear()
    },
  }
}
