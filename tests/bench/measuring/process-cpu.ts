import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** CPU time in ms that each child of this process has used so far, by a readable name. Empty where there is no /proc. */
export type CpuTimes = ReadonlyMap<string, number>

/** Linux counts CPU time in hundredths of a second for every program, whatever its kernel does inside. */
const tickMs = 10

export function cpuOfChildren(): CpuTimes {
  // User time and system time as 12th and 13th.
  return sumOfChildren((_pid, fields) => (Number(fields[11]) + Number(fields[12])) * tickMs)
}

/** Memory in bytes that each child of this process has now (its resident set), by a readable name. Empty where there is no /proc. */
export function memoryOfChildren(): ReadonlyMap<string, number> {
  return sumOfChildren((pid) => bytesOf(pid, 'VmRSS') ?? 0)
}

/** Children of one name together. */
function sumOfChildren(
  of: (pid: string, fields: readonly string[]) => number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const pid of processIds()) {
    const stat = readProc(pid, 'stat')
    // After the name in parentheses: state, parent, …
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(fields[1]) !== process.pid) continue
    const name = nameOf(readProc(pid, 'cmdline').split('\0'))
    sums.set(name, (sums.get(name) ?? 0) + of(pid, fields))
  }
  return sums
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]))
}

/** Most memory that a process ever had; `null` where there is no /proc. */
export const peakBytesOf = (pid: number): number | null => bytesOf(String(pid), 'VmHWM')

function bytesOf(pid: string, what: 'VmHWM' | 'VmRSS'): number | null {
  const kib = new RegExp(`^${what}:\\s*(\\d+) kB$`, 'm').exec(readProc(pid, 'status'))?.[1]
  return kib === undefined ? null : Number(kib) * 1_024
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

/** Empty when the process is gone. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** `services/aggregator/src/main.ts` → aggregator, `kafka.Kafka` → kafka, `redis-server …` → redis, `--application peer-1` → peer-1, `…/generator.ts` → generator. */
function nameOf(command: readonly string[]): string {
  if (command.includes('kafka.Kafka')) return 'kafka'
  if (command[0]?.includes('redis-server')) return 'redis'
  const application = command.indexOf('--application')
  if (application >= 0) return command[application + 1] ?? ''
  const service = command
    .map((part) => /services\/(?<name>[^/]+)\/src\/main\.ts$/.exec(part)?.groups?.['name'])
    .find(Boolean)
  return service ?? basename(command[1] ?? command[0] ?? '', '.ts')
}
