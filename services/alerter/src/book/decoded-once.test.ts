import { expect, test } from 'vitest'
import { decodedOnce } from './decoded-once.ts'

test('a record is decoded again only when it says something else, each tenant’s by itself', () => {
  let decoded = 0
  const once = decodedOnce((bytes) => ({
    nth: (decoded += 1),
    text: Buffer.from(bytes).toString(),
  }))
  const read = (tenant: string, text: string) => once(tenant, Buffer.from(text))
  const first = read('a', 'one')
  expect(read('a', 'one')).toBe(first)
  expect(read('b', 'one')).not.toBe(first)
  expect(read('a', 'two')).toEqual({ nth: 3, text: 'two' })
  expect(read('a', 'two')).toEqual({ nth: 3, text: 'two' })
  expect(read('a', 'one')).toEqual({ nth: 4, text: 'one' })
  expect(decoded).toBe(4)
})
