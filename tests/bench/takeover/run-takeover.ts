import { partitionOf } from '@deskpulse/stream'
import { startInstallation, type Installation } from '../../support/installation.ts'
import type { Service } from '../../support/services.ts'
import { until } from '../../support/until.ts'

/** Of each of two aggregators, before one of them ends. */
export const partitionsEach = [1, 3, 12] as const
const ways = ['SIGKILL', 'SIGTERM'] as const

export type Takeover = {
  readonly partitionsEach: number
  readonly signal: (typeof ways)[number]
  /** Of each run: how old the values of a partition became at most, as readers saw them. */
  readonly oldestMs: readonly number[]
}

export type TakeoverOptions = { readonly runs: number; readonly onRound?: (text: string) => void }

/** How long values stand still when one of two aggregators ends. Nothing but heartbeats is sent: a takeover costs the same with them. */
export async function runTakeovers({
  runs,
  onRound = () => {},
}: TakeoverOptions): Promise<readonly Takeover[]> {
  const all: Takeover[] = []
  for (const each of partitionsEach) {
    const partitions = 2 * each
    const tenants = oneOfEach(partitions)
    const named = Object.fromEntries(
      tenants.map((tenant) => [tenant, { customersArePseudonyms: true }]),
    )
    await using at = await startInstallation({ tenants: named, partitions, aggregators: 2 })
    for (const signal of ways) {
      const oldestMs: number[] = []
      for (let run = 0; run < runs; run += 1) {
        onRound(`${signal} with ${each} partitions each: ${run + 1} of ${runs}`)
        oldestMs.push(await oldestAfter(at, at.aggregators[run % 2]!, signal, tenants, each))
      }
      all.push({ partitionsEach: each, signal, oldestMs })
    }
  }
  return all
}

/** A tenant in each partition. */
function oneOfEach(partitions: number): readonly string[] {
  const found = new Map<number, string>()
  for (let number = 0; found.size < partitions; number += 1) {
    const tenant = `tenant-${number}`
    const partition = partitionOf(tenant, partitions)
    if (!found.has(partition)) found.set(partition, tenant)
  }
  return [...found.values()]
}

async function oldestAfter(
  at: Installation,
  ending: Service,
  signal: NodeJS.Signals,
  tenants: readonly string[],
  each: number,
): Promise<number> {
  const owned = (of: Service) => of.scrape().then((page) => page.sum('deskpulse_partitions_owned'))
  const share = (counts: readonly number[]): boolean => counts.every((count) => count === each)
  await until('both own their share', () => Promise.all(at.aggregators.map(owned)), share, patience)
  let hasEnded = false
  const ages = tenants.map((tenant) => oldestOf(at, tenant, () => hasEnded))
  await ending.end(signal)
  hasEnded = true
  const oldestMs = Math.max(...(await Promise.all(ages)))
  await ending.start()
  return oldestMs
}

/** How old values of a tenant became, until they are of a moment after the end. */
async function oldestOf(
  at: Installation,
  tenant: string,
  hasEnded: () => boolean,
): Promise<number> {
  let endedMs = Infinity
  let oldestMs = 0
  const look = async (): Promise<number> => {
    const { asOf } = await at.client.waiting(tenant)
    const asOfMs = Date.parse(asOf)
    oldestMs = Math.max(oldestMs, Date.now() - asOfMs)
    if (hasEnded()) endedMs = Math.min(endedMs, Date.now())
    return asOfMs
  }
  await until(`${tenant} goes on`, look, (asOfMs) => asOfMs >= endedMs, patience)
  return oldestMs
}

const patience = { withinMs: 60_000, everyMs: 20 }
