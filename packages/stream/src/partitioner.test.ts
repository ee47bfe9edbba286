import { expect, test } from 'vitest'
import { murmur2, partitionOf } from './partitioner.ts'

// The vectors of Apache Kafka's own UtilsTest.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s is what Kafka computes', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash)
})

test('a tenant keeps its partition, and many tenants use all of them', () => {
  const tenants = Array.from({ length: 1_000 }, (_, index) => `tenant-${index}`)
  const partitions = tenants.map((tenant) => partitionOf(tenant, 12))
  expect(tenants.map((tenant) => partitionOf(tenant, 12))).toEqual(partitions)
  expect(new Set(partitions).size).toBe(12)
  expect(partitions.every((partition) => partition >= 0 && partition < 12)).toBe(true)
})
