import { expect, test } from 'vitest'
import { crc16, slotCount, slotOf, tagsFor } from './slots.ts'

test('the checksum is that of the cluster specification', () => {
  expect(crc16('123456789')).toBe(0x31c3)
})

test.each([1, 2, 3, 12, 64, 500])(
  'the tags of %i partitions spread evenly over the slots, one partition to each equal share',
  (partitions) => {
    const shares = tagsFor(partitions).map((tag) =>
      Math.floor((slotOf(tag) / slotCount) * partitions),
    )
    expect(shares).toEqual(Array.from({ length: partitions }, (_, partition) => partition))
  },
)

test('tags are the same each time', () => {
  expect(tagsFor(12)).toEqual(tagsFor(12))
})
