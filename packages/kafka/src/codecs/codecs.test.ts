import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { EventLog, Offset, PartitionId } from '@deskpulse/stream'
import fc from 'fast-check'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startKafka } from '../../../../tests/support/kafka.ts'
import type { TestKafka } from '../../../../tests/support/kafka.ts'
import { kafkaEventLog } from '../event-log.ts'
import { decodeLz4 } from './lz4.ts'
import { decodeSnappy } from './snappy.ts'

const { CompressionCodecs, CompressionTypes } = kafkajs

let kafka: TestKafka
let log: EventLog
beforeAll(async () => {
  kafka = await startKafka()
  log = kafkaEventLog({ brokers: kafka.brokers, clientId: 'codecs' })
}, 120_000)
afterAll(async () => {
  await log.close()
  await kafka.stop()
})

const partition = 0 as PartitionId
/** Text that repeats itself, bytes that do not, and a run: literals, far and overlapping matches. */
const values = [
  Buffer.from('{"type":"chat.message","contactId":"c-1"}'.repeat(2_000)),
  Buffer.from(
    Array.from({ length: 100_000 }, (_, index) => (Math.imul(index, 2654435761) >>> 13) & 0xff),
  ),
  Buffer.alloc(70_000, 7),
  Buffer.from('short'),
]

async function valuesOf(topic: string): Promise<Buffer[]> {
  const records = await log.read(topic, partition, 0 as Offset, 100)
  return records.map(({ value }) => Buffer.from(value ?? []))
}

// The broker compresses by itself where the topic says so, with the codecs of the Java clients.
test.each(['gzip', 'snappy', 'lz4', 'zstd'])(
  'what a Java client compressed with %s is read',
  async (codec) => {
    const topic = `codec-${randomUUID()}`
    await log.ensureTopics([
      { name: topic, partitions: 1, settings: { 'compression.type': codec } },
    ])
    await log.append(
      topic,
      partition,
      values.map((value) => ({ key: null, value })),
    )
    expect(await valuesOf(topic)).toEqual(values)
  },
)

test.each(['gzip', 'zstd'] as const)('an append with %s is read back', async (compression) => {
  const topic = `codec-${randomUUID()}`
  const writer = kafkaEventLog({ brokers: kafka.brokers, clientId: 'codecs', compression })
  await writer.ensureTopics([{ name: topic, partitions: 1, settings: {} }])
  await writer.append(
    topic,
    partition,
    values.map((value) => ({ key: null, value })),
  )
  await writer.close()
  expect(await valuesOf(topic)).toEqual(values)
})

test.each([CompressionTypes.Snappy, CompressionTypes.LZ4] as const)(
  'codec %s is refused for writing, in words',
  async (type) => {
    const codec = CompressionCodecs[type]() as {
      compress(encoder: { buffer: Buffer }): Promise<Buffer>
    }
    await expect(codec.compress({ buffer: Buffer.from('x') })).rejects.toThrow(
      /is read, not written/,
    )
  },
)

test('snappy without the frame of Java producers is read', () => {
  // Length 11, a literal of "abc", a copy of 8 from 3 back: overlapping.
  expect(
    decodeSnappy(Buffer.from([11, 2 << 2, 97, 98, 99, ((8 - 4) << 2) | 1, 3]), 100).toString(),
  ).toBe('abcabcabcab')
})

test.each([
  ['snappy', decodeSnappy],
  ['lz4', decodeLz4],
])('any bytes are %s or an error, and never grow past the limit', (_name, decode) => {
  const lz4Header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0])
  const bytes = fc
    .uint8Array({ maxLength: 200 })
    .chain((rest) =>
      fc.constantFrom(Buffer.from(rest), Buffer.concat([lz4Header, rest]), gzipSync(rest)),
    )
  fc.assert(
    fc.property(bytes, (candidate) => {
      try {
        expect(decode(candidate, 1_000).length).toBeLessThanOrEqual(1_000)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }),
    { numRuns: 2_000 },
  )
})
