import type { EpochMs } from '@deskpulse/core/time'
import type { DueWakes, Wake } from '@deskpulse/stream'

/** The next wake of each subject. Those that are due are found without a look at the others, as in a store. */
export class WakeTimes extends Map<string, EpochMs> {
  /** Subjects by the second in which they wake. */
  readonly #seconds = new Map<number, Set<string>>()

  override set(subject: string, atMs: EpochMs): this {
    this.delete(subject)
    const second = secondOf(atMs)
    const there = this.#seconds.get(second)
    if (there === undefined) this.#seconds.set(second, new Set([subject]))
    else there.add(subject)
    return super.set(subject, atMs)
  }

  override delete(subject: string): boolean {
    const atMs = this.get(subject)
    if (atMs === undefined) return false
    const second = secondOf(atMs)
    const there = this.#seconds.get(second)!
    there.delete(subject)
    if (there.size === 0) this.#seconds.delete(second)
    return super.delete(subject)
  }

  /** The first ones, in (time, subject) order. */
  due({ upToMs, limit }: DueWakes): Wake[] {
    const seconds = [...this.#seconds.keys()]
      .filter((second) => second <= secondOf(upToMs))
      .sort((a, b) => a - b)
    const due: Wake[] = []
    for (const second of seconds) {
      if (due.length >= limit) break
      const there = [...this.#seconds.get(second)!].map((subject) => ({
        subject,
        atMs: this.get(subject)!,
      }))
      due.push(...there.filter(({ atMs }) => atMs <= upToMs).sort(inOrder))
    }
    return due.slice(0, limit)
  }
}

const secondOf = (atMs: EpochMs): number => Math.floor(atMs / 1_000)
const inOrder = (a: Wake, b: Wake): number => a.atMs - b.atMs || (a.subject < b.subject ? -1 : 1)
