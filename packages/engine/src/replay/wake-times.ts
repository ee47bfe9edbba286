import { dueQueue, type EpochMs } from '@deskpulse/core/time'
import type { DueWakes, Wake } from '@deskpulse/stream'

/** Times that were replaced are thrown out of the queue before they are this many, and most of it. */
const replacedMin = 1_000

/** The next wake of each subject. Those that are due are found without a look at the others, as in a store. */
export class WakeTimes extends Map<string, EpochMs> {
  #queue = queueOf([])
  #replaced = 0

  /** No wake is due before; `null`: none ever is. */
  get nextMs(): EpochMs | null {
    return this.#queue.nextMs()
  }

  override set(subject: string, atMs: EpochMs): this {
    if (this.get(subject) === atMs) return this
    this.delete(subject)
    this.#queue.set(subject, atMs)
    return super.set(subject, atMs)
  }

  override delete(subject: string): boolean {
    if (!super.delete(subject)) return false
    this.#queue.set(subject, null)
    this.#replaced += 1
    if (this.#replaced > replacedMin + this.size) this.#throwOutReplaced()
    return true
  }

  /** The first ones, in (time, subject) order. */
  due({ upToMs, limit }: DueWakes): Wake[] {
    const due: Wake[] = []
    while (due.length < limit) {
      const subject = this.#queue.take(upToMs)
      if (subject === null) break
      due.push({ subject, atMs: this.get(subject)! })
    }
    for (const { subject, atMs } of due) this.#queue.set(subject, atMs)
    return due
  }

  #throwOutReplaced(): void {
    this.#queue = queueOf(this)
    this.#replaced = 0
  }
}

function queueOf(wakes: Iterable<readonly [string, EpochMs]>): ReturnType<typeof dueQueue<string>> {
  const queue = dueQueue<string>((subject) => subject)
  for (const [subject, atMs] of wakes) queue.set(subject, atMs)
  return queue
}
