import type { WireEvent } from '@deskpulse/contract'
import { eventLines } from '../../../services/cli/src/commands/replay-input.ts'
import { openInputFile } from '../../../services/cli/src/replay/input-file.ts'
import { mappingOf } from '../../../services/cli/src/replay/xes/mapping.ts'

export type Month = {
  opened: number
  resolutions: number
  resolved: number
  reopened: number
  resolutionMs: number
}

const none: Month = { opened: 0, resolutions: 0, resolved: 0, reopened: 0, resolutionMs: 0 }

/** Slow and obvious: every figure by its definition, straight from the list of events. `labels`: months that are wanted though nothing may have happened. */
export async function countedByMonth(
  path: string,
  labels: readonly string[],
): Promise<Record<string, Month>> {
  const months: Record<string, Month> = Object.fromEntries(
    labels.map((label) => [label, { ...none }]),
  )
  const openedMs = new Map<unknown, number>()
  const resolvedBefore = new Set<unknown>()
  for (const { type, time, data } of await mappedEvents(path)) {
    const counts = (months[monthInRome(time)] ??= { ...none })
    const contact = data['contactId']
    switch (type) {
      case 'deskpulse.contact.opened.v1':
        counts.opened += 1
        openedMs.set(contact, Date.parse(time))
        break
      case 'deskpulse.contact.reopened.v1':
        counts.reopened += 1
        break
      case 'deskpulse.contact.resolved.v1':
        counts.resolutions += 1
        if (resolvedBefore.has(contact)) break
        resolvedBefore.add(contact)
        counts.resolved += 1
        counts.resolutionMs += Date.parse(time) - openedMs.get(contact)!
        break
      default: // Assigned and closed change none of these.
    }
  }
  return months
}

async function mappedEvents(path: string): Promise<readonly WireEvent[]> {
  const file = await openInputFile(path)
  const events: WireEvent[] = []
  const input = { format: 'xes', tenant: 'helpdesk', mapping: mappingOf('/xes/helpdesk') } as const
  for await (const line of eventLines(file, input)) events.push(JSON.parse(line) as WireEvent)
  return events
}

function monthInRome(time: string): string {
  return Temporal.Instant.from(time)
    .toZonedDateTimeISO('Europe/Rome')
    .toPlainDate()
    .toPlainYearMonth()
    .toString()
}
