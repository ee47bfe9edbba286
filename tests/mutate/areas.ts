/** What is mutated: where a slip would change a value, an order or an alert. */
export const areas = {
  core: ['packages/core/src/**/*.ts'],
  contract: ['packages/contract/src/{events,entries}/**/*.ts'],
  stream: ['packages/stream/src/**/*.ts'],
  engine: ['packages/engine/src/**/*.ts'],
  aggregator: ['services/aggregator/src/**/*.ts'],
  alerter: ['services/alerter/src/{book,delivery,partition}/**/*.ts'],
} as const
export type Area = keyof typeof areas
export const areaNames = Object.keys(areas) as Area[]

/** Tests and what helps them, doors that only re-export, and texts. */
export const notMutated = [
  ...[
    '**/*.test.ts',
    '**/*.test-support.ts',
    '**/*.fixture.ts',
    '**/*.crash.ts',
    '**/testing/**',
    '**/contract-suites/**',
  ],
  ...['**/index.ts', '**/doors/*.ts', '**/main.ts', '**/words.ts', '**/texts.ts'],
]
