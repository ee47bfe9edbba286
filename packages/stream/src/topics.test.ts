import { expect, test } from 'vitest'
import { accessTopicSpecs, customerKeysSpec, topicNames, topicSpecs, topicsOf } from './topics.ts'

const specs = topicSpecs(topicNames('acme'), {
  logPartitions: 4,
  rawPartitions: 2,
  rawRetentionMs: 259_200_000,
  deadLetters: { retentionMs: 1_209_600_000, bytesMax: 1_000_000 },
})
const settingsOf = (name: string) => specs.find((spec) => spec.name === name)?.settings

test('every topic has the prefix and the time of the broker', () => {
  expect(specs.map((spec) => spec.name)).toEqual([
    'acme.raw',
    'acme.log',
    'acme.closed',
    'acme.alerts',
    'acme.dead-letter',
  ])
  for (const spec of specs)
    expect(spec.settings).toMatchObject({ 'message.timestamp.type': 'LogAppendTime' })
})

test('the log is kept for good, closed periods are compacted, dead letters go by age and by size, all else by age', () => {
  expect(settingsOf('acme.log')).toMatchObject({
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
  })
  expect(settingsOf('acme.closed')).toMatchObject({ 'cleanup.policy': 'compact' })
  expect(specs.find(({ name }) => name === 'acme.dead-letter')).toMatchObject({
    settings: { 'cleanup.policy': 'delete' },
    tuned: { 'retention.ms': '1209600000', 'retention.bytes': '1000000', 'segment.ms': '86400000' },
  })
  const tunedOf = (topic: string) => specs.find(({ name }) => name === topic)?.tuned
  expect(tunedOf('acme.raw')).toEqual({ 'retention.ms': '259200000', 'segment.ms': '86400000' })
  expect(tunedOf('acme.alerts')).toEqual({ 'retention.ms': '7776000000', 'segment.ms': '86400000' })
})

test('who may do what, who did and under which keys customers are hidden: each in one order, and all but what was done compacted', () => {
  const names = topicNames('acme')
  const all = [...accessTopicSpecs(names), customerKeysSpec(names)]
  expect(all.map(({ partitions }) => partitions)).toEqual([1, 1, 1])
  expect(all.map(({ settings }) => settings['cleanup.policy'])).toEqual([
    'compact',
    'delete',
    'compact',
  ])
  expect(all[1]!.settings).toMatchObject({ 'retention.ms': '-1', 'retention.bytes': '-1' })
})

test('a record may have 2 MiB: a dead letter of 256 KB, or a frame of 1 MB, with its headers', () => {
  expect(specs.map(({ settings }) => settings['max.message.bytes'])).toEqual(
    Array(5).fill('2097152'),
  )
})

test('of an installation the configuration says how long the raw topic is kept', () => {
  const kafka = { topicPrefix: 'acme', partitions: 1, rawRetention: 3_600_000 }
  const { specs: ofConfig } = topicsOf({ kafka, deadLetters: undefined })
  const raw = ofConfig.find(({ name }) => name === 'acme.raw')
  expect(raw?.tuned).toMatchObject({ 'retention.ms': '3600000' })
})
