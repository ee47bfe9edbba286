import type { CanonicalEvent, TenantConfig } from '@deskpulse/core'
import type { LogRecord } from '@deskpulse/stream'
import { foldLog, lettersOf, startWorker, type TestWorker } from '../../../services/aggregator/src/testing/fold-log.ts'
import type { OpenCase } from '../cases/case.ts'
import { recordsOf } from '../data/records.ts'
import { eventsOf, type Centers } from './centers.ts'

export type CentersFoldOptions = Partial<Centers> & {
  /** Over which the tenants are spread. */
  readonly partitions?: number
  /** Of all tenants, one after another: what of them is in a partition is a commit of it. So many events pass in the same time, however many partitions there are. */
  readonly eventsPerStep?: number
  readonly config?: TenantConfig
}

type Partition = { readonly worker: TestWorker; records: number }
type Commit = { readonly worker: TestWorker; readonly records: readonly LogRecord[] }

/** Before anything is measured: agents have signed in, and most contacts of the first minutes are closed. */
const settledMs = 10 * 60_000
/** But in a short run no more than so many times the events that are measured. */
const settlingRunsMax = 10

/** The partition fold of contact centers that go on from run to run: what is measured is neither their morning nor an empty store. Partitions take turns, as in one process. */
export function centersFold({ tenants = 1, agents = 200, partitions = 1, eventsPerStep = 100, config }: CentersFoldOptions): OpenCase {
  return async (count) => {
    const next = eventsOf({ tenants, agents })
    const options = config === undefined ? { partitions } : { partitions, configured: () => config }
    const all = Array.from({ length: partitions }, (): Partition => ({ worker: startWorker(options), records: 0 }))
    const commits = committer(all, eventsPerStep)

    const firsts = [next()]
    while (firsts.at(-1)!.timeMs < firsts[0]!.timeMs + settledMs && firsts.length < settlingRunsMax * count) firsts.push(next())
    await foldAll(commits(firsts))

    let prepared: readonly Commit[] = []
    return {
      async prepare() {
        prepared = commits(Array.from({ length: count }, next))
      },
      async run() {
        await foldAll(prepared)
        if (all.some(({ worker }) => lettersOf(worker.store).length > 0)) throw new Error('the fold refuses simulated events')
        return count
      },
    }
  }
}

async function foldAll(commits: readonly Commit[]): Promise<void> {
  for (const { worker, records } of commits) await foldLog(records, { worker })
}

/** Cuts events into commits. Tenants are dealt out to the partitions in the order in which they appear: each gets as many. */
function committer(partitions: readonly Partition[], eventsPerStep: number): (events: readonly CanonicalEvent[]) => Commit[] {
  const places = new Map<string, Partition>()
  const placeOf = ({ tenant }: CanonicalEvent): Partition =>
    places.getOrInsertComputed(tenant, () => partitions[places.size % partitions.length]!)
  return (events) => {
    const commits: Commit[] = []
    for (let at = 0; at < events.length; at += eventsPerStep) {
      for (const [partition, its] of Map.groupBy(events.slice(at, at + eventsPerStep), placeOf)) {
        const records = recordsOf(its, { fromOffset: partition.records })
        partition.records += records.length
        commits.push({ worker: partition.worker, records })
      }
    }
    return commits
  }
}
