import { expect, test } from 'vitest'
import { topicNames, topicSpecs } from './topics.ts'

const specs = topicSpecs(topicNames('acme'), {
  logPartitions: 4,
  rawPartitions: 2,
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

test('the log is kept for good, closed periods are compacted, dead letters go by age and by size', () => {
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
})

test('a record may have 2 MiB: a dead letter of 256 KB, or a frame of 1 MB, with its headers', () => {
  expect(specs.map(({ settings }) => settings['max.message.bytes'])).toEqual(
    Array(5).fill('2097152'),
  )
})
