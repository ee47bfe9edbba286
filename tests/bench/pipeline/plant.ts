import { startInstallation, type Installation } from '../../support/installation.ts'
import { startWorker, type Worker } from '../measuring/worker.ts'
import type { Load, Order, Prepared, Sent } from './generator.ts'
import { tenantsOf } from './lanes.ts'

export const partitions = 4

/** Everything that a run needs, as processes of their own: Kafka, Redis, ingest, one aggregator, api, and the load generator. */
export type Plant = Installation & {
  readonly logTopic: string
  prepare(load: Load): Promise<Prepared>
  /** Sends what was prepared. */
  go(): Promise<Sent>
}

/** `runs`: names of all runs to come; each gets tenants of its own, since a configuration names them from the start. */
export async function startPlant(runs: readonly string[]): Promise<Plant> {
  const names = runs.flatMap((run) => tenantsOf(run, partitions))
  const tenants = Object.fromEntries(names.map((name) => [name, { customersArePseudonyms: true }]))
  await using started = new AsyncDisposableStack()
  const installation = started.use(await startInstallation({ tenants, partitions, aggregators: 1 }))
  const generator: Worker<Order, Prepared | Sent> = await startWorker('pipeline/generator.ts', [])
  started.defer(() => generator.end())
  const running = started.move()
  return {
    ...installation,
    logTopic: `${installation.topicPrefix}.log`,
    prepare: async (load) => (await generator.ask({ kind: 'prepare', load })) as Prepared,
    go: async () => (await generator.ask({ kind: 'go' })) as Sent,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
