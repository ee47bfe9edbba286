import { cpuBetween, cpuOfChildren, type CpuTimes } from '../measuring/process-cpu.ts'
import { dueAtMs, tenantsOf } from './lanes.ts'
import { latencies, observe } from './observer.ts'
import { partitions, type Plant } from './plant.ts'

export type LoadRun = {
  readonly events: number
  readonly bytes: number
  /** From the first event's due time until the API shows the last one. */
  readonly wallMs: number
  /** From the first event's due time until ingest had accepted all. */
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
}

/** One load through the whole pipeline, watched from the API. */
export async function runLoad(plant: Plant, { run, events, perSecond }: LoadOptions): Promise<LoadRun> {
  const tenants = tenantsOf(run, partitions)
  const rate = perSecond === null ? null : perSecond / tenants.length
  const eventsPerTenant = Math.ceil(events / tenants.length)
  const prepared = await plant.prepare({ url: plant.ingest.url, tenants, eventsPerTenant, perSecond: rate })
  const before = cpuOfChildren()
  const observer = observe(plant.api.url, new Map(Object.entries(prepared.openings).map(([tenant, places]) => [tenant, places.length])))
  const [sightings, { startMs, endMs }] = await Promise.all([observer.done, plant.go()])
  const cpu = cpuBetween(before, cpuOfChildren())

  const lastMs = Math.max(...[...sightings.values()].map((seen) => seen.at(-1)!.atMs))
  const latenciesMs = Object.entries(prepared.openings).flatMap(([tenant, places]) => {
    const due = places.map((place) => dueAtMs(startMs, place, rate ?? Infinity))
    return latencies(due, sightings.get(tenant)!)
  })
  return { events: prepared.events, bytes: prepared.bytes, wallMs: lastMs - startMs, acceptedMs: endMs - startMs, cpu, latenciesMs }
}
