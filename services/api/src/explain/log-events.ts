import { decodeEvent, entryKinds, EntryUnreadable, type FlatRow } from '@deskpulse/contract'
import { type CanonicalEvent, isSurvey } from '@deskpulse/core/events'
import { ownIdKinds, type Received, Timeline } from '@deskpulse/core/subjects'
import { type LogPart, pagesFrom } from '@deskpulse/engine'
import {
  decodeFrame,
  DeskpulseError,
  type Entry,
  type LogRecord,
  type Offset,
} from '@deskpulse/stream'

/** Whose events are behind a row: those of a customer's are its contact's. */
export const eventSubjectOf = (row: FlatRow): string =>
  row.grain === 'session' || row.grain === 'repeat'
    ? `contact/${row.contactId}`
    : `${row.subjectKind}/${row.subjectId}`

/** Events of these subjects, each in the order of its timeline, as often as they came. @throws what the signal is aborted with. */
export async function eventsInLog(
  part: LogPart,
  tenant: string,
  subjects: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly CanonicalEvent[]>> {
  const timelines = new Map<string, Timeline>()
  if (subjects.size > 0)
    for await (const page of pagesFrom(part, 0 as Offset)) {
      signal.throwIfAborted()
      for (const record of page)
        for (const one of eventsOf(record, tenant)) {
          const subject = subjectOf(one.event)
          if (subject === null || !subjects.has(subject)) continue
          const timeline = timelines.getOrInsertComputed(subject, () => new Timeline(null, []))
          timeline.insert({ ...one, receivedMs: record.appendedAtMs })
        }
    }
  return new Map(
    timelines
      .entries()
      .map(([subject, timeline]) => [subject, timeline.events.map(({ event }) => event)]),
  )
}

function subjectOf(event: CanonicalEvent): string | null {
  const { type, data } = event
  const isOfContact = isSurvey(event) && data.contactId !== undefined
  const kind = isOfContact ? undefined : ownIdKinds.find(({ types }) => types.includes(type))
  if (kind !== undefined) return `${kind.name}/${kind.idOf(data, event)}`
  if (type.startsWith('agent.')) return `agent/${data.agentId}`
  return data.contactId === undefined ? null : `contact/${data.contactId}`
}

type Decoded = Pick<Received, 'event' | 'text'>

/** What cannot be read was refused by the folds, too. */
function eventsOf({ value }: LogRecord, tenant: string): Decoded[] {
  try {
    return decodeFrame(value ?? new Uint8Array(0)).entries.flatMap((entry) =>
      eventIn(entry, tenant),
    )
  } catch (error) {
    if (error instanceof DeskpulseError) return []
    throw error
  }
}

function eventIn(entry: Entry, tenant: string): Decoded[] {
  if (entry.tenant !== tenant || entry.kind !== entryKinds.event) return []
  try {
    const text = Buffer.from(entry.bytes).toString('utf8')
    return [{ event: decodeEvent(entry.bytes, tenant), text }]
  } catch (error) {
    if (error instanceof EntryUnreadable) return []
    throw error
  }
}
