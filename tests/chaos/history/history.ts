import type { WireEvent } from '@deskpulse/contract'

/** An event's identity: tenant, source, id. */
export type EventKey = string
export const keyOf = ({
  tenant,
  source,
  id,
}: Pick<WireEvent, 'tenant' | 'source' | 'id'>): EventKey => JSON.stringify([tenant, source, id])

/** When an event was sent, in ms of one clock that never goes back. */
export type Sent = {
  readonly event: WireEvent
  /** When it was first on its way. */
  readonly invokedMs: number
  /** When it was first known to be taken; infinite: never. */
  ackedMs: number
}

/** What was sent by one way, over HTTP or to the raw topic, each event once however often it was sent. */
export type History = {
  readonly sent: ReadonlyMap<EventKey, Sent>
  invoke(events: readonly WireEvent[]): void
  acknowledge(events: readonly WireEvent[]): void
}

export function newHistory(nowMs: () => number = () => performance.now()): History {
  const sent = new Map<EventKey, Sent>()
  return {
    sent,
    invoke(events) {
      for (const event of events) {
        const key = keyOf(event)
        if (!sent.has(key)) sent.set(key, { event, invokedMs: nowMs(), ackedMs: Infinity })
      }
    },
    acknowledge(events) {
      for (const event of events) {
        const one = sent.get(keyOf(event))
        if (one === undefined) throw new Error(`acknowledged, and never sent: ${keyOf(event)}`)
        one.ackedMs = Math.min(one.ackedMs, nowMs())
      }
    },
  }
}
