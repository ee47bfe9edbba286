import { DatabaseSync } from 'node:sqlite'
import {
  columnsOfTable,
  type FlatRow,
  flatPlaces,
  flatRow,
  flatThresholds,
  type RowTable,
  rowTableNames,
} from '@deskpulse/contract'
import type { ToldRow } from '@deskpulse/engine'

const types = {
  text: 'TEXT',
  instant: 'TEXT',
  ms: 'INTEGER',
  count: 'INTEGER',
  flag: 'INTEGER',
} as const

/** The tables of rows (docs/rows.md) in SQLite, as one who loads an export has them. */
export function rowDatabase(rows: Iterable<ToldRow>): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  const insert = {} as Record<RowTable, (row: FlatRow) => void>
  for (const name of rowTableNames) {
    const columns = Object.entries(columnsOfTable(name))
    const typed = columns.map(([column, { kind }]) => `"${column}" ${types[kind]}`)
    database.exec(`CREATE TABLE "${name}" (${typed.join(', ')})`)
    const places = columns.map(() => '?').join(', ')
    const statement = database.prepare(`INSERT INTO "${name}" VALUES (${places})`)
    insert[name] = (row) => {
      const cells = Object.values(row)
      statement.run(...cells.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)))
    }
  }
  database.exec('BEGIN')
  for (const { subject, row } of rows)
    for (const flat of [
      flatRow(subject, row),
      ...flatThresholds(subject, row),
      ...flatPlaces(subject, row),
    ])
      insert[flat.grain](flat)
  database.exec('COMMIT')
  // Every query asks for a time. Without these it would go through the whole table each time.
  for (const name of rowTableNames)
    for (const [column, { kind }] of Object.entries(columnsOfTable(name)))
      if (kind === 'instant')
        database.exec(`CREATE INDEX "${name} ${column}" ON "${name}" ("${column}")`)
  return database
}
