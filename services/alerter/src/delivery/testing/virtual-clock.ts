import type { EpochMs } from '@deskpulse/core/time'
import type { Timer } from '@deskpulse/stream'

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Timer {
  atMs: EpochMs
  private readonly planned = new Set<{ atMs: number; readonly act: () => void }>()

  constructor(atMs = Date.parse('2026-03-02T01:00:00Z')) {
    this.atMs = atMs as EpochMs
  }

  readonly nowMs = (): EpochMs => this.atMs

  after(ms: number, act: () => void): () => void {
    const plan = { atMs: this.atMs + Math.max(0, ms), act }
    this.planned.add(plan)
    return () => this.planned.delete(plan)
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }

  /** The wall clock is put forward by `ms`, in no time: what was to be in a second is in a second. */
  leap(ms: number): void {
    this.atMs = (this.atMs + ms) as EpochMs
    for (const plan of this.planned) plan.atMs += ms
  }

  /** Lets `ms` pass: what is due acts in its order, and what follows from it at once too. */
  async pass(ms: number): Promise<void> {
    const endMs = this.atMs + ms
    await settled()
    for (;;) {
      let first: { atMs: number; readonly act: () => void } | null = null
      for (const plan of this.planned)
        if (plan.atMs <= endMs && (first === null || plan.atMs < first.atMs)) first = plan
      if (first === null) break
      this.planned.delete(first)
      this.atMs = Math.max(this.atMs, first.atMs) as EpochMs
      first.act()
      await settled()
    }
    this.atMs = endMs as EpochMs
  }
}

/** Everything that promises lead to has happened. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })
