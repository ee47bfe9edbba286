import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A wall clock that processes started with `env` have instead of the machine's. */
export type ShiftedClock = {
  readonly env: Readonly<Record<string, string>>
  /** How far from the machine's it is from now on. */
  shift(ms: number): Promise<void>
}

export function shiftedClock(folder: string): ShiftedClock {
  const file = join(folder, 'clock')
  const preload = fileURLToPath(new URL('../../support/shifted-clock.mjs', import.meta.url))
  return {
    env: { NODE_OPTIONS: `--import ${preload}`, DESKPULSE_TEST_CLOCK_FILE: file },
    shift: (ms) => writeFile(file, String(ms)),
  }
}
