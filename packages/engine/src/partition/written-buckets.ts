import { bucketMs, kept, retentionMs } from '@deskpulse/core/measures'
import { bucketKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'

type Passing = 'minute' | 'slot'

/**
 * Minutes and slots of a tenant that this worker has written and that are still kept. Once log time has passed the retention of one nobody reads it any
 * more, and it is removed by the next commit: in a catch-up log time runs far ahead of the clock by which records expire. What another worker wrote
 * expires by that clock.
 */
export class WrittenBuckets {
  readonly #tenant: string
  readonly #starts: Readonly<Record<Passing, Set<EpochMs>>> = { minute: new Set(), slot: new Set() }
  /** Nothing passes before. */
  #nextMs = Infinity

  constructor(tenant: string) {
    this.#tenant = tenant
  }

  add(resolution: Passing, startMs: EpochMs): void {
    this.#starts[resolution].add(startMs)
    this.#nextMs = Math.min(this.#nextMs, startMs + bucketMs[resolution] + retentionMs[resolution])
  }

  /** @param isNeeded whether a minute is still to be rolled. @returns the hashes of what nobody reads any more. */
  takePassed(logTimeMs: EpochMs, isNeeded: (minuteStartMs: EpochMs) => boolean): string[] {
    if (logTimeMs < this.#nextMs) return []
    const passed: string[] = []
    this.#nextMs = Infinity
    for (const resolution of ['minute', 'slot'] as const) {
      for (const startMs of this.#starts[resolution]) {
        const endMs = (startMs + bucketMs[resolution]) as EpochMs
        if (kept(endMs, resolution, logTimeMs))
          this.#nextMs = Math.min(this.#nextMs, endMs + retentionMs[resolution])
        else if (resolution === 'minute' && isNeeded(startMs)) this.#nextMs = logTimeMs
        else {
          this.#starts[resolution].delete(startMs)
          passed.push(bucketKey(this.#tenant, resolution, startMs))
        }
      }
    }
    return passed
  }
}
