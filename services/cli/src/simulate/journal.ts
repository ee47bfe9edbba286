import type { WireEvent } from '@deskpulse/contract'
import type { EventType } from '@deskpulse/core/events'

type Data = Readonly<Record<string, unknown>>

/** The stream of events that a run gives, and which contacts are open in it. */
export type Journal = {
  /** Part of every id that the run makes: two runs do not mix. */
  readonly run: string
  emit(type: EventType, data: Data): void
  /** As `emit`, for winding up: its id is `name`'s, so that it is no other event's if the run had gone on. */
  emitLast(name: string, type: EventType, data: Data): void
  openContacts(): readonly string[]
  /** What was emitted since the last call, in time order. */
  take(): WireEvent[]
}

export function createJournal(
  tenant: string,
  seed: number,
  startMs: number,
  nowMs: () => number,
): Journal {
  const run = `${seed}-${startMs.toString(36)}`
  const open = new Set<string>()
  let events: WireEvent[] = []
  let emitted = 0

  const emitLast: Journal['emitLast'] = (name, type, data) => {
    emitted++
    events.push({
      specversion: '1.0',
      id: `${run}-${name}`,
      source: '/deskpulse/simulator',
      type: `deskpulse.${type}.v1`,
      time: new Date(nowMs()).toISOString(),
      sequence: String(emitted),
      tenant,
      data,
    })
    if (type === 'contact.opened') open.add(String(data['contactId']))
    if (type === 'contact.closed') open.delete(String(data['contactId']))
  }

  return {
    run,
    emitLast,
    emit: (type, data) => emitLast(String(emitted + 1), type, data),
    openContacts: () => [...open],
    take: () => {
      const taken = events
      events = []
      return taken
    },
  }
}
