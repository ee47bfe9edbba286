import { peakBytesOf } from '../measuring/process-cpu.ts'
import { partitions, startPlant } from '../pipeline/plant.ts'
import { runLoad } from '../pipeline/run-load.ts'
import { kafkaStreams, variants } from './streams/streams.ts'
import { deskpulse, type Subject } from './subject.ts'

export type LiveRun = {
  readonly events: number
  /** Of each opening of a contact, from when it was due until a reader saw it. */
  readonly latenciesMs: readonly number[]
  /** Of the worker, and of what stores and answers beside it. */
  readonly cpuMs: number
  readonly brokerCpuMs: number
  /** Of the worker, so far; `null` where the system does not tell. */
  readonly peakBytes: number | null
}

export type LiveOptions = {
  readonly runs: number
  /** Over all tenants. */
  readonly perSecond: number
  readonly seconds: number
  readonly onRound: (round: number) => void
}

/** Events that happen as they are sent, to one subject after another, all of which stay up; the round before the first warms them up. */
export async function runLive({
  runs,
  perSecond,
  seconds,
  onRound,
}: LiveOptions): Promise<ReadonlyMap<string, readonly LiveRun[]>> {
  const rounds = Array.from({ length: runs + 1 }, (_, round) => round)
  const runOf = (round: number, subject: number): string => `live-${round}-${subject}`
  const places = Array.from({ length: variants.length + 1 }, (_, place) => place)
  await using started = new AsyncDisposableStack()
  const plant = started.use(
    await startPlant(rounds.flatMap((round) => places.map((place) => runOf(round, place)))),
  )
  const { brokers } = plant.kafka
  const subjects: Subject[] = [deskpulse(plant)]
  for (const variant of variants) {
    const topic = `peers.live-${subjects.length}` // Of its own: what another was sent is no backlog.
    await plant.log.ensureTopics([{ name: topic, partitions, settings: {} }])
    const peer = await kafkaStreams({ variant, brokers, topic })
    await peer.clear()
    await peer.start()
    started.defer(() => peer.end())
    subjects.push(peer)
  }
  const measured = new Map<string, LiveRun[]>(subjects.map(({ name }) => [name, []]))
  for (const round of rounds) {
    onRound(round)
    for (const [place, subject] of subjects.entries()) {
      const { name, to, url, processes } = subject
      const load = await runLoad(plant, {
        run: runOf(round, place),
        events: perSecond * seconds,
        perSecond,
        to,
        readUrl: url,
      })
      if (round === 0) continue
      const { worker, beside } = processes()
      const cpuMs = [worker, ...beside].reduce((sum, one) => sum + (load.cpu.get(one) ?? 0), 0)
      const { events, latenciesMs } = load
      measured.get(name)!.push({
        events,
        latenciesMs,
        cpuMs,
        brokerCpuMs: load.cpu.get('kafka') ?? 0,
        peakBytes: peakBytesOf(subject.pid()),
      })
    }
  }
  return measured
}
