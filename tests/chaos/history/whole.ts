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
export async function checkedLog(plant: Plant, { http, raw }: Histories, readers: readonly Sightings[]): Promise<CheckedLog> {
  const log = await plant.openLog()
  try {
    const all = Array.from({ length: plant.partitions }, (_, partition) => partition)
    const partitions = await Promise.all(all.map((partition) => readWhole(log, plant.topics.log, partition)))
    const final = partitions.map((records, partition) => finalLog(partition, records))
    const contents = contentsOf([http.sent, raw.sent])
    const contentOfKey = (key: EventKey): string | undefined => contents.get(key)
    const wrong = logFaults({
      sent: eitherWay(http.sent, raw.sent),
      ordered: overHttp(http.sent, raw.sent),
      contentOf: contentOfKey,
      readers,
      final,
    })
    if (plant.rawLog !== null) {
      const rawRecords = await Promise.all(all.map((partition) => readWhole(log, plant.topics.raw, partition)))
      const rawFinal = rawRecords.map((records, partition) => finalRaw(partition, records))
      wrong.push(
        ...logFaults({ sent: raw.sent, ordered: raw.sent, contentOf: contentOfKey, readers: [], final: rawFinal }).map(
          (line) => `raw topic: ${line}`,
        ),
      )
    }
    const count = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0)
    return {
      partitions,
      wrong,
      records: count(partitions.map((records) => records.length)),
      events: count(final.map(({ events }) => events.length)),
    }
  } finally {
    await log.close()
  }
}

type AllSent = ReadonlyMap<EventKey, Sent>

function contentsOf(ways: readonly AllSent[]): ReadonlyMap<EventKey, string> {
  return new Map(ways.flatMap((sent) => [...sent].map(([key, { event }]) => [key, contentOf(event)] as const)))
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
  const first = (key: EventKey, { invokedMs }: Sent): number => Math.min(invokedMs, raw.get(key)?.invokedMs ?? Infinity)
  return new Map([...http].map(([key, sent]) => [key, { ...sent, invokedMs: first(key, sent) }]))
}
