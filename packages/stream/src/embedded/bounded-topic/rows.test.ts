import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { type TopicRows, topicRows } from './rows.ts'
import { boundedTopicSchema } from './schema.ts'

const mebibyte = 1024 * 1024

/** Rows with records of so many bytes, at offsets from 1 on; `null`: of a record without a value. */
function rowsOf(...bytes: readonly (number | null)[]): TopicRows {
  const db = new DatabaseSync(':memory:')
  db.exec(boundedTopicSchema)
  const rows = topicRows(db)
  const records = bytes.map((size) => ({
    key: null,
    value: size === null ? null : Buffer.alloc(size),
  }))
  rows.append(records, 1 as EpochMs)
  return rows
}

const page = (rows: TopicRows, from: number, to: number, limit: number): readonly number[] =>
  rows.page(from, to, limit).map(({ offset }) => offset)

test('a page holds what lies between two offsets, both included, and no more than is asked for', () => {
  const rows = rowsOf(1, 1, 1, 1, 1)
  expect(page(rows, 2, 4, 10)).toEqual([2, 3, 4])
  expect(page(rows, 2, 4, 2)).toEqual([2, 3])
  expect(page(rows, 2, 4, 1)).toEqual([2])
  expect(page(rows, 6, 9, 10)).toEqual([])
})

test('a page holds at most four mebibytes, or one record that is larger', () => {
  expect(page(rowsOf(3 * mebibyte, mebibyte, null, 1), 1, 9, 10)).toEqual([1, 2, 3])
  expect(page(rowsOf(5 * mebibyte, 1), 1, 9, 10)).toEqual([1])
})

test('the last offset is that of the last record that is there; without any it is -1', () => {
  const rows = rowsOf(1, 1, 1)
  expect(rows.lastOffset()).toBe(3)
  rows.rewrite(rows.page(3, 3, 1).map((record) => ({ record, fate: 'remove' })))
  expect(rows.lastOffset()).toBe(2)
  expect(rowsOf().lastOffset()).toBe(-1)
})
