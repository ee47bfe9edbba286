export type { Column, ColumnKind, Columns } from './column.ts'
export { customerKinds, withShownCustomers } from './customers.ts'
export { flatRow, type RowSubject } from './flatten.ts'
export { flatPlaces, flatThresholds } from './flatten-parts.ts'
export { kpiSql } from './kpi-sql.ts'
export { flatRowSchema, flatRowSchemas } from './schema.ts'
export {
  columnsOfTable,
  type FlatRow,
  type FlatRowOf,
  type RowTable,
  rowTableNames,
} from './tables.ts'
