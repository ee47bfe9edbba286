import type { EpochMs } from '../time/time.ts'
import type { CountedRow } from './entry.ts'

/** A member of a list: `id` is its subject, which is in a list once at most. */
export type Standing = { readonly atMs: EpochMs; readonly id: string; readonly row: CountedRow }

const chunkMax = 512

/** Chunks are not empty, no longer than `chunkMax`, and in the order of their members, (time, id): what changes costs a chunk, however many there are. */
export class StandingList {
  readonly #chunks: Standing[][] = []

  /** @param members in their order, each once. */
  constructor(members: readonly Standing[] = []) {
    for (let at = 0; at < members.length; at += chunkMax)
      this.#chunks.push(members.slice(at, at + chunkMax))
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0
  }

  add(one: Standing): void {
    const at = this.#chunkOf(one)
    const chunk = this.#chunks[at]
    if (chunk === undefined) {
      this.#chunks.push([one])
      return
    }
    chunk.splice(placeOf(chunk, one), 0, one)
    if (chunk.length > chunkMax)
      this.#chunks.splice(at, 1, chunk.slice(0, chunkMax / 2), chunk.slice(chunkMax / 2))
  }

  remove({ atMs, id }: Pick<Standing, 'atMs' | 'id'>): void {
    const at = this.#chunkOf({ atMs, id })
    const chunk = this.#chunks[at]
    if (chunk === undefined) return
    const place = placeOf(chunk, { atMs, id })
    if (chunk[place]?.id !== id || chunk[place].atMs !== atMs) return
    chunk.splice(place, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
  }

  /** How many stand at or before an instant. */
  count(upToMs: number): number {
    let count = 0
    for (const chunk of this.#chunks) {
      if (chunk.at(-1)!.atMs <= upToMs) count += chunk.length
      else return count + countIn(chunk, upToMs)
    }
    return count
  }

  /** The first of those, at most `limit`. */
  first(limit: number, upToMs: number): Standing[] {
    const found: Standing[] = []
    for (const chunk of this.#chunks) {
      const isWhole = chunk.at(-1)!.atMs <= upToMs
      const fit = Math.min(limit - found.length, isWhole ? chunk.length : countIn(chunk, upToMs))
      for (let place = 0; place < fit; place += 1) found.push(chunk[place]!)
      if (!isWhole || found.length === limit) break
    }
    return found
  }

  /** The place of the chunk that a member belongs in: the first one that does not end before it, or the last. */
  #chunkOf(one: Pick<Standing, 'atMs' | 'id'>): number {
    let [low, high] = [0, this.#chunks.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(this.#chunks[middle]!.at(-1)!, one)) low = middle + 1
      else high = middle
    }
    return low
  }
}

type Place = Pick<Standing, 'atMs' | 'id'>

const isBefore = (a: Place, b: Place): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.id < b.id)
/** The order of a list's members. */
export const compareStandings = (a: Place, b: Place): number =>
  a.atMs - b.atMs || (a.id < b.id ? -1 : 1)

/** The place of the first member that is not before `one`. */
function placeOf(chunk: readonly Standing[], one: Place): number {
  let [low, high] = [0, chunk.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(chunk[middle]!, one)) low = middle + 1
    else high = middle
  }
  return low
}

function countIn(chunk: readonly Standing[], upToMs: number): number {
  let [low, high] = [0, chunk.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (chunk[middle]!.atMs <= upToMs) low = middle + 1
    else high = middle
  }
  return low
}
