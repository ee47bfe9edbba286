import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'

/** The event as if it had happened `byMs` later, with every instant or date that its data name. */
export function laterBy(event: CanonicalEvent, byMs: number): CanonicalEvent {
  const laterIso = (text: string): string =>
    new Date(Date.parse(text) + byMs).toISOString().slice(0, text.length)
  const names = event.type === 'agent.rostered' ? ['from'] : ['dueAt', 'start', 'end']
  const data = Object.fromEntries(
    names.flatMap((name) => {
      const told = event.data[name]
      return told === undefined ? [] : [[name, laterIso(told as string)] as const]
    }),
  )
  return {
    ...event,
    timeMs: (event.timeMs + byMs) as EpochMs,
    data: { ...event.data, ...data },
  }
}
