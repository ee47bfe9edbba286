import type { CanonicalEvent } from '@deskpulse/core/events'
import type { ForAgentDays } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { Outputs } from './outputs.ts'
import type { Tenant } from '../partition/tenant.ts'

/** What a subject with an id of its own has told days of its agent: its last event says it, to the days that have begun. */
export class AgentDaysTold {
  readonly #tenant: Tenant
  readonly #kind: ForAgentDays
  /** `null`: nothing was told. */
  #said: Said | null = null
  #settledMs: number = -Infinity

  constructor(tenant: Tenant, kind: ForAgentDays) {
    this.#tenant = tenant
    this.#kind = kind
  }

  /** As it was told at the last settle. */
  restore(events: readonly CanonicalEvent[], settledMs: EpochMs): void {
    this.#said = this.#saying(events, settledMs)
    this.#settledMs = settledMs
  }

  /** Tells each day what differs. `inserted`: events since the last settle, of which some may have been taken back. */
  tell(
    events: readonly CanonicalEvent[],
    inserted: readonly CanonicalEvent[],
    logTimeMs: EpochMs,
    outputs: Outputs,
  ): void {
    this.#touch(events, inserted, logTimeMs, outputs)
    const [before, now] = [this.#said, this.#saying(events, logTimeMs)]
    const isSame = before !== null && now !== null && before.text === now.text
    for (const utcDay of before?.utcDays ?? [])
      if (now?.utcDays.includes(utcDay) !== true)
        this.#tellDay(before!, utcDay, this.#kind.takesBack(before!.event), outputs)
    for (const utcDay of now?.utcDays ?? [])
      if (!isSame || !before.utcDays.includes(utcDay))
        this.#tellDay(now!, utcDay, this.#kind.says(now!.event), outputs)
    this.#said = now
    this.#settledMs = logTimeMs
  }

  /**
   * Each event names its days: those that have begun when it comes, and others when they begin. Whether it counts in the end is not asked, as that depends on what comes in the same
   * fold.
   */
  #touch(
    events: readonly CanonicalEvent[],
    inserted: readonly CanonicalEvent[],
    logTimeMs: EpochMs,
    outputs: Outputs,
  ): void {
    const touch = (event: CanonicalEvent, sinceMs: number): void => {
      for (const utcDay of this.#kind.daysOf(event))
        if (utcDay * dayMs > sinceMs && utcDay * dayMs <= logTimeMs)
          outputs.touchAgentDay(this.#tenant, event.data.agentId!, utcDay)
    }
    for (const event of inserted) touch(event, -Infinity)
    for (const event of events) touch(event, this.#settledMs)
  }

  #tellDay(
    { event }: Said,
    utcDay: number,
    change: ReturnType<ForAgentDays['says']>,
    outputs: Outputs,
  ): void {
    outputs.tellAgentDay(this.#tenant, event.data.agentId!, utcDay, change)
  }

  #saying(events: readonly CanonicalEvent[], nowMs: EpochMs): Said | null {
    const event = events.at(-1)
    if (event === undefined) return null
    const utcDays = this.#kind.daysOf(event).filter((utcDay) => utcDay * dayMs <= nowMs)
    return { event, utcDays, text: JSON.stringify(this.#kind.says(event)) }
  }
}

type Said = {
  readonly event: CanonicalEvent
  readonly utcDays: readonly number[]
  /** Of what it says. */
  readonly text: string
}
