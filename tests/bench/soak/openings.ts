import { latencies, type Sighting } from '../pipeline/observer.ts'

/** Openings of one tenant's contacts, from when each was due until it was seen. Both come piece by piece, in order. */
export class Openings {
  #dueAtMs: number[] = []
  #sightings: Sighting[] = []
  #matched = 0

  due(atMs: readonly number[]): void {
    this.#dueAtMs.push(...atMs)
  }

  seen(sighting: Sighting): void {
    this.#sightings.push(sighting)
  }

  /** Due, as far as is known here, and not seen yet. */
  waiting(): number {
    return this.#dueAtMs.length - this.#seen()
  }

  /** In ms, of each that was seen since this was asked last. */
  take(): number[] {
    const count = this.#seen()
    const sightings = this.#sightings.map(({ atMs, opened }) => ({
      atMs,
      opened: opened - this.#matched,
    }))
    const taken = latencies(this.#dueAtMs.splice(0, count), sightings)
    this.#matched += count
    this.#sightings = this.#sightings.filter(({ opened }) => opened > this.#matched)
    return taken
  }

  #seen(): number {
    return Math.min(
      this.#dueAtMs.length,
      Math.max(0, (this.#sightings.at(-1)?.opened ?? 0) - this.#matched),
    )
  }
}
