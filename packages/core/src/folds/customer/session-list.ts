import { RowSet } from '../../subjects/row-set.ts'
import type { EpochMs } from '../../time/time.ts'
import { repeatedRow, type Resolution, type Session } from './session.ts'

type Opened = Session & { readonly openedMs: EpochMs }
type Solved = Opened & { readonly resolution: Resolution }

const isOpened = (session: Session): session is Opened => session.openedMs !== null
const isSolved = (session: Session): session is Solved =>
  isOpened(session) && session.resolution !== null

/**
 * The sessions of a customer, and the rows of those that were not solved at first contact although they seemed to be (semantics 20): the same customer opened another
 * contact within the window after the resolution (up to exactly its end), on the same topic or where either has none. What is told of one is compared with those that
 * this window holds, and with no other: thousands of contacts may have one customer.
 */
export class SessionList {
  readonly rows = new RowSet()
  readonly #byContact = new Map<string, Session>()
  /** In order of their openings. */
  readonly #opened: Opened[]
  /** Those of them that were solved, in order of their resolutions. */
  readonly #solved: Solved[]
  /** The longest window that a resolution ever had. */
  #windowMaxMs = 0

  /** What these tell is committed. */
  constructor(sessions: Iterable<Session> = []) {
    for (const session of sessions) this.#byContact.set(session.contactId, session)
    this.#opened = [...this.#byContact.values()].filter(isOpened).toSorted(byOpening)
    this.#solved = this.#opened.filter(isSolved).toSorted(byResolution)
    for (const session of this.#solved) {
      this.#windowMaxMs = Math.max(this.#windowMaxMs, session.resolution.windowMs)
      this.#decide(session)
    }
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
    if (isSolved(session)) {
      insert(this.#solved, session, byResolution)
      this.#windowMaxMs = Math.max(this.#windowMaxMs, session.resolution.windowMs)
    }
    this.#decide(session)
    if (before?.openedMs === session.openedMs && before.topic === session.topic) return
    if (before !== undefined) this.#decideAgain(before, (row) => row !== undefined)
    this.#decideAgain(session, (row) => row === undefined)
  }

  /** Its contact has taken it back. */
  remove(contactId: string): void {
    const before = this.get(contactId)
    if (before === undefined) return
    this.rows.remove(keyOf(before))
    this.#drop(before)
    this.#decideAgain(before, (row) => row !== undefined)
  }

  /**
   * Lets go of sessions that no later change can concern: the first ones, by opening, whose contacts are past their lifetime; their rows stay counted. One that an
   * earlier, living contact may be repeated by stays. `ended`: of those that are not in that order.
   */
  forgetSettled(final: ReadonlySet<string>, ended: Iterable<string>): readonly Session[] {
    const firstLiving = this.#opened.findIndex(({ contactId }) => !final.has(contactId))
    const first = firstLiving === -1 ? this.#opened : this.#opened.slice(0, firstLiving)
    const alone = [...ended].flatMap((contactId) => {
      const session = this.get(contactId)
      return session?.openedMs === null && final.has(contactId) ? [session] : []
    })
    const settled = [...first, ...alone]
    for (const session of settled) {
      this.rows.forget(keyOf(session))
      this.#drop(session)
    }
    return settled
  }

  #drop(session: Session): void {
    this.#byContact.delete(session.contactId)
    this.#takeOut(session)
  }

  #takeOut(session: Session): void {
    if (isOpened(session)) this.#opened.splice(placeOf(this.#opened, session, byOpening), 1)
    if (isSolved(session)) this.#solved.splice(placeOf(this.#solved, session, byResolution), 1)
  }

  /** Those that an opening may repeat, as far as it can change something: of one that came those that are not repeated, of one that went the others. */
  #decideAgain({ openedMs }: Session, isOpen: (row: unknown) => boolean): void {
    if (openedMs === null) return
    const from = firstPlace(
      this.#solved,
      (one) => one.resolution.atMs >= openedMs - this.#windowMaxMs,
    )
    for (let place = from; place < this.#solved.length; place += 1) {
      const session = this.#solved[place]!
      if (session.resolution.atMs >= openedMs) return
      if (isOpen(this.rows.get(keyOf(session)))) this.#decide(session)
    }
  }

  #decide(session: Session): void {
    if (isSolved(session) && this.#isRepeated(session)) this.rows.put(repeatedRow(session))
    else this.rows.remove(keyOf(session))
  }

  #isRepeated({ contactId, topic, resolution: { atMs, windowMs } }: Solved): boolean {
    const from = firstPlace(this.#opened, ({ openedMs }) => openedMs > atMs)
    for (let place = from; place < this.#opened.length; place += 1) {
      const other = this.#opened[place]!
      if (other.openedMs > atMs + windowMs) return false
      const isSame = other.topic === undefined || topic === undefined || other.topic === topic
      if (isSame && other.contactId !== contactId) return true
    }
    return false
  }
}

const keyOf = ({ contactId }: Session): string => `session/${contactId}`

type Order<One> = (a: One, b: One) => number

const byId = (a: Session, b: Session): number =>
  a.contactId === b.contactId ? 0 : a.contactId < b.contactId ? -1 : 1
const byOpening: Order<Opened> = (a, b) => a.openedMs - b.openedMs || byId(a, b)
const byResolution: Order<Solved> = (a, b) => a.resolution.atMs - b.resolution.atMs || byId(a, b)

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
