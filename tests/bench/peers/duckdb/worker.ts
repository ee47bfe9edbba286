// DuckDB, a process of its own: the events' file as an argument; `poll` loads it and computes every KPI, and each `rows` tells what it found.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { nowMs } from '../../measuring/clock.ts'

/** Of @duckdb/node-api, which is installed when the peers are asked for, what is used here. */
type DuckDb = {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> }
}
type Connection = {
  run(sql: string, values?: Readonly<Record<string, string>>): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRowObjectsJS(): unknown[] }>
}

/** A slice in a bucket of a minute, a quarter-hour or a day. */
export type KpiRow = {
  readonly tenant: string
  readonly slice: string
  readonly bucketMs: number
  readonly startMs: number
  readonly opened: number
  readonly resolved: number
  readonly replies: number
  readonly sumMs: number
  readonly within: number
  /** Of the durations themselves, by nearest rank. */
  readonly p50Ms: number | null
  readonly p90Ms: number | null
  readonly p99Ms: number | null
}

export type Polled = {
  readonly loadedMs: number
  readonly doneMs: number
  /** CPU time of the process so far, its start included. */
  readonly loadCpuMs: number
  readonly cpuMs: number
  readonly peakBytes: number
  readonly rows: number
}

const [file = ''] = process.argv.slice(2)
const module: string = '@duckdb/node-api'
const { DuckDBInstance } = (await import(module)) as DuckDb
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const sqlOf = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `${name}.sql`), 'utf8')
let rows: KpiRow[] = []

const cpuMsNow = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

async function poll(): Promise<Polled> {
  await connection.run(sqlOf('load'), { file })
  const [loadedMs, loadCpuMs] = [nowMs(), cpuMsNow()]
  rows = (await connection.runAndReadAll(sqlOf('kpis'))).getRowObjectsJS() as KpiRow[]
  const peakBytes = process.resourceUsage().maxRSS * 1_024
  return { loadedMs, doneMs: nowMs(), loadCpuMs, cpuMs: cpuMsNow(), peakBytes, rows: rows.length }
}

process.on('message', (order: 'poll' | 'rows') => {
  if (order === 'rows') process.send?.(rows)
  else void poll().then((polled) => process.send?.(polled))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
