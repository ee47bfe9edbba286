import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  embeddedEventLog,
  topicNames,
  topicSpecs,
  type EventLog,
  type Offset,
  type PartitionId,
} from '@deskpulse/stream'
import { run } from '../testing/run.ts'

async function valuesOf(log: EventLog, topic: string, partition: number): Promise<string[]> {
  const records = await log.read(topic, partition as PartitionId, 0 as Offset, 100)
  return records.map(({ value }) => Buffer.from(value!).toString())
}

test('--brokers appends each event as a record to PREFIX.raw, batch by batch over its partitions', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-cli-'))
  const options = { file: join(folder, 'log.sqlite') }
  const names = topicNames('other')
  const log = embeddedEventLog(options)
  await log.ensureTopics(topicSpecs(names, { logPartitions: 1, rawPartitions: 2 }))
  const path = join(folder, 'events.ndjson')
  await writeFile(
    path,
    ['{"tenant":"acme","id":"1"}', 'no json', '{"tenant":"acme","id":"3"}'].join('\n'),
  )
  const asked: string[][] = []
  const connectKafka = async (brokers: readonly string[]): Promise<EventLog> => {
    asked.push([...brokers])
    return log
  }
  const args = [
    '--tenant',
    'acme',
    '--brokers',
    'one:9092, two:9093',
    '--topic-prefix',
    'other',
    '--batch',
    '1',
  ]
  const { exitCode, out } = await run(['replay', path, ...args], { connectKafka })
  expect(asked).toEqual([['one:9092', 'two:9093']])
  expect(out).toContain('sent      3\nrefused   see the dead-letter topic\n')
  expect(exitCode).toBe(0)
  const after = embeddedEventLog(options) // The command has closed its own.
  expect(await valuesOf(after, names.raw, 0)).toEqual([
    '{"tenant":"acme","id":"1"}',
    '{"tenant":"acme","id":"3"}',
  ])
  expect(await valuesOf(after, names.raw, 1)).toEqual(['no json'])
  await after.close()
  await rm(folder, { recursive: true })
})

test('a missing topic is a failure in words, not a stack', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-cli-'))
  const path = join(folder, 'events.ndjson')
  await writeFile(path, '{}')
  const connectKafka = async (): Promise<EventLog> =>
    embeddedEventLog({ file: join(folder, 'log.sqlite') })
  const { exitCode, err } = await run(
    ['replay', path, '--tenant', 'acme', '--brokers', 'one:9092'],
    { connectKafka },
  )
  expect(err).toBe('deskpulse: no topic deskpulse.raw\n')
  expect(exitCode).toBe(1)
  await rm(folder, { recursive: true })
})
