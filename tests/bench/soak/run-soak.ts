import { setTimeout as pause } from 'node:timers/promises'
import { startInstallation, type Installation } from '../../support/installation.ts'
import { answer } from '../../support/redis/command.ts'
import { until } from '../../support/until.ts'
import { nowMs } from '../measuring/clock.ts'
import { memoryOfChildren } from '../measuring/process-cpu.ts'
import { quantileOf } from '../measuring/stats.ts'
import { startWorker, type Worker } from '../measuring/worker.ts'
import { tenantsOf } from '../pipeline/lanes.ts'
import { openedOf, sightingsOf } from '../pipeline/observer.ts'
import { partitions } from '../pipeline/plant.ts'
import type { SoakOrder, Told } from './generator.ts'
import { Openings } from './openings.ts'
import { zoneOfYoungDay } from './young-day.ts'

export type SoakOptions = {
  /** Events per second over all tenants. */
  readonly perSecond: number
  readonly minutes: number
  /** How long a minute lasts; 60,000 unless a test has no time. */
  readonly minuteMs?: number
  readonly onMinute?: (minute: Minute) => void
}

/** What is to be seen at the end of a minute, and of what happened in it. */
export type Minute = {
  readonly number: number
  /** Folded and committed. */
  readonly events: number
  /** From when an opening was due until the API showed it, of those that it showed in this minute; `null`: of none. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  /** Records of the log that are not yet committed. */
  readonly lagRecords: number
  /** By process. */
  readonly memoryBytes: ReadonlyMap<string, number>
  /** What Redis holds, by its own count. */
  readonly storeBytes: number
}

export type SoakResult = {
  readonly perSecond: number
  readonly agents: number
  readonly minutes: readonly Minute[]
  /** JSON of all events, which the log has. */
  readonly sentBytes: number
  /** Openings that were sent; all of them were seen. */
  readonly openings: number
}

/** An agent for so many events a second: simulated time passes 26 times as fast as time, so that within minutes as many contacts end as begin. */
const perSecondAndAgent = 2.5
const everyMs = 10

/** The whole pipeline under an even load for a long time. @throws Error when a process ends, or when an opening that was sent is never seen. */
export async function runSoak({
  perSecond,
  minutes,
  minuteMs = 60_000,
  onMinute = () => {},
}: SoakOptions): Promise<SoakResult> {
  const tenants = tenantsOf('soak', partitions)
  const settings = { customersArePseudonyms: true, timeZone: zoneOfYoungDay(Date.now()) }
  await using started = new AsyncDisposableStack()
  const at = started.use(
    await startInstallation({
      tenants: Object.fromEntries(tenants.map((tenant) => [tenant, settings])),
      partitions,
      aggregators: 1,
    }),
  )
  const generator: Worker<SoakOrder, Told> = await startWorker('soak/generator.ts', [])
  started.defer(() => generator.end())
  const rate = perSecond / tenants.length
  const agents = Math.ceil(rate / perSecondAndAgent)
  const events = Math.ceil((rate * minutes * minuteMs) / 1_000)
  const reader = openingsAt(at.api.url, tenants)
  started.defer(() => reader.stop())

  const all: Minute[] = []
  const sum = { sentBytes: 0, openings: 0 }
  const take = async (order: SoakOrder): Promise<Told> => {
    const told = await generator.ask(order)
    sum.sentBytes += told.bytes
    for (const [tenant, dueAtMs] of Object.entries(told.dueAtMs)) {
      reader.openings.get(tenant)!.due(dueAtMs)
      sum.openings += dueAtMs.length
    }
    return told
  }
  let folded = await foldedBy(at)
  const startMs = nowMs()
  await take({
    kind: 'go',
    load: { to: { kind: 'ingest', url: at.ingest.url }, tenants, agents, perSecond: rate, events },
  })
  for (let number = 1; number <= minutes; number += 1) {
    await Promise.race([
      pause(Math.max(0, startMs + number * minuteMs - nowMs()), undefined, { ref: false }),
      reader.failed,
    ])
    await take({ kind: 'tell' })
    const before = folded
    folded = await foldedBy(at)
    const minute = {
      number,
      events: folded - before,
      ...seenIn(reader.openings),
      ...(await standOf(at)),
    }
    all.push(minute)
    onMinute(minute)
  }
  await until(
    'everything is sent',
    () => take({ kind: 'tell' }),
    ({ isOver }) => isOver,
  )
  await until(
    'every opening is seen',
    () => [...reader.openings.values()].reduce((count, one) => count + one.waiting(), 0),
    (count) => count === 0,
  )
  return { perSecond, agents: agents * tenants.length, minutes: all, ...sum }
}

type Reader = {
  readonly openings: ReadonlyMap<string, Openings>
  /** Never resolves. @throws Error when the API shows nothing new for a minute, or answers with an error. */
  readonly failed: Promise<never>
  stop(): void
}

function openingsAt(apiUrl: string, tenants: readonly string[]): Reader {
  const openings = new Map(tenants.map((tenant) => [tenant, new Openings()]))
  let isStopped = false
  const { promise: failed, reject } = Promise.withResolvers<never>()
  failed.catch(() => {}) // Whoever waits for a minute hears of it.
  const watch = async (tenant: string): Promise<void> => {
    for await (const sighting of sightingsOf(
      tenant,
      () => openedOf(apiUrl, tenant, 'today'),
      everyMs,
    )) {
      if (isStopped) return
      openings.get(tenant)!.seen(sighting)
    }
  }
  for (const tenant of tenants) watch(tenant).catch(reject)
  return { openings, failed, stop: () => void (isStopped = true) }
}

function seenIn(openings: ReadonlyMap<string, Openings>): Pick<Minute, 'p50Ms' | 'p99Ms'> {
  const latenciesMs = [...openings.values()].flatMap((one) => one.take())
  const quantile = (share: number): number | null =>
    latenciesMs.length === 0 ? null : quantileOf(latenciesMs, share)
  return { p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

const foldedBy = async ({ aggregators }: Installation): Promise<number> =>
  (await aggregators[0]!.scrape()).sum('deskpulse_entries_folded_total')

async function standOf({
  aggregators,
  redis,
}: Installation): Promise<Pick<Minute, 'lagRecords' | 'memoryBytes' | 'storeBytes'>> {
  const info = await answer(redis.port, 'INFO memory')
  return {
    lagRecords: (await aggregators[0]!.scrape()).sum('deskpulse_log_lag_records'),
    memoryBytes: memoryOfChildren(),
    storeBytes: Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? Number.NaN),
  }
}
