import {
  type FlatRow,
  flatPlaces,
  flatRow,
  flatThresholds,
  type RowTable,
} from '@deskpulse/contract'
import type { Grain } from '@deskpulse/core/subjects'
import type { TenantRows } from '@deskpulse/engine'

/** Whose rows a table is made of: what a row has several of is in a table of its own. */
export function grainOf(table: RowTable): Grain {
  if (table === 'reply-threshold') return 'reply'
  if (table === 'pass-threshold') return 'pass'
  if (table === 'agent-day-place') return 'agent-day'
  return table === 'customer-period-place' ? 'customer-period' : table
}

/** The records of a table, by subject and key. */
export function* recordsOf(table: RowTable, rows: TenantRows): Generator<FlatRow> {
  for (const { subject, row } of rows.of(grainOf(table))) {
    if (table === 'reply-threshold' || table === 'pass-threshold')
      yield* flatThresholds(subject, row)
    else if (table === 'customer-period-place' || table === 'agent-day-place')
      yield* flatPlaces(subject, row)
    else yield flatRow(subject, row)
  }
}
