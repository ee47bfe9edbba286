import type { RowSubject } from '@deskpulse/contract'
import { parseSubject, type Subject } from '@deskpulse/core/state'
import { type Grain, keyOfRow, type Row } from '@deskpulse/core/subjects'
import type { RowChanged } from '../partition/measure-deltas.ts'

export type ToldRow = { readonly subject: RowSubject; readonly row: Row }

type Held = { readonly subject: Subject; readonly row: Row }

/** The rows that a replay's subjects have told by now, as far as they are wanted. What is past its lifetime stays as it was last told. */
export class TenantRows {
  readonly #isWanted: (row: Row) => boolean
  readonly #grains = new Map<Grain, Map<string, Held>>()

  constructor(isWanted: (row: Row) => boolean = () => true) {
    this.#isWanted = isWanted
  }

  readonly changed: RowChanged = (subject, { row, sign }) => {
    if (!this.#isWanted(row)) return
    const rows = this.#grains.getOrInsertComputed(row.grain, () => new Map<string, Held>())
    const place = `${subject} ${keyOfRow(row)}`
    if (sign === 1) rows.set(place, { subject, row })
    else rows.delete(place)
  }

  get size(): number {
    return this.#grains.values().reduce((sum, { size }) => sum + size, 0)
  }

  /** Those of a grain, by subject and key: their order follows from the rows alone. */
  *of(grain: Grain): Generator<ToldRow> {
    const rows = this.#grains.get(grain) ?? new Map<string, Held>()
    for (const place of [...rows.keys()].sort()) {
      const { subject, row } = rows.get(place)!
      yield { subject: rowSubjectOf(subject), row }
    }
  }

  /** Those of all grains, one grain after the other. */
  *all(): Generator<ToldRow> {
    for (const grain of [...this.#grains.keys()].sort()) yield* this.of(grain)
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
    case 'contracts':
      return { kind: 'contracts', id: parsed.tenant }
    default:
      throw new RangeError(`a subject that tells no rows: ${subject}`)
  }
}
