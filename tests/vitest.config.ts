import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { lanes, patienceMs } from './run/tiers.ts'

/** One project per tier; `tests/run/main.ts` runs each in a vitest of its own. */
export default defineConfig({
  test: {
    projects: lanes.flat().map((tier) => ({
      test: {
        name: tier.name,
        root: resolve(import.meta.dirname, '..'),
        include: [...tier.include],
        exclude: ['**/node_modules/**', ...(tier.exclude ?? [])],
        pool: 'forks',
        maxWorkers: tier.workers,
        fileParallelism: tier.workers > 1,
        setupFiles: ['tests/support/patience.ts', 'tests/support/property-seed.ts'],
        expect: { poll: { timeout: patienceMs } },
        testTimeout: tier.timeoutMs,
        hookTimeout: Math.max(tier.timeoutMs, 60_000),
      },
    })),
  },
})
