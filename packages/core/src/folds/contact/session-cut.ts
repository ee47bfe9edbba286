import type { TenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import type { Received } from '../timeline/timeline.ts'
import type { Messages } from './messages.ts'
import { newContactState, type ContactState } from './state.ts'

/**
 * Sessions of a thread (semantics 8). A thread is a conversation that lasts, under one id: its source says so (configuration). It is cut where its customer
 * comes back.
 */
export function isOfThread({ threadSources }: TenantConfig, { source }: CanonicalEvent): boolean {
  return threadSources.length > 0 && threadSources.includes(source)
}

/** Events with which a session may begin: its opening, or a message of the customer. */
export function mayBeginSession(config: TenantConfig, event: CanonicalEvent): boolean {
  const { type, data } = event
  const isAsked = type === 'message.sent' && data.from === 'customer'
  return (isAsked || type === 'contact.opened') && isOfThread(config, event)
}

/** Whether another session begins with the event: the one before is over, or has long been silent. An opening says so itself, as soon as that one is over. */
export function beginsSession(
  { startedMs, phase, overSinceMs, publicMs }: ContactState,
  config: TenantConfig,
  event: CanonicalEvent,
): boolean {
  const { timeMs: atMs, type } = event
  if (startedMs === null || atMs <= startedMs || !mayBeginSession(config, event)) return false
  if (phase === 'open') return publicMs !== null && atMs - publicMs > config.idleGapMs
  return type === 'contact.opened' || atMs - overSinceMs! > config.returnGapMs
}

/** What another session knows from the one before: whose thread it is and where. What it is about, and who has it, is its own. */
export function nextSession(before: ContactState): ContactState {
  const { session, channel, queue, customerId, attributes } = before
  const { shop } = attributes
  return {
    ...newContactState(),
    ...{ session: session + 1, channel, queue, customerId },
    firstQueue: queue,
    inheritsQueue: queue !== null,
    attributes: shop === undefined ? {} : { shop },
  }
}

/**
 * Clocks of one second, or two clocks: who gets the session is told just before the message that begins it, with nothing between. The assignment is of the
 * session that begins. `null`: there is none.
 */
export function assignedAhead(
  { justAssigned, owner }: ContactState,
  { clockSkewMs }: TenantConfig,
  event: CanonicalEvent,
): CanonicalEvent | null {
  if (justAssigned === null || owner === null) return null
  if (event.timeMs - justAssigned.atMs > clockSkewMs) return null
  return { ...event, type: 'contact.assigned', data: { agentId: owner } }
}

/** A session that was silent for so long is over: by the message that begins the next one. */
export function silence(event: CanonicalEvent): CanonicalEvent {
  return { ...event, type: 'contact.ended', data: { by: 'system' } }
}

/**
 * The opening of the contact, wherever it stands: its first one. In a thread one that stands behind an end, or a long silence, is that of a later session.
 * `null`: there is none.
 */
export function openingIn(
  events: Iterable<Pick<Received, 'event'>>,
  messages: Messages,
  configAt: (atMs: number) => TenantConfig,
): CanonicalEvent | null {
  let [publicMs, hasEnded] = [Infinity, false]
  for (const { event } of events) {
    const { type, timeMs } = event
    const part = messages.partOf(event)
    if (part?.kind === 'edit') continue
    const config = configAt(timeMs)
    const isSilent = timeMs - publicMs > config.idleGapMs
    if ((isSilent || hasEnded) && mayBeginSession(config, event)) return null
    if (type === 'contact.opened') return event
    hasEnded ||= endings.has(type)
    if (isOfThread(config, event) && isPublicMessage(part?.event ?? event)) publicMs = timeMs
  }
  return null
}

export function isPublicMessage({ type, data }: CanonicalEvent): boolean {
  return type === 'message.sent' && data.visibility !== 'private'
}

const endings: ReadonlySet<string> = new Set([
  'contact.resolved',
  'contact.closed',
  'contact.ended',
  'contact.abandoned',
])
