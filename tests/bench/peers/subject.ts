import type { Plant } from '../pipeline/plant.ts'
import type { Target } from '../pipeline/target.ts'

/** One that counts the events and answers with the figures: Deskpulse, or a peer of the same form. */
export type Subject = {
  readonly name: string
  /** Where a live load goes, and where `contacts_opened` is read. */
  readonly to: Target
  readonly url: string
  /** Forgets everything; it does not run. */
  clear(): Promise<void>
  /** Starts its worker; resolves when figures can be read. */
  start(): Promise<void>
  end(): Promise<void>
  pid(): number
  /** Names in the times of CPU: its worker, and the processes that store and answer beside it. The broker is everybody's. */
  processes(): { readonly worker: string; readonly beside: readonly string[] }
}

/** The aggregator, with Redis and the api. */
export function deskpulse(plant: Plant): Subject {
  const aggregator = plant.aggregators[0]!
  return {
    name: 'Deskpulse',
    to: { kind: 'ingest', url: plant.ingest.url },
    url: plant.api.url,
    async clear() {
      await plant.redis.kill()
      await plant.redis.start()
    },
    start: () => aggregator.start({ withinMs: 600_000 }),
    end: async () => void (await aggregator.end('SIGTERM')),
    pid: () => aggregator.process().pid,
    processes: () => ({ worker: 'aggregator', beside: ['redis', 'api'] }),
  }
}
