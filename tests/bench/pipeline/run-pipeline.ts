import { peakBytesOf } from '../measuring/process-cpu.ts'
import type { Buckets } from '../measuring/stats.ts'
import { startWorker, type Worker } from '../measuring/worker.ts'
import { commitTimes } from './commit-times.ts'
import type { ConsumeOrder, Consumed } from './consumer.ts'
import { startPlant, type Plant } from './plant.ts'
import { runLoad, type LoadRun } from './run-load.ts'

export type PipelineOptions = {
  readonly runs: number
  /** Of one catch-up run. */
  readonly events: number
  readonly live: { readonly perSecond: number; readonly seconds: number }
  readonly onRound?: (round: number) => void
}

export type LiveRun = LoadRun & { readonly commits: Buckets }
/** A read of the log as it was then. */
export type CeilingRun = Consumed & { readonly events: number }

export type PipelineResult = {
  readonly catchUp: readonly LoadRun[]
  readonly live: readonly LiveRun[]
  readonly consume: readonly CeilingRun[]
  readonly consumeAndParse: readonly CeilingRun[]
  /** Of the aggregator, over all runs; `null` where the system does not tell. */
  readonly peakBytes: number | null
}

/** The whole pipeline on a real Kafka and a real Redis, a round of everything at a time; the round before the first is not counted. */
export async function runPipeline({
  runs,
  events,
  live,
  onRound = () => {},
}: PipelineOptions): Promise<PipelineResult> {
  const rounds = Array.from({ length: runs + 1 }, (_, round) => round)
  await using plant = await startPlant(
    rounds.flatMap((round) => [`catch-up-${round}`, `live-${round}`]),
  )
  const consumer: Worker<ConsumeOrder, Consumed> = await startWorker('pipeline/consumer.ts', [])
  const all = {
    catchUp: [] as LoadRun[],
    live: [] as LiveRun[],
    consume: [] as CeilingRun[],
    consumeAndParse: [] as CeilingRun[],
  }
  let sent = 0
  try {
    for (const round of rounds) {
      onRound(round)
      const catchUp = await runLoad(plant, { run: `catch-up-${round}`, events, perSecond: null })
      const steady = await runLive(plant, `live-${round}`, live)
      sent += catchUp.events + steady.events
      const order = { brokers: plant.kafka.brokers, topic: plant.logTopic }
      const consume = await consumer.ask({ ...order, parse: false })
      const consumeAndParse = await consumer.ask({ ...order, parse: true })
      if (round === 0) continue
      all.catchUp.push(catchUp)
      all.live.push(steady)
      all.consume.push({ ...consume, events: sent })
      all.consumeAndParse.push({ ...consumeAndParse, events: sent })
    }
    return { ...all, peakBytes: peakBytesOf(plant.aggregators[0]!.process().pid) }
  } finally {
    await consumer.end()
  }
}

async function runLive(
  plant: Plant,
  run: string,
  { perSecond, seconds }: PipelineOptions['live'],
): Promise<LiveRun> {
  const aggregator = plant.aggregators[0]!
  const before = await aggregator.scrape()
  const load = await runLoad(plant, { run, events: perSecond * seconds, perSecond })
  return { ...load, commits: commitTimes(before, await aggregator.scrape()) }
}
