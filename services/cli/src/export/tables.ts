import { type FlatRow, flatRow, flatThresholds, type RowTable } from '@deskpulse/contract'
import type { Grain } from '@deskpulse/core/subjects'
import type { TenantRows } from '@deskpulse/engine'

/** Whose rows a table is made of: what replies say of thresholds is in a table of its own. */
export const grainOf = (table: RowTable): Grain => (table === 'reply-threshold' ? 'reply' : table)

/** The records of a table, by subject and key. */
export function* recordsOf(table: RowTable, rows: TenantRows): Generator<FlatRow> {
  for (const { subject, row } of rows.of(grainOf(table))) {
    if (table === 'reply-threshold') yield* flatThresholds(subject, row)
    else yield flatRow(subject, row)
  }
}
