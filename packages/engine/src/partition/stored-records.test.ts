import type { Resolution } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { StoredRecords } from './stored-records.ts'
import { Tenant } from './tenant.ts'

const tenant = new Tenant('acme', [])
/** Of a record that holds nothing. */
const { bytes } = new StoredRecords(0).bucket(tenant, 'minute', 0 as EpochMs).hold(0)
const minuteMs = 1_772_438_400_000 as EpochMs

function hold(records: StoredRecords, resolution: Resolution, from: number, to: number): void {
  for (let slice = from; slice < to; slice += 1)
    records.bucket(tenant, resolution, minuteMs).hold(slice)
}
const holds = (records: StoredRecords, resolution: Resolution, slice: number): boolean =>
  records.bucket(tenant, resolution, minuteMs).records.has(slice)

test('a record is known by its slice and bucket', () => {
  const { key, slice, bucket } = new StoredRecords(9 * bytes)
    .bucket(tenant, 'minute', minuteMs)
    .hold(7)
  expect([key, slice, bucket.endMs]).toEqual([`m:acme:minute:${minuteMs}#7`, 7, minuteMs + 60_000])
  expect(new StoredRecords(9 * bytes).bucket(tenant, 'day', minuteMs).endMs).toBeNull()
})

test('a bucket is that of one tenant, resolution and start', () => {
  const records = new StoredRecords(9 * bytes)
  hold(records, 'minute', 0, 1)
  const others = [
    records.bucket(new Tenant('beta', []), 'minute', minuteMs),
    records.bucket(tenant, 'slot', minuteMs),
    records.bucket(tenant, 'minute', (minuteMs + 60_000) as EpochMs),
  ]
  expect(holds(records, 'minute', 0)).toBe(true)
  expect(others.some((bucket) => bucket.records.has(0))).toBe(false)
})

test('nothing is forgotten until it is told to, nor while half of the room, over all buckets, is not taken', () => {
  const records = new StoredRecords(8 * bytes)
  hold(records, 'minute', 0, 2)
  hold(records, 'day', 0, 2)
  records.trim()
  hold(records, 'day', 2, 100)
  expect([holds(records, 'minute', 0), holds(records, 'day', 99)]).toEqual([true, true])
  records.trim()
  records.trim()
  expect(holds(records, 'minute', 0)).toBe(true)
})

test('what was used since stays, what was not is forgotten, be it of the same bucket', () => {
  const records = new StoredRecords(6 * bytes)
  hold(records, 'day', 0, 4)
  hold(records, 'minute', 0, 4)
  records.trim()
  const used = records.bucket(tenant, 'day', minuteMs).records.get(2)
  hold(records, 'slot', 0, 4)
  records.trim()
  expect(records.bucket(tenant, 'day', minuteMs).records.get(2)).toBe(used)
  expect([
    holds(records, 'day', 1),
    holds(records, 'minute', 1),
    holds(records, 'slot', 3),
  ]).toEqual([false, false, true])
})

test('a record weighs more with each cell', () => {
  const record = new StoredRecords(bytes).bucket(tenant, 'day', minuteMs).hold(0)
  record.content.cells.push(1, 2)
  expect(record.bytes - bytes).toBe(48)
})
