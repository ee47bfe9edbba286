// The ceiling of the pipeline, a process of its own: KafkaJS reads the whole log, with a handler that does nothing, or that only reads the JSON.
import { randomUUID } from 'node:crypto'
import { kafkaEventLog } from '@deskpulse/kafka'
import { decodeFrame, type BatchHandler, type Offset } from '@deskpulse/stream'

export type ConsumeOrder = {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly parse: boolean
}
/** From the first batch on, until all that every partition held then was read. */
export type Consumed = { readonly wallMs: number; readonly cpuMs: number }

function parseAll(value: Uint8Array | null): void {
  if (value === null) return
  for (const { bytes } of decodeFrame(value).entries) {
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  }
}

async function consume({ brokers, topic, parse }: ConsumeOrder): Promise<Consumed> {
  const log = kafkaEventLog({ brokers, clientId: 'bench' })
  const missing = new Set(Array(await log.partitionCount(topic)).keys())
  const ends = new Map<number, number>()
  const done = Promise.withResolvers<void>()
  let started: { readonly atMs: number; readonly cpu: NodeJS.CpuUsage } | null = null
  const handle: BatchHandler = async ({ partition, records, endOffset }) => {
    started ??= { atMs: performance.now(), cpu: process.cpuUsage() }
    if (!ends.has(partition)) ends.set(partition, endOffset)
    if (parse) for (const { value } of records) parseAll(value)
    const next = records.at(-1)!.offset + 1
    if (next >= ends.get(partition)!) missing.delete(partition)
    if (missing.size === 0) done.resolve()
    return next as Offset
  }
  const consumption = await log.consume({ topic, group: `bench-${randomUUID()}`, handle })
  await Promise.race([done.promise, consumption.ended])
  const { atMs, cpu } = started!
  const { user, system } = process.cpuUsage(cpu)
  const consumed = { wallMs: performance.now() - atMs, cpuMs: (user + system) / 1_000 }
  await consumption.stop()
  await log.close()
  return consumed
}

process.on(
  'message',
  (order: ConsumeOrder) => void consume(order).then((consumed) => process.send?.(consumed)),
)
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
