import { recordBytesMax, topicNames, type EventLog, type PartitionId } from '@deskpulse/stream'
import { allAccepted, type Sender } from './sender.ts'

const appendBytesMax = recordBytesMax / 2 // A Kafka batch is held to the limit of a record.

/**
 * Appends events, a record each, to the raw topic, batch by batch to its partitions in turn: ingest reads them all, and the order of
 * arrival changes no value. `headers`: of every record. What ingest refuses goes to the dead-letter topic, so a result counts every event as accepted.
 */
export function logSender(
  log: EventLog,
  target: string,
  topicPrefix: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Sender {
  const topic = topicNames(topicPrefix).raw
  let partitions: number | null = null
  let turn = 0
  return {
    target: `${target}, topic ${topic}`,
    batchMax: 1_000,
    tellsRefusals: false,
    async send(lines) {
      partitions ??= await log.partitionCount(topic)
      const partition = (turn++ % partitions) as PartitionId
      for (const values of portions(lines)) {
        await log.append(
          topic,
          partition,
          values.map((value) => ({ key: null, value, headers })),
        )
      }
      return allAccepted(lines.length)
    },
    close: () => log.close(),
  }
}

/** In order, each of at most `appendBytesMax` or a single line. */
function portions(lines: readonly string[]): Uint8Array[][] {
  const all: Uint8Array[][] = []
  let roomBytes = 0
  for (const line of lines) {
    const value = Buffer.from(line)
    const last = all.at(-1)
    if (last !== undefined && value.length <= roomBytes) last.push(value)
    else {
      all.push([value])
      roomBytes = appendBytesMax
    }
    roomBytes -= value.length
  }
  return all
}
