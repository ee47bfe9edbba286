import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** CPU time in ms that each child of this process has used so far, by a readable name. Empty where there is no /proc. */
export type CpuTimes = ReadonlyMap<string, number>

/** Linux counts CPU time in hundredths of a second for every program, whatever its kernel does inside. */
const tickMs = 10

export function cpuOfChildren(): CpuTimes {
  const times = new Map<string, number>()
  for (const pid of processIds()) {
    const stat = readProc(pid, 'stat')
    // After the name in parentheses: state, parent, … user time and system time as 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(fields[1]) !== process.pid) continue
    const name = nameOf(readProc(pid, 'cmdline').split('\0'))
    times.set(name, (times.get(name) ?? 0) + (Number(fields[11]) + Number(fields[12])) * tickMs)
  }
  return times
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]))
}

/** Most memory that a process ever had; `null` where there is no /proc. */
export function peakBytesOf(pid: number): number | null {
  const peak = /^VmHWM:\s*(?<kib>\d+) kB$/m.exec(readProc(String(pid), 'status'))?.groups?.['kib']
  return peak === undefined ? null : Number(peak) * 1_024
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
  const service = command.map((part) => /services\/(?<name>[^/]+)\/src\/main\.ts$/.exec(part)?.groups?.['name']).find(Boolean)
  return service ?? basename(command[1] ?? command[0] ?? '', '.ts')
}
