export type { Column, ColumnKind, Columns } from './column.ts'
export { flatPlaces, flatRow, flatThresholds, type RowSubject } from './flatten.ts'
export { kpiSql } from './kpi-sql.ts'
export { flatRowSchema, flatRowSchemas } from './schema.ts'
export {
  columnsOfTable,
  type FlatRow,
  type FlatRowOf,
  type RowTable,
  rowTableNames,
} from './tables.ts'
