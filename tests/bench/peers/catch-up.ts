import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nowMs } from '../measuring/clock.ts'
import { cpuBetween, cpuOfChildren, peakBytesOf } from '../measuring/process-cpu.ts'
import { tenantsOf } from '../pipeline/lanes.ts'
import { lastSeenMs, observe } from '../pipeline/observer.ts'
import { partitions, startPlant, type Plant } from '../pipeline/plant.ts'
import { openedIn } from '../pipeline/run-load.ts'
import { counted, duckDb, pollDuckDb, type Poll } from './duckdb/duckdb.ts'
import { figuresOfDeskpulse } from './equality/deskpulse-figures.ts'
import { equalityOf, isSame, type Equality } from './equality/equality.ts'
import { claimed } from './equality/figures.ts'
import { kafkaStreams, variants, type Streams } from './streams/streams.ts'
import { deskpulse, type Subject } from './subject.ts'

/** From the start of a worker that has nothing until a reader sees the figures of all events. */
export type CatchUpRun = {
  readonly wallMs: number
  /** Of the worker alone, its start included. */
  readonly cpuMs: number
  /** With the broker, and with what stores and answers beside the worker. */
  readonly systemCpuMs: number
  /** Of the worker; `null` where the system does not tell. */
  readonly peakBytes: number | null
}

export type CatchUps = {
  readonly events: number
  readonly equality: readonly Equality[]
  /** By subject, a run each round. Empty where figures differ: then nothing was measured. */
  readonly runs: ReadonlyMap<string, readonly CatchUpRun[]>
  readonly queries: readonly Poll['query'][]
}

export type CatchUpOptions = {
  readonly runs: number
  readonly events: number
  readonly onRound: (round: number) => void
}

const topic = 'peers.history'
const run = 'history'

/**
 * The same history through every subject, one at a time, a round of all of them after another. The first round is not counted: in it all figures are
 * compared with Deskpulse's, and nothing is measured unless they are the same.
 */
export async function runCatchUps({ runs, events, onRound }: CatchUpOptions): Promise<CatchUps> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-peers-'))
  await using started = new AsyncDisposableStack()
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const plant = started.use(await startPlant([run]))
  const own = deskpulse(plant)
  await own.end()
  const file = join(folder, 'events.ndjson')
  const history = await fill(plant, file, events)
  const { brokers } = plant.kafka
  const streams = await Promise.all(
    variants.map((variant) => kafkaStreams({ variant, brokers, topic })),
  )

  onRound(0)
  const equality = await compared(plant, own, streams, history.openings, file)
  const subjects: readonly Subject[] = [own, ...streams]
  const measured = new Map<string, CatchUpRun[]>(
    [...subjects.map(({ name }) => name), duckDb].map((name) => [name, []]),
  )
  const queries: Poll['query'][] = []
  if (!isSame(equality)) return { events: history.events, equality, runs: new Map(), queries }
  for (let round = 1; round <= runs; round++) {
    onRound(round)
    for (const subject of subjects) {
      measured.get(subject.name)!.push(await caughtUp(subject, history.openings))
      await subject.end()
    }
    const { query, wallMs, cpuMs, peakBytes } = await pollDuckDb(file)
    measured.get(duckDb)!.push({ wallMs, cpuMs, systemCpuMs: cpuMs, peakBytes })
    queries.push(query)
  }
  return { events: history.events, equality, runs: measured, queries }
}

/** `openings`: how many contacts of each tenant are opened. */
type History = { readonly events: number; readonly openings: ReadonlyMap<string, number> }

/** The same events, with the same times, for all of them. */
async function fill(plant: Plant, file: string, events: number): Promise<History> {
  const { brokers } = plant.kafka
  await plant.log.ensureTopics([{ name: topic, partitions, settings: {} }])
  const prepared = await plant.prepare({
    to: [
      { kind: 'ingest', url: plant.ingest.url },
      { kind: 'topic', brokers, topic },
      { kind: 'file', file },
    ],
    tenants: tenantsOf(run, partitions),
    eventsPerTenant: Math.ceil(events / partitions),
    perSecond: null,
  })
  await plant.go()
  return { events: prepared.events, openings: openedIn(prepared) }
}

async function compared(
  plant: Plant,
  own: Subject,
  streams: readonly Streams[],
  openings: ReadonlyMap<string, number>,
  file: string,
): Promise<readonly Equality[]> {
  const tenants = [...openings.keys()]
  await caughtUp(own, openings)
  const told = new Map(
    await Promise.all(
      tenants.map(
        async (tenant) => [tenant, await figuresOfDeskpulse(plant.client, tenant)] as const,
      ),
    ),
  )
  await own.end()
  const wanted = new Map([...told].map(([tenant, { places }]) => [tenant, places]))
  const all: Equality[] = []
  for (const peer of streams) {
    await caughtUp(peer, openings)
    const figures = [...told].map(
      async ([tenant, { windowStartMs }]) =>
        [tenant, await peer.figures(tenant, windowStartMs)] as const,
    )
    all.push(equalityOf(peer.name, new Map(await Promise.all(figures)), wanted))
    await peer.end()
  }
  const { figures } = await pollDuckDb(file)
  const inDuckDb = new Map(
    [...wanted].map(([tenant, places]) => [tenant, claimed(places, counted)]),
  )
  return [...all, equalityOf(duckDb, figures, inDuckDb)]
}

/** Still runs when this returns. */
async function caughtUp(
  subject: Subject,
  openings: ReadonlyMap<string, number>,
): Promise<CatchUpRun> {
  await subject.clear()
  const startMs = nowMs()
  const before = cpuOfChildren()
  await subject.start()
  const sightings = await observe(subject.url, openings, everyMs).done
  const cpu = cpuBetween(before, cpuOfChildren())
  const { worker, beside } = subject.processes()
  const used = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (cpu.get(name) ?? 0), 0)
  return {
    wallMs: lastSeenMs(sightings) - startMs,
    cpuMs: used([worker]),
    systemCpuMs: used([worker, ...beside, 'kafka']),
    peakBytes: peakBytesOf(subject.pid()),
  }
}

/** Rarely enough that who answers pays little for it. */
const everyMs = 100
