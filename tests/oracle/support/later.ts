import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'

/** The event as if it had happened `byMs` later, with every instant or date that its data name. */
export function laterBy(event: CanonicalEvent, byMs: number): CanonicalEvent {
  const laterIso = (text: string): string =>
    new Date(Date.parse(text) + byMs).toISOString().slice(0, text.length)
  const names = event.type === 'agent.rostered' ? ['from'] : ['dueAt', 'start', 'end', 'date']
  const later = <Data extends object>(data: Data): Data => {
    const told = data as Readonly<Record<string, unknown>>
    const moved = names.flatMap((name) =>
      told[name] === undefined ? [] : [[name, laterIso(told[name] as string)] as const],
    )
    return { ...data, ...Object.fromEntries(moved) }
  }
  const activities = event.data['activities'] as readonly object[] | undefined
  const period = event.data['period'] as object | undefined
  return {
    ...event,
    timeMs: (event.timeMs + byMs) as EpochMs,
    data: {
      ...later(event.data),
      ...(period !== undefined && { period: later(period) }),
      ...(activities !== undefined && { activities: activities.map(later) }),
    },
  }
}
