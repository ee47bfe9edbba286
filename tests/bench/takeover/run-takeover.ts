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
  /** Of each run: from the signal until readers see every partition past the moment of it. */
  readonly gapsMs: readonly number[]
}

export type TakeoverOptions = { readonly runs: number; readonly onRound?: (text: string) => void }

/** How long values stand still when one of two aggregators ends. Nothing but heartbeats is sent: a takeover costs the same with them. */
export async function runTakeovers({ runs, onRound = () => {} }: TakeoverOptions): Promise<readonly Takeover[]> {
  const all: Takeover[] = []
  for (const each of partitionsEach) {
    const partitions = 2 * each
    const tenants = oneOfEach(partitions)
    const named = Object.fromEntries(tenants.map((tenant) => [tenant, { customersArePseudonyms: true }]))
    await using at = await startInstallation({ tenants: named, partitions, aggregators: 2 })
    for (const signal of ways) {
      const gapsMs: number[] = []
      for (let run = 0; run < runs; run += 1) {
        onRound(`${signal} with ${each} partitions each: ${run + 1} of ${runs}`)
        gapsMs.push(await gapOf(at, at.aggregators[run % 2]!, signal, tenants, each))
      }
      all.push({ partitionsEach: each, signal, gapsMs })
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

async function gapOf(at: Installation, ending: Service, signal: NodeJS.Signals, tenants: readonly string[], each: number): Promise<number> {
  const owned = (of: Service) => of.scrape().then((page) => page.sum('deskpulse_partitions_owned'))
  const share = (counts: readonly number[]): boolean => counts.every((count) => count === each)
  await until('both own their share', () => Promise.all(at.aggregators.map(owned)), share, patience)
  await seenPast(at, tenants, Date.now())
  const endedMs = Date.now()
  ending.process().signal(signal)
  await seenPast(at, tenants, endedMs)
  const gapMs = Date.now() - endedMs
  await ending.end('SIGKILL')
  await ending.start()
  return gapMs
}

/** Returns when values of every tenant are of `momentMs` or later. */
async function seenPast(at: Installation, tenants: readonly string[], momentMs: number): Promise<void> {
  const isPast = ({ asOf }: { readonly asOf: string }): boolean => Date.parse(asOf) >= momentMs
  await Promise.all(tenants.map((tenant) => until(`${tenant} goes on`, () => at.desk.waiting(tenant), isPast, patience)))
}

const patience = { withinMs: 60_000, everyMs: 20 }
