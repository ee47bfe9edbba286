import type { LogRecord } from '@deskpulse/stream'
import type { Plant } from '../plant/plant.ts'
import type { Histories } from '../send/send.ts'
import { contentOf, finalLog, finalRaw } from './final.ts'
import type { EventKey, Sent } from './history.ts'
import { logFaults } from './log-checks.ts'
import { readWhole, type Sightings } from './log-reader.ts'

export type CheckedLog = {
  /** Of `deskpulse.log`. */
  readonly partitions: readonly (readonly LogRecord[])[]
  readonly records: number
  readonly events: number
  readonly wrong: readonly string[]
}

/** Reads both topics from end to end, and compares them with what was sent and what was seen on the way. */
export async function checkedLog(
  plant: Plant,
  { http, raw }: Histories,
  readers: readonly Sightings[],
): Promise<CheckedLog> {
  const log = plant.lastLog()
  const all = Array.from({ length: plant.partitions }, (_, partition) => partition)
  const read = (topic: string): Promise<LogRecord[][]> =>
    Promise.all(all.map((partition) => readWhole(log, topic, partition)))
  const contents = contentsOf([http.sent, raw.sent])
  const contentOfKey = (key: EventKey): string | undefined => contents.get(key)

  const partitions = await read(plant.topics.log)
  const final = partitions.map((records, partition) => finalLog(partition, records))
  const sent = eitherWay(http.sent, raw.sent)
  const wrong = logFaults({
    sent,
    ordered: overHttp(http.sent, raw.sent),
    contentOf: contentOfKey,
    readers,
    final,
  })
  if (plant.ownLog !== null) {
    const rawFinal = (await read(plant.topics.raw)).map((records, partition) =>
      finalRaw(partition, records),
    )
    const rawFaults = logFaults({
      sent: raw.sent,
      ordered: raw.sent,
      contentOf: contentOfKey,
      readers: [],
      final: rawFinal,
    })
    wrong.push(...rawFaults.map((line) => `raw topic: ${line}`))
  }
  const count = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0)
  return {
    partitions,
    wrong,
    records: count(partitions.map((records) => records.length)),
    events: count(final.map(({ events }) => events.length)),
  }
}

type AllSent = ReadonlyMap<EventKey, Sent>

function contentsOf(ways: readonly AllSent[]): ReadonlyMap<EventKey, string> {
  return new Map(
    ways.flatMap((sent) => [...sent].map(([key, { event }]) => [key, contentOf(event)] as const)),
  )
}

/** Taken by one of the ways is taken. */
function eitherWay(one: AllSent, other: AllSent): AllSent {
  return new Map(
    [...one, ...other].map(([key, sent]) => {
      const both = [one.get(key), other.get(key)].filter((given) => given !== undefined)
      return [key, { ...sent, ackedMs: Math.min(...both.map(({ ackedMs }) => ackedMs)) }]
    }),
  )
}

/** An answer of 202 says that the event is in the log now; it may have been on its way before, by the other way. */
function overHttp(http: AllSent, raw: AllSent): AllSent {
  const first = (key: EventKey, { invokedMs }: Sent): number =>
    Math.min(invokedMs, raw.get(key)?.invokedMs ?? Infinity)
  return new Map([...http].map(([key, sent]) => [key, { ...sent, invokedMs: first(key, sent) }]))
}
