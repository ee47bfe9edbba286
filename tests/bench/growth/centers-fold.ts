import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import {
  foldLog,
  lettersOf,
  recordOfEntries,
  startWorker,
  type TestWorker,
} from '../../../packages/engine/src/testing/fold-log.ts'
import type { OpenCase } from '../cases/case.ts'
import { recordsOf } from '../data/records.ts'
import { eventsOf, tenantsOf, type Centers } from './centers.ts'

export type CentersFoldOptions = Partial<Centers> & {
  /** Over which the tenants are spread. */
  readonly partitions?: number
  /** Of all tenants, one after another: what of them is in a partition is a commit of it. So many events pass in the same time, however many partitions there are. */
  readonly eventsPerStep?: number
  /** Of every tenant; the default unless said. */
  readonly config?: TenantConfig
}

type Partition = { readonly worker: TestWorker; records: number }
/** Of each tenant. */
type Places = ReadonlyMap<string, Partition>
type Commit = { readonly worker: TestWorker; readonly records: readonly LogRecord[] }

/** Before anything is measured: agents have signed in, and most contacts of the first minutes are closed. */
const settledMs = 10 * 60_000
/** But in a short run no more than so many times the events that are measured. */
const settlingRunsMax = 10

/** The partition fold of contact centers that go on from run to run: what is measured is neither their morning nor an empty store. Partitions take turns, as in one process. */
export function centersFold(options: CentersFoldOptions): OpenCase {
  const {
    tenants = 1,
    agents = 200,
    partitions = 1,
    eventsPerStep = 100,
    config = defaultTenantConfig,
  } = options
  return async (count) => {
    const next = eventsOf({ tenants, agents })
    const places = dealtOut(tenantsOf({ tenants }), partitions)
    const firsts = [next()]
    const { timeMs: startMs } = firsts[0]!
    while (firsts.at(-1)!.timeMs < startMs + settledMs && firsts.length < settlingRunsMax * count)
      firsts.push(next())
    await foldAll([
      ...configured(places, config, startMs),
      ...cutInCommits(firsts, places, eventsPerStep),
    ])

    let prepared: readonly Commit[] = []
    return {
      async prepare() {
        prepared = cutInCommits(Array.from({ length: count }, next), places, eventsPerStep)
      },
      async run() {
        await foldAll(prepared)
        if (places.values().some(({ worker }) => lettersOf(worker.store).length > 0))
          throw new Error('the fold refuses simulated events')
        return count
      },
    }
  }
}

async function foldAll(commits: readonly Commit[]): Promise<void> {
  for (const { worker, records } of commits) await foldLog(records, { worker })
}

/** Each partition has as many tenants as another, or one more. */
function dealtOut(tenants: readonly string[], partitions: number): Places {
  const all = Array.from({ length: partitions }, (): Partition => ({
    worker: startWorker({ partitions }),
    records: 0,
  }))
  return new Map(tenants.map((tenant, place) => [tenant, all[place % partitions]!]))
}

/** A commit for each tenant, which brings its configuration. */
function configured(places: Places, config: TenantConfig, atMs: EpochMs): Commit[] {
  const bytes = encodeConfigEntry(configEntry(config, null))
  return [...places].map(([tenant, partition]) => {
    const record = recordOfEntries(partition.records, atMs, [
      { tenant, kind: entryKinds.config, bytes },
    ])
    partition.records += 1
    return { worker: partition.worker, records: [record] }
  })
}

function cutInCommits(
  events: readonly CanonicalEvent[],
  places: Places,
  eventsPerStep: number,
): Commit[] {
  const commits: Commit[] = []
  for (let at = 0; at < events.length; at += eventsPerStep) {
    const step = events.slice(at, at + eventsPerStep)
    for (const [partition, its] of Map.groupBy(step, ({ tenant }) => places.get(tenant)!)) {
      const records = recordsOf(its, { fromOffset: partition.records })
      partition.records += records.length
      commits.push({ worker: partition.worker, records })
    }
  }
  return commits
}
