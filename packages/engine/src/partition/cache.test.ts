import { expect, test } from 'vitest'
import { Cache } from './cache.ts'

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

test('up to its whole room nothing goes, however often all of it is used in turn: it would be loaded again and again', () => {
  const cache = new Cache<number>({ max: 6, weigh: even })
  filled(cache, 0, 6)
  for (let round = 0; round < 20; round += 1) {
    cache.trim()
    expect(cache.get(String(round % 6))).toBe(round % 6)
  }
  filled(cache, 6, 7)
  cache.trim()
  expect(
    Array.from({ length: 7 }, (_, key) => cache.has(String(key))).filter((held) => held),
  ).toHaveLength(6)
})

test('what weighs more leaves room for fewer', () => {
  const cache = new Cache<number>({ max: 20, weigh: (value) => value })
  cache.set('a', 9)
  cache.set('b', 2)
  cache.trim()
  cache.set('c', 11)
  cache.trim()
  expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([false, true, true])
  cache.set('d', 21)
  cache.trim()
  expect(['a', 'b', 'c', 'd'].some((key) => cache.has(key))).toBe(false)
})

test('what is forgotten is told of once, with its last value; what was used since is not', () => {
  const told: [string, number][] = []
  const cache = new Cache<number>({
    max: 2,
    weigh: even,
    onForgotten: (key, value) => told.push([key, value]),
  })
  filled(cache, 0, 2)
  cache.trim()
  expect(told).toEqual([])
  cache.set('0', 7)
  filled(cache, 2, 3)
  cache.trim()
  expect(told).toEqual([['1', 1]])
  filled(cache, 3, 5)
  cache.trim()
  expect(told).toEqual([
    ['1', 1],
    ['0', 7],
    ['2', 2],
  ])
})

test('what grows while it is used weighs what it has become at the next trim', () => {
  const cache = new Cache<{ size: number }>({ max: 20, weigh: ({ size }) => size })
  const grows = { size: 1 }
  cache.set('b', { size: 1 })
  cache.set('a', grows)
  cache.trim()
  grows.size = 20
  cache.trim()
  expect([cache.has('a'), cache.has('b')]).toEqual([true, true]) // It was not used: nothing in it changes then.
  cache.get('a')
  cache.trim()
  expect([cache.has('a'), cache.has('b')]).toEqual([true, false])
})
