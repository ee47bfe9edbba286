import { daySubjectsKey, type Subject, subjectDaysKey } from '@deskpulse/core/state'
import { contactRetentionMs } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { ChangeSet } from './change-set.ts'
import { decodeJson, encodeJson } from './journal.ts'
import type { Tenant } from './tenant.ts'

/** A list is kept while a subject that has told something of its day may still know it, and a day longer. */
const keptDays = contactRetentionMs / dayMs + 1

/** Which subjects have told something that counts on a UTC day: lists that grow, one a day. Who reads one asks the subjects. */
export class SubjectDays {
  readonly #tenant: string
  /** Days that have a list. */
  readonly #days: Set<number>
  readonly #told = new Map<number, Subject[]>()

  /** `stored`: under `subjectDaysKey`. */
  constructor(tenant: string, stored: Uint8Array | null) {
    this.#tenant = tenant
    this.#days = new Set(stored === null ? [] : decodeJson<number[]>(stored))
  }

  tell(utcDay: number, subject: Subject): void {
    const subjects = this.#told.get(utcDay)
    if (subjects === undefined) this.#told.set(utcDay, [subject])
    else subjects.push(subject)
  }

  write(changes: ChangeSet, logTimeMs: EpochMs): void {
    const firstDay = Math.floor(logTimeMs / dayMs) - keptDays
    const before = this.#days.size
    let isChanged = false
    for (const [utcDay, subjects] of this.#told) {
      if (utcDay < firstDay) continue
      this.#days.add(utcDay)
      changes.append(
        daySubjectsKey(this.#tenant, utcDay),
        Buffer.from(`${subjects.join('\n')}\n`, 'utf8'),
      )
    }
    this.#told.clear()
    isChanged = this.#days.size !== before
    for (const utcDay of this.#days) {
      if (utcDay >= firstDay) continue
      this.#days.delete(utcDay)
      changes.put(daySubjectsKey(this.#tenant, utcDay), null)
      isChanged = true
    }
    if (isChanged)
      changes.put(subjectDaysKey(this.#tenant), encodeJson([...this.#days].sort((a, b) => a - b)))
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
