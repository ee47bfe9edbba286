import { cpuBetween, cpuOfChildren, type CpuTimes } from '../measuring/process-cpu.ts'
import type { Prepared } from './generator.ts'
import { dueAtMs, tenantsOf } from './lanes.ts'
import { lastSeenMs, latencies, observe } from './observer.ts'
import { partitions, type Plant } from './plant.ts'
import type { Target } from './target.ts'

export type LoadRun = {
  readonly events: number
  readonly bytes: number
  /** From the first event's due time until the API shows the last one. */
  readonly wallMs: number
  /** From the first event's due time until the target had all. */
  readonly acceptedMs: number
  readonly cpu: CpuTimes
  /** Of each opening of a contact, from when it was due until the API showed it. */
  readonly latenciesMs: readonly number[]
}

export type LoadOptions = {
  /** Names the tenants of this run. */
  readonly run: string
  readonly events: number
  /** Over all tenants, of events that happen as they are sent; `null`: history, as fast as ingest takes it. */
  readonly perSecond: number | null
  /** Where it goes, and where it is read; unless said, ingest and the API. */
  readonly to?: Target
  readonly readUrl?: string
}

/** One load through the whole pipeline, watched by a reader. */
export async function runLoad(plant: Plant, options: LoadOptions): Promise<LoadRun> {
  const {
    run,
    events,
    perSecond,
    to = { kind: 'ingest', url: plant.ingest.url },
    readUrl = plant.api.url,
  } = options
  const tenants = tenantsOf(run, partitions)
  const rate = perSecond === null ? null : perSecond / tenants.length
  const eventsPerTenant = Math.ceil(events / tenants.length)
  const prepared = await plant.prepare({ to: [to], tenants, eventsPerTenant, perSecond: rate })
  const before = cpuOfChildren()
  const observer = observe(readUrl, openedIn(prepared))
  const [sightings, { startMs, endMs }] = await Promise.all([observer.done, plant.go()])
  const cpu = cpuBetween(before, cpuOfChildren())

  const latenciesMs = Object.entries(prepared.openings).flatMap(([tenant, places]) => {
    const due = places.map((place) => dueAtMs(startMs, place, rate ?? Infinity))
    return latencies(due, sightings.get(tenant)!)
  })
  return {
    events: prepared.events,
    bytes: prepared.bytes,
    wallMs: lastSeenMs(sightings) - startMs,
    acceptedMs: endMs - startMs,
    cpu,
    latenciesMs,
  }
}

/** How many contacts of each tenant are opened by what was prepared. */
export const openedIn = ({ openings }: Prepared): ReadonlyMap<string, number> =>
  new Map(Object.entries(openings).map(([tenant, places]) => [tenant, places.length]))
