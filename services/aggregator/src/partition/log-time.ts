import type { EpochMs } from '@deskpulse/core'

/** How long a sender that went silent still holds the watermark back. */
const senderHeardMs = 15_000
/** What is still under way in the network and in other senders when an entry is appended. */
const disorderMs = 2_000

type Sender = { readonly backlogMs: number; readonly heardAtMs: EpochMs }

/**
 * Log time is the running maximum of append times; the watermark says up to where the input is complete: log time less what senders still
 * hold back. Neither ever goes back, and no event's own time moves them: one wrong clock harms nobody.
 */
export class LogTime {
  #nowMs: EpochMs
  #watermarkMs: EpochMs
  #senders: Map<string, Sender>

  constructor(nowMs: EpochMs, watermarkMs: EpochMs, senders: Readonly<Record<string, Sender>> = {}) {
    this.#nowMs = nowMs
    this.#watermarkMs = watermarkMs
    this.#senders = new Map(Object.entries(senders))
  }

  get nowMs(): EpochMs {
    return this.#nowMs
  }

  get watermarkMs(): EpochMs {
    return this.#watermarkMs
  }

  /** A record was appended at `appendedAtMs`; who sent it, and what is held back, cannot be read. */
  pass(appendedAtMs: EpochMs): void {
    this.#nowMs = Math.max(this.#nowMs, appendedAtMs) as EpochMs
  }

  /** A record was appended at `appendedAtMs` by a sender that holds back input of age `backlogMs`. */
  advance(appendedAtMs: EpochMs, sender: string, backlogMs: number): void {
    this.pass(appendedAtMs)
    this.#senders.set(sender, { backlogMs, heardAtMs: this.#nowMs })
    let largestMs = 0
    for (const [id, { backlogMs: itsBacklogMs, heardAtMs }] of this.#senders) {
      if (heardAtMs + senderHeardMs < this.#nowMs) this.#senders.delete(id)
      else largestMs = Math.max(largestMs, itsBacklogMs)
    }
    this.#watermarkMs = Math.max(this.#watermarkMs, this.#nowMs - largestMs - disorderMs) as EpochMs
  }

  senders(): Record<string, Sender> {
    return Object.fromEntries(this.#senders)
  }
}
