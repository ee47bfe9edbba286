import { createRandom } from '../../services/cli/src/simulate/random.ts'
import type { Asked } from './compare/answers.ts'
import { compared } from './compare/compared.ts'
import { newHistory } from './history/history.ts'
import { startLogReader } from './history/log-reader.ts'
import { checkedLog } from './history/whole.ts'
import { deliveriesOf } from './input/deliveries.ts'
import { eventsOf } from './input/events.ts'
import { tenants } from './input/tenants.ts'
import { drawPlan, type PlanOptions } from './plan/plan.ts'
import type { Plant } from './plant/plant.ts'
import { struckBy } from './plan/struck.ts'
import type { Report } from './report.ts'
import { evenPace } from './send/pace.ts'
import { startSending } from './send/send.ts'

export type RunOptions = PlanOptions & {
  readonly seed: number
  /** When the events begin, some days ago. */
  readonly startMs: number
  /** Different ones, over all tenants. */
  readonly events: number
  readonly periods: Asked['periods']
  readonly start: () => Promise<Plant>
  readonly progress: (text: string) => void
}

/** One run: everything is sent while one fault after another strikes; then the log and every value are compared with what they must be. */
export async function runChaos(options: RunOptions): Promise<Report> {
  const { seed, startMs, events: count, progress } = options
  const random = createRandom(seed)
  const share = Math.ceil(count / tenants.length)
  const events = tenants.flatMap((tenant, number) =>
    eventsOf({ tenant, seed: seed * 10 + number, count: share, startMs }, random),
  )
  const deliveries = deliveriesOf(events, random)
  const plan = drawPlan(options, random)

  progress(`starting: ${events.length} events, ${plan.length} faults`)
  await using plant = await options.start()
  const { topics, partitions, ownLog } = plant
  const histories = { http: newHistory(), raw: newHistory() }
  const readers =
    ownLog === null
      ? []
      : [50, 400].map((pageRecords, at) =>
          startLogReader({
            name: `reader ${at + 1}`,
            log: ownLog,
            topic: topics.log,
            partitions,
            pageRecords,
          }),
        )

  const beganMs = performance.now()
  const pace = evenPace(plan.length)
  const raw = ownLog === null ? null : { log: ownLog, topic: topics.raw, partitions }
  const sending = startSending(deliveries, {
    to: { ingestUrls: plant.ingestUrls, raw },
    histories,
    share: pace.share,
  })
  const struck = await struckBy(plan, plant, random, (done) => {
    pace.reached(done)
    if (done % 10 === 0) progress(`${done} of ${plan.length} faults`)
  })
  const chaosMs = performance.now() - beganMs
  progress('no more faults; waiting until all is sent and counted')
  const overMs = performance.now()
  await Promise.all(plant.kept.map((one) => one.untilReady()))
  await sending.done
  const wrongStops = await plant.stopInput()
  const clients = await plant.readAll()
  const caughtUpMs = performance.now() - overMs

  const sightings = (await Promise.all(readers.map((reader) => reader.stop()))).flat()
  const whole = await checkedLog(plant, histories, sightings)
  progress('comparing')
  const { values, wrong } = await compared(plant, clients, whole.partitions, events, {
    periods: options.periods,
    startMs,
  })
  const laterStops = await plant.stop()
  return {
    ...{
      seed,
      startMs,
      events: events.length,
      retries: sending.retries(),
      chaosMs,
      caughtUpMs,
      ownEnds: plant.ownEnds,
    },
    ...struck,
    sent: deliveries.reduce((sum, delivery) => sum + delivery.events.length, 0),
    logRecords: whole.records,
    logEvents: whole.events,
    valuesCompared: values,
    wrong: [...whole.wrong, ...wrong, ...wrongStops, ...laterStops],
  }
}
