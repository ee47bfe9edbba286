import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem, type } from 'node:os'
import { numberText } from './format.ts'

const load = (): string => loadavg().map(numberText).join(', ')

/** Where and when; the load average says whether the machine was shared. Ask for `loadBefore` before anything is measured. */
export function machineLine(loadBefore: string, startedAt: Date): string {
  const all = cpus()
  const machine = `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${numberText(totalmem() / 1e9)} GB, ${type()}`
  return `${startedAt.toISOString().slice(0, 16)}Z · ${machine} · Node ${process.version} · load average before ${loadBefore}, after ${load()}`
}

export const loadNow = load

/** Of the project. */
export const version = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
).version
