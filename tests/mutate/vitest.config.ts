import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { patienceMs } from '../run/tiers.ts'

/** As they are given: the quickest first. */
class AsGiven {
  readonly shard = <Files>(files: Files): Files => files
  readonly sort = <Files>(files: Files): Files => files
}

/** The quick tiers in one project and one process, which has what a mutant does not touch at hand: one after another they are asked many times. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: ['{packages,services,tests}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    bail: 1,
    sequence: { sequencer: AsGiven },
    setupFiles: [
      'tests/support/patience.ts',
      'tests/support/property-seed.ts',
      'tests/mutate/switch.ts',
    ],
    expect: { poll: { timeout: patienceMs } },
    testTimeout: 120_000,
  },
})
