import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { partitionOf } from '@deskpulse/stream'
import { done, startDeskpulse } from '../support/deskpulse.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import type { TestProcess } from '../support/processes.ts'
import type { Service } from '../support/services.ts'
import { until } from '../support/until.ts'
import { expectTheRightFigures, figuresOf, hasHelpdeskFile, helpdeskFile, helpdeskTenant, type Figures } from './helpdesk/figures.ts'

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
function startReplays(at: Installation, names: readonly string[], ...options: readonly string[]): readonly TestProcess[] {
  const overHttp = ['--url', at.ingest.url]
  const overKafka = ['--brokers', at.brokers, '--topic-prefix', at.topicPrefix]
  return names.map((tenant, n) =>
    startDeskpulse('replay', helpdeskFile, '--tenant', tenant, ...(n % 2 === 0 ? overHttp : overKafka), ...options),
  )
}

/** @returns how many events they sent. */
async function allSent(replays: readonly TestProcess[]): Promise<number> {
  const summaries = await Promise.all(replays.map(done))
  return summaries.reduce((sum, text) => sum + Number(/^(?:accepted|sent) +(\d+)$/m.exec(text)?.[1]), 0)
}

const folded = async (worker: Service): Promise<number> => (await worker.scrape()).sum('deskpulse_entries_folded_total')
const owned = async (worker: Service): Promise<number> => (await worker.scrape()).sum('deskpulse_partitions_owned')

/** Ends the worker that has folded most since `before`, which owns partitions of tenants under replay, and starts it again. */
async function killAnOwner(workers: readonly Service[], entries: number): Promise<void> {
  const before = await Promise.all(workers.map(folded))
  const busiest = await until(
    'a worker folds',
    async () => {
      const progress = await Promise.all(workers.map(async (worker, n) => ({ worker, entries: (await folded(worker)) - before[n]! })))
      return progress.toSorted((a, b) => b.entries - a.entries)[0]!
    },
    (most) => most.entries >= entries,
  )
  expect(await owned(busiest.worker)).toBeGreaterThan(0)
  await busiest.worker.end('SIGKILL')
  await busiest.worker.start()
}

describe.skipIf(!hasHelpdeskFile)('the help desk log on Kafka and Redis, with two aggregators and four tenants that each get it', () => {
  let at: Installation
  let sent = 0

  beforeAll(async () => {
    at = await startInstallation({ tenants, partitions, aggregators: 2 })
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  /** When all that was sent is counted. */
  async function figuresNow(names: readonly string[]): Promise<readonly Figures[]> {
    const accepted = async (): Promise<number> => (await at.ingest.scrape()).sum('deskpulse_events_accepted_total')
    await until('ingest has forwarded the raw topic', accepted, (count) => count >= sent)
    await Promise.all(names.map((tenant) => at.desk.caughtUp(tenant)))
    sent += names.length // Of the markers.
    return Promise.all(names.map((tenant) => figuresOf(at.desk, tenant)))
  }

  let once: Figures

  test('gives exactly the right figures for every tenant, though the owner of a partition is killed twice on the way', async () => {
    const replays = startReplays(at, forward, '--rate', '600')
    await killAnOwner(at.aggregators, 2_000)
    await killAnOwner(at.aggregators, 2_000)
    expect(replays.map((replay) => replay.hasEnded())).toEqual(forward.map(() => false))
    sent += await allSent(replays)
    const [first, ...others] = await figuresNow(forward)
    once = first!
    await expectTheRightFigures(once)
    for (const other of others) expect(other).toEqual(once)
  })

  test('gives the same figures when it was replayed a second time', async () => {
    sent += await allSent(startReplays(at, forward))
    for (const figures of await figuresNow(forward)) expect(figures).toEqual(once)
  })

  test('gives the same figures when it comes in reverse', async () => {
    sent += await allSent(startReplays(at, reverse, '--reverse'))
    for (const figures of await figuresNow(reverse)) expect(figures).toEqual(once)
  })
})
