import type { CanonicalEvent } from '../../events/event.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { identityHash } from './identity.ts'
import { compareEvents } from './order.ts'

/** How long after its receipt an event may still be put before, in log time: what is older is the base. */
export const reorderHorizonMs = 3 * dayMs
/** A timeline past this many retained events refuses more: one subject must not take a worker's memory. */
export const timelineEventsMax = 50_000
/** From so many events on, identities stand in a table; before, one looks at the hash of each. */
const tableFrom = 512

/**
 * An accepted event with the log time of its entry, and its canonical text, by which repeats are told from conflicts. `event` may be decoded from it only
 * when it is asked for.
 */
export type Received = {
  readonly event: CanonicalEvent
  readonly receivedMs: EpochMs
  readonly text: string
}

export type Insertion =
  /** At `index`; the last place is a single step of the fold, any other rewinds. `replaced`: the conflicting event that it takes the place of. */
  | { readonly kind: 'inserted'; readonly index: number; readonly replaced: Received | null }
  /** The same identity and content again. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly code: 'id-conflict' | 'before-base' | 'timeline-full' }

/**
 * Retained events of one subject, in the order of `compareEvents`, without repeats. The log time at which each was received decides
 * what may still be re-ordered, so that acceptance depends on the log alone and not on batches.
 */
export class Timeline {
  #events: Received[]
  /** `identityHash` of each event. */
  readonly #identities: number[]
  /** Last event that is folded into the stored base; what does not sort after it is refused. */
  #baseLast: CanonicalEvent | null
  /** `null`: they are few. */
  #byIdentity: Map<string, Received> | null = null

  /** `identities`: those of another timeline, whose `events` these are: they are in order, and no event is looked at. */
  constructor(
    baseLast: CanonicalEvent | null = null,
    events: readonly Received[] = [],
    identities: readonly number[] | null = null,
  ) {
    this.#baseLast = baseLast
    this.#events = [...events]
    if (identities === null) this.#events.sort((a, b) => compareEvents(a.event, b.event))
    this.#identities =
      identities === null ? this.#events.map(({ event }) => identityHash(event)) : [...identities]
    if (events.length >= tableFrom) this.#byIdentity = tableOf(this.#events)
  }

  get events(): readonly Received[] {
    return this.#events
  }

  get identities(): readonly number[] {
    return this.#identities
  }

  get baseLast(): CanonicalEvent | null {
    return this.#baseLast
  }

  /** Judged by `receivedMs`, the log time of the entry that brings the event. */
  insert(received: Received): Insertion {
    const { event, receivedMs } = received
    const base = this.baseLength(receivedMs)
    const last = base > 0 ? this.#events[base - 1]!.event : this.#baseLast
    if (last !== null && compareEvents(event, last) <= 0)
      return { kind: 'refused', code: 'before-base' }
    const known = this.#known(event)
    // An identity inside the base is forgotten, whether or not its event is still in memory.
    if (known === undefined || (last !== null && compareEvents(known.event, last) <= 0)) {
      if (this.#events.length >= timelineEventsMax)
        return { kind: 'refused', code: 'timeline-full' }
      return { kind: 'inserted', index: this.#place(received), replaced: null }
    }
    if (known.text === received.text) return { kind: 'repeated' }
    if (!winsOver(received, known)) return { kind: 'refused', code: 'id-conflict' }
    this.#take(known)
    return { kind: 'inserted', index: this.#place(received), replaced: known }
  }

  /** The held event of this identity, if it may still be taken out at `nowMs`: what is beyond the horizon stays. */
  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    const known = this.#known(event)
    if (known === undefined) return null
    const base = this.baseLength(nowMs)
    return base > 0 && compareEvents(known.event, this.#events[base - 1]!.event) <= 0 ? null : known
  }

  /** Takes a held event out: another one of its identity, of another subject, wins over it. */
  remove(held: Received): void {
    this.#take(held)
    this.#byIdentity?.delete(identityOf(held.event))
  }

  /** Length of the longest prefix of events that were received more than the horizon before `nowMs`. */
  baseLength(nowMs: EpochMs): number {
    const oldest = nowMs - reorderHorizonMs
    let length = 0
    while (length < this.#events.length && this.#events[length]!.receivedMs < oldest) length += 1
    return length
  }

  /** Takes the first `count` events out, into the base. */
  dropBase(count: number): void {
    const dropped = this.#events.splice(0, count)
    this.#identities.splice(0, count)
    for (const received of this.#byIdentity === null ? [] : dropped) {
      const identity = identityOf(received.event)
      // The identity may have come again, beyond the base: then it belongs to that event.
      if (this.#byIdentity!.get(identity) === received) this.#byIdentity!.delete(identity)
    }
    this.#baseLast = dropped.at(-1)?.event ?? this.#baseLast
  }

  /** Where an identity came again, beyond the base, it is that event's. */
  #known(event: CanonicalEvent): Received | undefined {
    if (this.#byIdentity !== null) return this.#byIdentity.get(identityOf(event))
    const identity = identityHash(event)
    return this.#events.findLast(
      (known, place) => this.#identities[place] === identity && isSameIdentity(known.event, event),
    )
  }

  #take(held: Received): void {
    const place = this.#events.indexOf(held)
    this.#events.splice(place, 1)
    this.#identities.splice(place, 1)
  }

  #place(received: Received): number {
    if (this.#byIdentity === null && this.#events.length + 1 >= tableFrom)
      this.#byIdentity = tableOf(this.#events)
    this.#byIdentity?.set(identityOf(received.event), received)
    const index = this.#placeOf(received.event)
    putAt(this.#events, index, received)
    putAt(this.#identities, index, identityHash(received.event))
    return index
  }

  /** Behind all that do not sort after it; most events are the last. */
  #placeOf(event: CanonicalEvent): number {
    let to = this.#events.length
    if (to === 0 || compareEvents(this.#events[to - 1]!.event, event) <= 0) return to
    for (let from = 0; from < to;) {
      const middle = (from + to) >> 1
      if (compareEvents(this.#events[middle]!.event, event) > 0) to = middle
      else from = middle + 1
    }
    return to
  }
}

function tableOf(events: readonly Received[]): Map<string, Received> {
  return new Map(events.map((received) => [identityOf(received.event), received]))
}

function identityOf({ source, id }: Pick<CanonicalEvent, 'source' | 'id'>): string {
  return `${source}\n${id}` // Neither holds a control character.
}

/** Most places are the last, which is cheaper than any other. */
function putAt<One>(list: One[], place: number, one: One): void {
  if (place === list.length) list.push(one)
  else list.splice(place, 0, one)
}

const isSameIdentity = (a: CanonicalEvent, b: CanonicalEvent): boolean =>
  a.id === b.id && a.source === b.source

/** The smaller (time, content) stays, whichever came first. */
export function winsOver(challenger: Received, known: Received): boolean {
  if (challenger.event.timeMs !== known.event.timeMs)
    return challenger.event.timeMs < known.event.timeMs
  return compareTexts(challenger.text, known.text) < 0
}

/** By code points, as their UTF-8 would be compared byte by byte. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const difference = rankOfUnit(a.charCodeAt(at)) - rankOfUnit(b.charCodeAt(at))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all others, but below U+E000 among the units of UTF-16. */
function rankOfUnit(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
