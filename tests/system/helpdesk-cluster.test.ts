import { afterAll, beforeAll, describe, test } from 'vitest'
import { partitionOf } from '@deskpulse/stream'
import { done, startDeskpulse } from '../support/deskpulse.ts'
import type { PeriodRow } from '../support/client.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import type { TestProcess } from '../support/processes.ts'
import type { Service } from '../support/services.ts'
import { until } from '../support/until.ts'
import {
  expectSameFigures,
  expectTheRightFigures,
  hasHelpdeskFile,
  helpdeskFile,
  helpdeskTenant,
  rowsOf,
} from './helpdesk/figures.ts'

const partitions = 4

/** One tenant in each partition, so that every worker owns some. */
function spreadTenants(name: string): readonly string[] {
  const found = new Map<number, string>()
  for (let n = 1; found.size < partitions; n++) {
    const partition = partitionOf(`${name}-${n}`, partitions)
    if (!found.has(partition)) found.set(partition, `${name}-${n}`)
  }
  return [...found.values()]
}

const forward = spreadTenants('forward')
const reverse = spreadTenants('reverse')
const settings = { ...helpdeskTenant, pseudonymise: { key: 'a secret of the tests' } }
const tenants = Object.fromEntries([...forward, ...reverse].map((tenant) => [tenant, settings]))

/** Half of the tenants over HTTP, half straight to Kafka. */
function startReplays(
  at: Installation,
  names: readonly string[],
  ...options: readonly string[]
): readonly TestProcess[] {
  const overHttp = ['--url', at.ingest.url]
  const overKafka = ['--brokers', at.brokers, '--topic-prefix', at.topicPrefix]
  return names.map((tenant, n) =>
    startDeskpulse(
      'replay',
      helpdeskFile,
      '--tenant',
      tenant,
      ...(n % 2 === 0 ? overHttp : overKafka),
      ...options,
    ),
  )
}

interface Progress {
  readonly folded: number
  readonly owned: number
  /** Records of its partitions that it has not committed. */
  readonly behind: number
}

async function progressOf(worker: Service): Promise<Progress> {
  const metrics = await worker.scrape()
  return {
    folded: metrics.sum('deskpulse_entries_folded_total'),
    owned: metrics.sum('deskpulse_partitions_owned'),
    behind: metrics.sum('deskpulse_log_lag_records'),
  }
}

/**
 * Ends the worker that has folded most since this began, and starts it again. It owns partitions, and
 * more is to be folded: `replays` run, or what they sent waits. A worker that has just given its
 * partitions back in a rebalance is waited for.
 */
async function killAnOwner(
  workers: readonly Service[],
  replays: readonly TestProcess[],
  entries: number,
): Promise<void> {
  const before = await Promise.all(workers.map(progressOf))
  const busiest = await until(
    'a worker folds what it owns',
    async () => {
      const progress = await Promise.all(
        workers.map(async (worker, n) => {
          const { folded, owned, behind } = await progressOf(worker)
          const onTheWay = behind > 0 || replays.some((replay) => !replay.hasEnded())
          return { worker, owned, onTheWay, entries: folded - before[n]!.folded }
        }),
      )
      return progress.toSorted((a, b) => b.entries - a.entries)[0]!
    },
    (most) => most.entries >= entries && most.owned > 0 && most.onTheWay,
    { withinMs: 400_000 },
  )
  await busiest.worker.end('SIGKILL')
  await busiest.worker.start()
}

/** A quarter of a million events, on a machine that has other tests to run. */
const timeout = 900_000

describe.skipIf(!hasHelpdeskFile)(
  'the help desk log on Kafka and Redis, with two aggregators and four tenants that each get it',
  { timeout },
  () => {
    let at: Installation

    beforeAll(async () => {
      at = await startInstallation({ tenants, partitions, aggregators: 2 })
    })
    afterAll(() => at?.[Symbol.asyncDispose]())

    /** When all that was sent is counted. */
    async function rowsAfter(
      replays: readonly TestProcess[],
      names: readonly string[],
    ): Promise<readonly (readonly PeriodRow[])[]> {
      await Promise.all(replays.map(done))
      return Promise.all(
        names.map(async (tenant) => {
          await at.caughtUp(tenant)
          return rowsOf(at.client, tenant)
        }),
      )
    }

    let once: readonly PeriodRow[]

    test('gives exactly the right figures for every tenant, though the owner of a partition is killed twice on the way', async () => {
      // Half of them begin after the first end, so that there is as much to fold before the second.
      const early = startReplays(at, forward.slice(0, 2), '--rate', '300')
      await killAnOwner(at.aggregators, early, 2_000)
      const late = startReplays(at, forward.slice(2), '--rate', '300')
      await killAnOwner(at.aggregators, late, 2_000)
      const [first, ...others] = await rowsAfter([...early, ...late], forward)
      once = first!
      await expectTheRightFigures(once)
      for (const rows of others) expectSameFigures(rows, once)
    })

    test('gives the same figures when it was replayed a second time', async () => {
      for (const rows of await rowsAfter(startReplays(at, forward), forward))
        expectSameFigures(rows, once)
    })

    test('gives the same figures when it comes in reverse', async () => {
      for (const rows of await rowsAfter(startReplays(at, reverse, '--reverse'), reverse))
        expectSameFigures(rows, once)
    })
  },
)
