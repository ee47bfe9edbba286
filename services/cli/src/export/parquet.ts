import {
  type Column,
  type ColumnKind,
  columnsOfTable,
  type FlatRow,
  type RowTable,
} from '@deskpulse/contract'

const rowsPerGroup = 50_000

const types = {
  text: 'STRING',
  instant: 'TIMESTAMP',
  ms: 'INT64',
  count: 'INT64',
  flag: 'BOOLEAN',
} as const satisfies Record<ColumnKind, string>

/** Writes the records of a table: instants as timestamps in UTC with milliseconds, durations and counts as 64-bit integers. At most one group of rows is in memory. */
export async function writeParquet(
  file: string,
  table: RowTable,
  records: Iterable<FlatRow>,
): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer') // Where it is asked for alone.
  const columns = Object.entries(columnsOfTable(table))
  await parquetWriteRows({
    writer: fileWriter(file),
    rows: rowsOf(columns, records),
    columns: columns.map(([name, { kind, isOptional }]) => ({
      ...{ name, type: types[kind], nullable: isOptional },
    })),
    rowGroupSize: rowsPerGroup,
    createdBy: 'deskpulse',
  })
}

function* rowsOf(
  columns: readonly (readonly [string, Column])[],
  records: Iterable<FlatRow>,
): Generator<Record<string, unknown>> {
  for (const record of records) {
    const cells = Object.values(record) as Cell[]
    yield Object.fromEntries(
      columns.map(([name, { kind }], at) => [name, cellOf(kind, cells[at]!)]),
    )
  }
}

type Cell = string | number | boolean | null

function cellOf(kind: ColumnKind, cell: Cell): unknown {
  if (cell === null) return null
  if (kind === 'instant') return new Date(cell as string)
  return kind === 'ms' || kind === 'count' ? BigInt(cell) : cell
}
