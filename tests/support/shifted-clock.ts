/**
 * Loaded into a process before anything else (`--import`): its wall clock is off by what a file says, read again and again, and the machine's boot has the
 * name that the file gives it. The monotonic clock goes on as it does.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

export type ClockFile = { readonly offMs: number; readonly boot: string }

const file = process.env['SHIFTED_CLOCK_FILE'] ?? ''
const bootFile = '/proc/sys/kernel/random/boot_id'
const read = fs.readFileSync
const RealDate = Date
const realNow = Date.now.bind(Date)
let shift: ClockFile = { offMs: 0, boot: 'boot' }

function look(): void {
  try {
    shift = JSON.parse(read(file, 'utf8')) as ClockFile
  } catch {
    // It is being written: the next look finds it.
  }
}
look()
setInterval(look, 20).unref()

const now = (): number => realNow() + shift.offMs
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[]) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
})
fs.readFileSync = ((path: string, ...rest: unknown[]) =>
  path === bootFile
    ? shift.boot
    : (read as (...args: unknown[]) => unknown)(path, ...rest)) as typeof fs.readFileSync
syncBuiltinESMExports()
