import { RowSet } from '../../subjects/row-set.ts'
import { keyOfSession } from '../../subjects/session-id.ts'
import type { EpochMs } from '../../time/time.ts'
import { type Opening, repeatedRow, repeatRow, type Resolution, type Session } from './session.ts'

type Opened = Session & { readonly opened: Opening }
type Resolved = Opened & { readonly resolution: Resolution }

const isOpened = (session: Session): session is Opened => session.opened !== null
const isResolved = (session: Session): session is Resolved =>
  isOpened(session) && session.resolution !== null

/**
 * The sessions of a customer, and the rows of those with which the customer came back (semantics 20, 21): one was opened within the window after the first resolution of
 * another one (up to exactly its end), on the same topic or where either has none. The one that came is a `repeat`; the one before, if it seemed to be solved at first
 * contact, was not. What is told of one is compared with those that this window holds, and with no other: thousands of contacts may have one customer.
 */
export class SessionList {
  readonly rows = new RowSet()
  readonly #byContact = new Map<string, Session>()
  /** In order of their openings. */
  readonly #opened: Opened[]
  /** Those of them that were resolved, in order of their first resolutions. */
  readonly #resolved: Resolved[]
  /** The longest window that a resolution ever had. */
  #windowMaxMs = 0

  /** What these tell is committed. */
  constructor(sessions: Iterable<Session> = []) {
    for (const session of sessions) this.#byContact.set(session.contactId, session)
    this.#opened = [...this.#byContact.values()].filter(isOpened).toSorted(byOpening)
    this.#resolved = this.#opened.filter(isResolved).toSorted(byResolution)
    for (const { resolution } of this.#resolved) this.#widen(resolution)
    for (const session of this.#opened) this.#decide(session)
    this.rows.takeChanges()
  }

  get size(): number {
    return this.#byContact.size
  }

  get(contactId: string): Session | undefined {
    return this.#byContact.get(contactId)
  }

  /** In the order in which they were first told. */
  values(): Iterable<Session> {
    return this.#byContact.values()
  }

  /** It replaces what was told of the contact before. */
  put(session: Session): void {
    const before = this.get(session.contactId)
    this.#byContact.set(session.contactId, session)
    if (before !== undefined) this.#takeOut(before)
    if (isOpened(session)) insert(this.#opened, session, byOpening)
    if (isResolved(session)) {
      insert(this.#resolved, session, byResolution)
      this.#widen(session.resolution)
    }
    this.#decide(session)
    const isSameTopic = before?.topic === session.topic
    if (!isSameTopic || before?.opened?.atMs !== session.opened?.atMs) {
      if (before !== undefined) this.#openingWent(before)
      this.#openingCame(session)
    }
    if (!isSameTopic || !equalWindows(before, session)) {
      if (before !== undefined) this.#resolutionWent(before)
      this.#resolutionCame(session)
    }
  }

  /** Its contact has taken it back. */
  remove(contactId: string): void {
    const before = this.get(contactId)
    if (before === undefined) return
    this.rows.remove(repeatedKey(before))
    this.rows.remove(repeatKey(before))
    this.#drop(before)
    this.#openingWent(before)
    this.#resolutionWent(before)
  }

  /**
   * Lets go of sessions that no later change can concern: the first ones, by opening, whose contacts are past their lifetime; their rows stay counted. One that a
   * living contact may repeat, or may be repeated by, stays.
   */
  forgetSettled(final: ReadonlySet<string>): readonly Session[] {
    const livingMs =
      this.#opened.find(({ contactId }) => !final.has(contactId))?.opened.atMs ?? Infinity
    const firstKept = this.#opened.findIndex(
      ({ contactId, resolution }) =>
        !final.has(contactId) || (resolution !== null && windowEndMs(resolution) >= livingMs),
    )
    const first = firstKept === -1 ? this.#opened : this.#opened.slice(0, firstKept)
    const alone = [...final].flatMap((contactId) => {
      const session = this.get(contactId)
      return session?.opened === null ? [session] : []
    })
    const settled = [...first, ...alone]
    for (const session of settled) {
      this.rows.forget(repeatedKey(session))
      this.rows.forget(repeatKey(session))
      this.#drop(session)
    }
    return settled
  }

  #widen({ windowMs }: Resolution): void {
    this.#windowMaxMs = Math.max(this.#windowMaxMs, windowMs)
  }

  #drop(session: Session): void {
    this.#byContact.delete(session.contactId)
    this.#takeOut(session)
  }

  #takeOut(session: Session): void {
    if (isOpened(session)) this.#opened.splice(placeOf(this.#opened, session, byOpening), 1)
    if (isResolved(session))
      this.#resolved.splice(placeOf(this.#resolved, session, byResolution), 1)
  }

  /** It may repeat those that are not repeated yet. */
  #openingCame(session: Session): void {
    if (!isOpened(session)) return
    for (const one of this.#resolvedBefore(session))
      if (this.rows.get(repeatedKey(one)) === undefined) this.#decideRepeated(one)
  }

  #openingWent(session: Session): void {
    if (!isOpened(session)) return
    for (const one of this.#resolvedBefore(session))
      if (this.rows.get(repeatedKey(one)) !== undefined) this.#decideRepeated(one)
  }

  /** Those after it may repeat it. */
  #resolutionCame(session: Session): void {
    if (!isResolved(session)) return
    for (const one of this.#openedAfter(session))
      if (this.rows.get(repeatKey(one)) === undefined) this.#decideRepeat(one)
  }

  #resolutionWent(session: Session): void {
    if (!isResolved(session)) return
    for (const one of this.#openedAfter(session))
      if (this.rows.get(repeatKey(one)) !== undefined) this.#decideRepeat(one)
  }

  #decide(session: Session): void {
    this.#decideRepeated(session)
    this.#decideRepeat(session)
  }

  #decideRepeated(session: Session): void {
    if (isResolved(session) && session.resolution.isSolved && this.#isRepeated(session))
      this.rows.put(repeatedRow(session))
    else this.rows.remove(repeatedKey(session))
  }

  #decideRepeat(session: Session): void {
    if (isOpened(session) && this.#repeats(session)) this.rows.put(repeatRow(session))
    else this.rows.remove(repeatKey(session))
  }

  #isRepeated(session: Resolved): boolean {
    for (const other of this.#openedAfter(session)) if (repeats(other, session)) return true
    return false
  }

  #repeats(session: Opened): boolean {
    for (const other of this.#resolvedBefore(session)) if (repeats(session, other)) return true
    return false
  }

  /** In the window after its resolution. */
  *#openedAfter({ resolution }: Resolved): Generator<Opened> {
    const endMs = windowEndMs(resolution)
    const from = firstPlace(this.#opened, ({ opened }) => opened.atMs > resolution.atMs)
    for (let place = from; place < this.#opened.length; place += 1) {
      const other = this.#opened[place]!
      if (other.opened.atMs > endMs) return
      yield other
    }
  }

  /** So shortly before it was opened that a window may reach it. */
  *#resolvedBefore({ opened: { atMs } }: Opened): Generator<Resolved> {
    const from = firstPlace(
      this.#resolved,
      ({ resolution }) => resolution.atMs >= atMs - this.#windowMaxMs,
    )
    for (let place = from; place < this.#resolved.length; place += 1) {
      const other = this.#resolved[place]!
      if (other.resolution.atMs >= atMs) return
      yield other
    }
  }
}

/** It was opened in the window of the other one. */
function repeats(
  { contactId, topic, opened: { atMs } }: Opened,
  { resolution, ...other }: Resolved,
): boolean {
  const isSame = topic === undefined || other.topic === undefined || topic === other.topic
  const isWithin = resolution.atMs < atMs && atMs <= windowEndMs(resolution)
  return isSame && isWithin && contactId !== other.contactId
}

const windowEndMs = ({ atMs, windowMs }: Resolution): EpochMs => (atMs + windowMs) as EpochMs

/** One that nothing opened has none, even when it was resolved. */
const windowOf = (session: Session | undefined): Resolution | null =>
  session !== undefined && isResolved(session) ? session.resolution : null

function equalWindows(before: Session | undefined, after: Session): boolean {
  const [a, b] = [windowOf(before), windowOf(after)]
  return a?.atMs === b?.atMs && a?.windowMs === b?.windowMs
}

const repeatedKey = ({ contactId }: Session): string => keyOfSession('session', contactId)
const repeatKey = ({ contactId }: Session): string => keyOfSession('repeat', contactId)

type Order<One> = (a: One, b: One) => number

const byId = (a: Session, b: Session): number =>
  a.contactId === b.contactId ? 0 : a.contactId < b.contactId ? -1 : 1
const byOpening: Order<Opened> = (a, b) => a.opened.atMs - b.opened.atMs || byId(a, b)
const byResolution: Order<Resolved> = (a, b) => a.resolution.atMs - b.resolution.atMs || byId(a, b)

/** Of a list in which `holds` is false, and then true. */
function firstPlace<One>(list: readonly One[], holds: (one: One) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(list[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

const placeOf = <One>(list: readonly One[], one: One, order: Order<One>): number =>
  firstPlace(list, (other) => order(other, one) >= 0)

function insert<One>(list: One[], one: One, order: Order<One>): void {
  list.splice(placeOf(list, one, order), 0, one)
}
