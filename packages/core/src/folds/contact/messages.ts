import type { CanonicalEvent } from '../../events/event.ts'
import type { Received } from '../timeline/timeline.ts'

/** How many messages of the base are remembered by their id: an edit of an older one counts as a message of its own. */
export const baseMessagesMax = 1_000

/** What an event of a message is: the message, with the content that its last edit gave it, or an edit. */
export type MessagePart =
  { readonly kind: 'message'; readonly event: CanonicalEvent } | { readonly kind: 'edit' }

const none: ReadonlySet<string> = new Set()

type Known = { readonly first: CanonicalEvent; readonly last: CanonicalEvent }

/**
 * The messages of a contact by their `messageId` (semantics 6). A later event of the same id replaces content and visibility. The message keeps the time, the
 * place and the writer of its first event, so that an edit is no second answer.
 */
export class Messages {
  /** Messages with edits, of the events that were given at first. Others hold no event: it may be large. */
  readonly #edited = new Map<string, Known>()
  /** Messages whose first event is in the base. */
  readonly #inBase: ReadonlySet<string>
  readonly #ids: Set<string>

  /** `seenIds`: the `ids` of other messages, instead of the events: `append` tells which event edits one of them, `partOf` says nothing of that. */
  constructor(
    baseIds: readonly string[],
    events: readonly Received[],
    seenIds: readonly string[] = [],
  ) {
    this.#inBase = baseIds.length === 0 ? none : new Set(baseIds)
    const firsts = new Map<string, CanonicalEvent>()
    for (const { event } of events) {
      const id = messageIdOf(event)
      if (id === undefined) continue
      const first = firsts.get(id)
      if (first === undefined) firsts.set(id, event)
      else this.#edited.set(id, { first, last: event })
    }
    this.#ids = new Set([...seenIds, ...firsts.keys()])
  }

  /** Of all messages that an event could edit, those of the base included when one of their events is not in it. */
  get ids(): readonly string[] {
    return [...this.#ids]
  }

  /** Takes in an event that sorts behind all others. @returns whether it edits a message that was there: then the events are to be gone through anew. */
  append(event: CanonicalEvent): boolean {
    const id = messageIdOf(event)
    if (id === undefined) return false
    if (this.#ids.has(id)) return true
    this.#ids.add(id)
    return false
  }

  /** `event`: the very object that was given. `null`: the event stands for itself. */
  partOf(event: CanonicalEvent): MessagePart | null {
    const id = messageIdOf(event)
    if (id === undefined) return null
    if (this.#inBase.has(id)) return { kind: 'edit' }
    const known = this.#edited.get(id)
    if (known === undefined) return null
    return known.first === event
      ? { kind: 'message', event: withContentOf(known) }
      : { kind: 'edit' }
  }
}

function messageIdOf({ type, data }: CanonicalEvent): string | undefined {
  return type === 'message.sent' ? data.messageId : undefined
}

function withContentOf({ first, last }: Known): CanonicalEvent {
  const { visibility, automatic } = last.data
  return { ...first, data: { ...first.data, visibility, automatic } }
}

/** The ids to remember once `events` have gone into the base, oldest first. */
export function baseMessageIds(
  before: readonly string[],
  events: readonly Received[],
): readonly string[] {
  const ids = new Set(before)
  for (const { event } of events) {
    const id = messageIdOf(event)
    if (id !== undefined) ids.add(id)
  }
  return [...ids].slice(-baseMessagesMax)
}
