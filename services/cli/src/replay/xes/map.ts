import { createHash } from 'node:crypto'
import type { WireEvent } from '@deskpulse/contract'
import type { EventType } from '@deskpulse/core/events'
import { CommandFailure } from '../../command-line/failure.ts'
import type { MappableType, XesMapping } from './mapping.ts'
import type { XesEvent, XesTrace } from './trace.ts'

/** Maps traces one after another; `sequence` is the position of an event in everything that this mapper has emitted, from 1. */
export type TraceMapper = (trace: XesTrace) => WireEvent[]

export function createTraceMapper(mapping: XesMapping, tenant: string): TraceMapper {
  let sequence = 0
  return (trace) => {
    const contactId = safeId(
      required(
        trace.attributes.get(mapping.attributes.case),
        trace.line,
        `trace has no ${mapping.attributes.case}`,
      ),
    )
    const event = (
      position: number,
      timeMs: number,
      name: EventType,
      data: Record<string, unknown>,
    ): WireEvent => ({
      specversion: '1.0',
      id: safeId(`${contactId}/${position}/${name}`), // From content, so that a second replay repeats it.
      source: mapping.source,
      type: `deskpulse.${name}.v1`,
      time: new Date(timeMs).toISOString(),
      sequence: String(++sequence),
      tenant,
      data: { contactId, ...data },
    })
    return eventsOf(trace, mapping, contactId, event)
  }
}

type Emit = (
  position: number,
  timeMs: number,
  name: EventType,
  data: Record<string, unknown>,
) => WireEvent

/** `position` is the log event's place in its case, from 1; the opening, which no log event stands for, is at 0. A case without events is nothing. */
function eventsOf(
  trace: XesTrace,
  mapping: XesMapping,
  contactId: string,
  emit: Emit,
): WireEvent[] {
  const events = inTimeOrder(trace, mapping)
  const first = events[0]
  if (first === undefined) return []
  const customerId = customerOf(trace, mapping, contactId)
  const emitted = [
    emit(0, first.timeMs, 'contact.opened', {
      customerId,
      channel: mapping.channel,
      queue: mapping.queue,
      openedBy: 'customer',
    }),
  ]
  let resolved = false
  for (const [index, { event, timeMs }] of events.entries()) {
    const activity = required(
      event.attributes.get(mapping.attributes.activity),
      event.line,
      `event has no ${mapping.attributes.activity}`,
    )
    const type = mapping.activities.get(activity)
    if (type === undefined) continue
    if (type === 'contact.assigned' && resolved)
      emitted.push(emit(index + 1, timeMs, 'contact.reopened', {}))
    if (type === 'contact.resolved') resolved = true
    else if (type === 'contact.assigned' || type === 'contact.reopened') resolved = false
    emitted.push(emit(index + 1, timeMs, ...nameAndData(type, mapping, agentOf(event, mapping))))
  }
  return emitted
}

function nameAndData(
  type: MappableType,
  mapping: XesMapping,
  agent: { agentId?: string },
): [EventType, Record<string, unknown>] {
  if (type === 'message.sent:customer') return ['message.sent', { from: 'customer' }]
  if (type === 'message.sent:agent') return ['message.sent', { from: 'agent', ...agent }]
  return [type, type === 'contact.queued' ? { queue: mapping.queue, ...agent } : agent]
}

function agentOf(event: XesEvent, mapping: XesMapping): { agentId?: string } {
  const agentId = event.attributes.get(mapping.attributes.agent)
  return agentId === undefined || agentId === '' ? {} : { agentId: safeId(agentId) }
}

function customerOf(trace: XesTrace, { attributes }: XesMapping, contactId: string): string {
  if (attributes.customer === null) return contactId
  return safeId(
    required(
      trace.attributes.get(attributes.customer),
      trace.line,
      `trace has no ${attributes.customer}`,
    ),
  )
}

/** Logs keep a case's events in order, but the format does not promise it. Equal instants stay as they are in the file. */
function inTimeOrder(trace: XesTrace, mapping: XesMapping): { event: XesEvent; timeMs: number }[] {
  return trace.events
    .map((event) => ({ event, timeMs: timeOf(event, mapping) }))
    .toSorted((one, other) => one.timeMs - other.timeMs)
}

function timeOf(event: XesEvent, { attributes }: XesMapping): number {
  const text = required(
    event.attributes.get(attributes.time),
    event.line,
    `event has no ${attributes.time}`,
  )
  const timeMs = Date.parse(text)
  return Number.isNaN(timeMs)
    ? problem(event.line, `${JSON.stringify(text)} is not a time`)
    : timeMs
}

function required(value: string | undefined, line: number, message: string): string {
  return value === undefined || value === '' ? problem(line, message) : value
}

function problem(line: number, message: string): never {
  throw new CommandFailure(`malformed XES at line ${line}: ${message}`)
}

/** A part of ids: 1 to 128 characters without control characters; what is not becomes a hash of itself. */
function safeId(text: string): string {
  return text.length <= 128 && !/\p{Cc}/u.test(text)
    ? text
    : `sha256-${createHash('sha256').update(text).digest('hex')}`
}
