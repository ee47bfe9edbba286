import { daySubjectsKey, type Subject, subjectDaysKey } from '@deskpulse/core/state'
import { contactRetentionMs } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { ChangeSet } from './change-set.ts'
import { decodeJson, encodeJson } from './journal.ts'
import type { Tenant } from './tenant.ts'

/** A list is kept while a subject that has told something of its day may still know it, and a day longer. */
const keptDays = contactRetentionMs / dayMs + 1
/** A piece of a list that has so much takes no more: a store may write the whole of what something is appended to. */
const pieceBytesMax = 16 * 1024

/** `bytes`: of the last piece; what another worker wrote is full. */
type List = { pieces: number; bytes: number }

/** How many pieces the list of each day has, as it is stored under `subjectDaysKey`. */
export function subjectDaysIn(stored: Uint8Array | null): ReadonlyMap<number, number> {
  return new Map(stored === null ? [] : decodeJson<[utcDay: number, pieces: number][]>(stored))
}

/** Which subjects have told something that counts on a UTC day: lists that grow, one a day. Who reads one asks the subjects. */
export class SubjectDays {
  readonly #tenant: string
  readonly #lists = new Map<number, List>()
  readonly #told = new Map<number, Subject[]>()
  /** What is stored says otherwise. */
  #isChanged = false

  /** `stored`: under `subjectDaysKey`. */
  constructor(tenant: string, stored: Uint8Array | null) {
    this.#tenant = tenant
    for (const [utcDay, pieces] of subjectDaysIn(stored))
      this.#lists.set(utcDay, { pieces, bytes: Infinity })
  }

  tell(utcDay: number, subject: Subject): void {
    const subjects = this.#told.get(utcDay)
    if (subjects === undefined) this.#told.set(utcDay, [subject])
    else subjects.push(subject)
  }

  write(changes: ChangeSet, logTimeMs: EpochMs): void {
    const firstDay = Math.floor(logTimeMs / dayMs) - keptDays
    for (const [utcDay, subjects] of this.#told)
      if (utcDay >= firstDay) this.#append(utcDay, subjects, changes)
    this.#told.clear()
    for (const [utcDay, { pieces }] of this.#lists)
      if (utcDay < firstDay) this.#drop(utcDay, pieces, changes)
    if (this.#isChanged) changes.put(subjectDaysKey(this.#tenant), this.#encode())
    this.#isChanged = false
  }

  #append(utcDay: number, subjects: readonly Subject[], changes: ChangeSet): void {
    const text = Buffer.from(`${subjects.join('\n')}\n`, 'utf8')
    const list = this.#lists.getOrInsertComputed(utcDay, () => ({ pieces: 0, bytes: Infinity }))
    if (list.bytes > pieceBytesMax) {
      list.pieces += 1
      list.bytes = 0
      this.#isChanged = true
    }
    list.bytes += text.length
    changes.append(daySubjectsKey(this.#tenant, utcDay, list.pieces - 1), text)
  }

  #drop(utcDay: number, pieces: number, changes: ChangeSet): void {
    for (let piece = 0; piece < pieces; piece += 1)
      changes.put(daySubjectsKey(this.#tenant, utcDay, piece), null)
    this.#lists.delete(utcDay)
    this.#isChanged = true
  }

  #encode(): Uint8Array {
    const days = [...this.#lists].map(([utcDay, { pieces }]) => [utcDay, pieces] as const)
    return encodeJson(days.sort(([a], [b]) => a - b))
  }
}

/** The days of which a subject was told, as far as who holds it knows: one that was just loaded is told again, which does no harm. */
export class ToldDays {
  readonly #tenant: Tenant
  readonly subject: Subject
  readonly days: number[]
  /** Asked for last: mostly the next one, too. */
  #last = Number.NaN

  constructor(tenant: Tenant, subject: Subject, days: readonly number[] = []) {
    this.#tenant = tenant
    this.subject = subject
    this.days = [...days]
  }

  /** Something of the subject counts at that instant. */
  note(atMs: EpochMs): void {
    const utcDay = Math.floor(atMs / dayMs)
    if (utcDay === this.#last) return
    this.#last = utcDay
    if (this.days.includes(utcDay)) return
    this.days.push(utcDay)
    this.#tenant.subjectDays.tell(utcDay, this.subject)
  }
}
