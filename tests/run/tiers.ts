export type Tier = {
  readonly name: string
  readonly include: readonly string[]
  readonly exclude?: readonly string[]
  /** Test files under way at once. */
  readonly workers: number
  readonly timeoutMs: number
}

/** What computes needs no limit of its own: this one ends what hangs. */
const computingMs = 900_000

const chaos = 'tests/chaos/chaos.test.ts'
const adapters = ['packages/kafka/**/*.test.ts', 'packages/redis/**/*.test.ts']

/** Keep the processor busy. In the order in which they run: the quick ones first. */
const busy: readonly Tier[] = [
  {
    name: 'unit',
    include: [
      'packages/**/*.test.ts',
      'services/**/*.test.ts',
      'tests/{checks,run,support,mutate,fuzz}/**/*.test.ts',
      'tests/bench/*.test.ts',
      'tests/chaos/**/*.test.ts',
    ],
    exclude: [...adapters, chaos],
    workers: 2,
    timeoutMs: computingMs,
  },
  {
    name: 'oracle',
    include: ['tests/oracle/**/*.test.ts'],
    workers: 2,
    timeoutMs: computingMs,
  },
  { name: 'api', include: ['tests/api/**/*.test.ts'], workers: 1, timeoutMs: 180_000 },
  { name: 'browser', include: ['tests/browser/**/*.test.ts'], workers: 1, timeoutMs: 120_000 },
]

/** Wait for servers most of the time: they start, are away, come back. */
const waiting: readonly Tier[] = [
  { name: 'adapters', include: adapters, workers: 1, timeoutMs: 60_000 },
  {
    name: 'system',
    include: [
      'tests/system/**/*.test.ts',
      'tests/scenarios/**/*.test.ts',
      'tests/differential/**/*.test.ts',
      'tests/bench/{pipeline,soak}/*.test.ts',
    ],
    workers: 2,
    timeoutMs: 180_000,
  },
  { name: 'chaos', include: [chaos], workers: 1, timeoutMs: 900_000 },
  // It computes, on one core: it is here so that both lanes end at about the same time.
  {
    name: 'simulation',
    include: ['tests/simulation/**/*.test.ts'],
    workers: 1,
    timeoutMs: computingMs,
  },
]

/** How long a test waits for a state that has to come, in ms, unless it says otherwise. No speed is asserted by it: a busy machine may take its time. */
export const patienceMs = 30_000

/** Run side by side; the tiers of one lane run one after another. */
export const lanes: readonly (readonly Tier[])[] = [busy, waiting]
