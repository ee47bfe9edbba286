import type { RowSubject } from '@deskpulse/contract'
import { parseSubject, type Subject } from '@deskpulse/core/state'
import { keyOfRow, type Row } from '@deskpulse/core/subjects'
import type { RowChanged } from '../partition/measure-deltas.ts'

export type ToldRow = { readonly subject: RowSubject; readonly row: Row }

/** The rows that a replay's subjects have told by now, as far as they are wanted. What is past its lifetime stays as it was last told. */
export class TenantRows {
  readonly #isWanted: (row: Row) => boolean
  readonly #rows = new Map<string, { readonly subject: Subject; readonly row: Row }>()

  constructor(isWanted: (row: Row) => boolean = () => true) {
    this.#isWanted = isWanted
  }

  readonly changed: RowChanged = (subject, { row, sign }) => {
    if (!this.#isWanted(row)) return
    const place = `${subject} ${keyOfRow(row)}`
    if (sign === 1) this.#rows.set(place, { subject, row })
    else this.#rows.delete(place)
  }

  get size(): number {
    return this.#rows.size
  }

  /** In an order that follows from the rows alone: by subject and key. */
  *all(): Generator<ToldRow> {
    for (const place of [...this.#rows.keys()].sort()) {
      const { subject, row } = this.#rows.get(place)!
      yield { subject: rowSubjectOf(subject), row }
    }
  }
}

/** Whose rows a subject's are. */
function rowSubjectOf(subject: Subject): RowSubject {
  const parsed = parseSubject(subject)
  switch (parsed.kind) {
    case 'contact':
    case 'customer':
      return { kind: parsed.kind, id: parsed.id }
    case 'agent-day':
      return { kind: 'agent', id: parsed.id }
    case 'own-id':
      return { kind: parsed.of, id: parsed.id }
    default:
      throw new RangeError(`a subject that tells no rows: ${subject}`)
  }
}
