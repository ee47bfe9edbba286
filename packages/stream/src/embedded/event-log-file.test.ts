import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EpochMs } from '@deskpulse/core/time'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Offset } from '../event-log.ts'
import { openLogFile, type LogFile, type Slot } from './event-log-file.ts'

let folder: string
let file: LogFile
let slot: Slot
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-log-'))
  file = openLogFile(join(folder, 'log.sqlite'), () => 0 as EpochMs)
  file.createTopic({ name: 'log', partitions: 1, settings: {} })
  slot = file.topic('log')!.slots[0]!
  const record = (bytes: number) => ({ key: 'k', value: new Uint8Array(bytes - 1) })
  file.write([{ slot, records: [record(10), record(10), record(10), record(100)] }], [])
})
afterEach(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

const offsets = (from: number, records: number, bytes: number): readonly number[] =>
  file.page(slot, from as Offset, { records, bytes }).map(({ offset }) => offset)

test.each([
  { rule: 'as many records as are asked for', from: 0, records: 2, bytes: 1_000, wanted: [0, 1] },
  {
    rule: 'records of exactly as many bytes, keys included',
    from: 0,
    records: 9,
    bytes: 20,
    wanted: [0, 1],
  },
  { rule: 'none that would pass the bytes', from: 0, records: 9, bytes: 19, wanted: [0] },
  { rule: 'a first one however large', from: 3, records: 9, bytes: 1, wanted: [3] },
  { rule: 'nothing at the end', from: 4, records: 9, bytes: 1_000, wanted: [] },
])('a page has $rule', ({ from, records, bytes, wanted }) => {
  expect(offsets(from, records, bytes)).toEqual(wanted)
})
