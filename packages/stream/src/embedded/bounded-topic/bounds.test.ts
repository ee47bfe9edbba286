import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bound, makeRoom } from './bounds.ts'
import { topicRows } from './rows.ts'
import { openBoundedTopicFile } from './schema.ts'

let folder: string
let files = 0
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'deskpulse-bounds-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A file of so many records, each of so many bytes with its headers. */
function filled(count: number, bytes: number): DatabaseSync {
  const db = openBoundedTopicFile(join(folder, `${files++}.sqlite`))
  const value = Buffer.alloc(bytes - '{"n":"0"}'.length)
  const records = Array.from({ length: count }, (_, n) => ({
    key: null,
    value,
    headers: { n: String(n % 10) },
  }))
  topicRows(db).append(records, 1 as EpochMs)
  return db
}

const left = (db: DatabaseSync): number =>
  topicRows(db).page(0, Number.MAX_SAFE_INTEGER, 1_000).length

test.each([
  { neededBytes: 1, maxBytes: null, gone: 1, rule: 'at least one goes' },
  {
    neededBytes: 1_000,
    maxBytes: null,
    gone: 1,
    rule: 'one goes where it is large enough, its headers counted',
  },
  { neededBytes: 1_001, maxBytes: null, gone: 2, rule: 'and the next where it is not' },
  {
    neededBytes: 1_000,
    maxBytes: 32_000,
    gone: 3,
    rule: 'a sixteenth of a bounded file goes beside what is needed',
  },
  { neededBytes: 1_000_000, maxBytes: null, gone: 10, rule: 'at most all of them' },
])('room is made of the oldest records: $rule', ({ neededBytes, maxBytes, gone }) => {
  const db = filled(10, 1_000)
  const dropped = makeRoom(db, neededBytes, maxBytes)
  expect(dropped).toEqual(Array.from({ length: gone }, (_, n) => ({ n: String(n) })))
  expect(left(db)).toBe(10 - gone)
  expect(makeRoom(db, 0, null)).toHaveLength(gone === 10 ? 0 : 1)
  db.close()
})

/** The file, on a disk that refuses the copy by which it is made smaller. */
function refusing(db: DatabaseSync, error: Error): DatabaseSync {
  const exec = (sql: string): void => {
    if (sql === 'VACUUM') throw error
    db.exec(sql)
  }
  return { prepare: (sql: string) => db.prepare(sql), exec } as DatabaseSync
}
const refused = (errcode?: number): Error =>
  Object.assign(new Error('refused'), errcode === undefined ? {} : { errcode })

test.each([13, 13 + 3 * 256])(
  'where the disk has no room to make it smaller (%i) it keeps its size, and what it holds is bounded',
  (errcode) => {
    const db = filled(100, 1_000)
    expect(bound(refusing(db, refused(errcode)), 40_000).length).toBeGreaterThan(50)
    expect(left(db)).toBeLessThan(50)
    db.close()
  },
)

test.each([10, 256, undefined])('another failure is told (%s)', (errcode) => {
  const db = filled(100, 1_000)
  const error = refused(errcode)
  expect(() => bound(refusing(db, error), 40_000)).toThrow(error)
  db.close()
})

test('what fits is left as it is', () => {
  const db = filled(10, 1_000)
  expect(bound(refusing(db, refused()), 1_000_000)).toEqual([])
  expect(left(db)).toBe(10)
  db.close()
})
