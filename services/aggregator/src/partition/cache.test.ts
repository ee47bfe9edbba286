import { expect, test } from 'vitest'
import { Cache, trimsPerWeighing } from './cache.ts'

const even = (): number => 1

const filled = (cache: Cache<number>, from: number, to: number): void => {
  for (let key = from; key < to; key += 1) cache.set(String(key), key)
}

test('nothing is forgotten until it is told to', () => {
  const cache = new Cache<number>({ max: 4, weigh: even })
  filled(cache, 0, 100)
  expect([cache.get('0'), cache.get('99'), cache.has('50')]).toEqual([0, 99, true])
})

test('what was used since stays, what was not is forgotten', () => {
  const cache = new Cache<number>({ max: 4, weigh: even })
  filled(cache, 0, 3)
  cache.trim()
  expect(cache.get('0')).toBe(0)
  filled(cache, 3, 6)
  cache.trim()
  expect([cache.get('0'), cache.get('1'), cache.get('3')]).toEqual([0, undefined, 3])
  expect([cache.has('1'), cache.has('5')]).toEqual([false, true])
})

test('a value that is set again replaces the old one', () => {
  const cache = new Cache<number>({ max: 2, weigh: even })
  filled(cache, 0, 3)
  cache.trim()
  cache.set('0', 7)
  expect(cache.get('0')).toBe(7)
})

test('up to half of its room is never told to go: it would be loaded again and again', () => {
  const cache = new Cache<number>({ max: 6, weigh: even })
  filled(cache, 0, 3)
  cache.trim()
  filled(cache, 3, 7)
  cache.trim()
  expect(cache.has('0')).toBe(true)
})

test('what weighs more leaves room for fewer', () => {
  const cache = new Cache<number>({ max: 20, weigh: (value) => value })
  cache.set('a', 9)
  cache.trim()
  cache.set('b', 2)
  cache.trim()
  cache.set('c', 11)
  cache.trim()
  expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([false, false, true])
})

test('what is forgotten is told of once, with its last value; what was used since is not', () => {
  const told: [string, number][] = []
  const cache = new Cache<number>({ max: 2, weigh: even, onForgotten: (key, value) => told.push([key, value]) })
  filled(cache, 0, 3)
  cache.trim()
  expect(told).toEqual([])
  cache.set('0', 7)
  expect(cache.get('1')).toBe(1)
  cache.trim()
  expect(told).toEqual([['2', 2]])
  filled(cache, 3, 5)
  cache.trim()
  expect(told).toEqual([
    ['2', 2],
    ['0', 7],
    ['1', 1],
  ])
})

test('what grows while it is used weighs what it has become, before long', () => {
  const cache = new Cache<{ size: number }>({ max: 20, weigh: ({ size }) => size })
  const grows = { size: 1 }
  cache.set('a', grows)
  cache.set('b', { size: 1 })
  grows.size = 30
  for (let trims = 0; trims < trimsPerWeighing; trims += 1) cache.trim()
  expect(cache.get('a')).toBe(grows)
  for (let trims = 0; trims < trimsPerWeighing; trims += 1) cache.trim()
  expect(cache.has('b')).toBe(false)
})
