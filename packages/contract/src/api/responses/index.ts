export * from './explain.ts'
export * from './floor.ts'
export * from './health.ts'
export * from './kpis.ts'
export * from './scorecards.ts'
export {
  clockResponse,
  type KpiValue,
  kpiValueSchema,
  type LogClockResponse,
  type NullReason,
  nullReasons,
  type Unit,
  units,
  unitSchema,
} from './values.ts'
