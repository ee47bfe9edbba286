import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Offset } from '../event-log.ts'
import { type LogFile, openLogFile } from './event-log-file.ts'

let folder: string
let file: LogFile
let nowMs = 0
const startMs = 1_000 * dayMs

beforeEach(() => {
  nowMs = startMs
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-retention-'))
  file = openLogFile(join(folder, 'log.sqlite'), () => nowMs as EpochMs)
  const topics = {
    day: { 'cleanup.policy': 'delete', 'retention.ms': String(dayMs) },
    none: { 'cleanup.policy': 'delete', 'retention.ms': '0' },
    good: { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
    silent: {},
    compact: { 'cleanup.policy': 'compact', 'retention.ms': String(dayMs) },
  }
  for (const [name, settings] of Object.entries(topics))
    file.createTopic({ name, partitions: 2, settings })
})
afterEach(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

function write(topic: string, afterMs: number, partition = 0): void {
  nowMs = startMs + afterMs
  file.write(
    [
      {
        slot: file.topic(topic)!.slots[partition]!,
        records: [{ key: null, value: Buffer.from('x') }],
      },
    ],
    [],
  )
}
const offsets = (topic: string, partition = 0): readonly number[] =>
  file
    .page(file.topic(topic)!.slots[partition]!, 0 as Offset, { records: 10, bytes: Infinity })
    .map(({ offset }) => offset)

test('a record stays as long as its topic keeps records, and goes then, in every partition; offsets go on', () => {
  for (const partition of [0, 1]) write('day', 0, partition)
  write('silent', dayMs)
  expect([offsets('day'), offsets('day', 1)]).toEqual([[0], [0]])
  write('day', dayMs + hourMs)
  expect([offsets('day'), offsets('day', 1)]).toEqual([[1], []])
  write('day', dayMs + hourMs, 1)
  expect(offsets('day', 1)).toEqual([1])
})

test.each([
  { topic: 'good', rule: 'one that is kept for good' },
  { topic: 'silent', rule: 'one of a topic that says nothing' },
  { topic: 'compact', rule: 'one of a compacted topic' },
])('$rule stays', ({ topic }) => {
  write(topic, 0)
  write('day', 500 * dayMs)
  expect(offsets(topic)).toEqual([0])
})

test('it is looked for once an hour', () => {
  write('day', 0)
  write('none', 1)
  write('day', hourMs - 1)
  expect(offsets('none')).toEqual([0])
  write('day', hourMs)
  expect(offsets('none')).toEqual([])
})

test('what a wrong clock stamped keeps those behind it', () => {
  write('day', 10 * dayMs)
  write('day', 0)
  write('silent', 2 * dayMs)
  expect(offsets('day')).toEqual([0, 1])
  write('silent', 11 * dayMs + hourMs)
  expect(offsets('day')).toEqual([])
})
