import { expect } from 'vitest'
import { done } from '../../support/deskpulse.ts'
import { differences } from '../../support/figures.ts'
import { startInstallation, type Installation } from '../../support/installation.ts'
import type { TestProcess } from '../../support/processes.ts'
import type { Service } from '../../support/services.ts'
import { simulatedShift, type Shift } from './shift.ts'

export const clusterPartitions = 4

/** A shift on Kafka and Redis with two aggregators, and what its figures are when nothing goes wrong. */
export type ShiftCluster = {
  readonly at: Installation
  readonly shift: Shift
  readonly services: readonly Service[]
  /** Starts to replay the shift for the tenants, with so many events a second for each. */
  replay(tenants: readonly string[], eventsPerSecond: number): readonly TestProcess[]
  /** Waits for the replays' end, and until all is counted. */
  expectSameFigures(tenants: readonly string[], replays: readonly TestProcess[]): Promise<void>
  /** The sum of a metric over the aggregators that answer. */
  overWorkers(metric: string, labels?: Readonly<Record<string, string>>): Promise<number>
  [Symbol.asyncDispose](): Promise<void>
}

/** `tenants`: those that will be replayed. */
export async function startShiftCluster(tenants: readonly string[]): Promise<ShiftCluster> {
  await using started = new AsyncDisposableStack()
  const shift = started.use(await simulatedShift())
  // Nothing is closed: what comes next is to be seen at once.
  const closing = { grace: '36500d' }
  const settings = { pseudonymise: { key: 'a secret of the tests' }, closing }
  const named = Object.fromEntries(['calm', ...tenants].map((tenant) => [tenant, settings]))
  const at = started.use(
    await startInstallation({ tenants: named, partitions: clusterPartitions, aggregators: 2 }),
  )

  await done(shift.replay('calm', at.ingest.url))
  await at.client.caughtUp('calm')
  const calm = await shift.figures(at.client, 'calm')
  expect(calm.values().reduce((sum, { count = 0 }) => sum + count, 0)).toBeGreaterThan(1_000)

  const running = started.move()
  return {
    at,
    shift,
    services: [at.ingest, ...at.aggregators, at.api],
    replay: (names, rate) =>
      names.map((tenant) => shift.replay(tenant, at.ingest.url, '--rate', String(rate))),
    async expectSameFigures(names, replays) {
      await Promise.all(replays.map(done))
      for (const tenant of names) {
        await at.caughtUp(tenant)
        expect(differences(await shift.figures(at.client, tenant), calm)).toEqual([])
      }
    },
    async overWorkers(metric, labels) {
      const scrapes = await Promise.allSettled(at.aggregators.map((worker) => worker.scrape()))
      return scrapes.reduce(
        (sum, result) =>
          sum + (result.status === 'fulfilled' ? result.value.sum(metric, labels) : 0),
        0,
      )
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
