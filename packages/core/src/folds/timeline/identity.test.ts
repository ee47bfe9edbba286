import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identityHash } from './identity.ts'

test('is a whole number of 53 bits', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (source, id) => {
      const hash = identityHash({ source, id })
      expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true)
    }),
  )
})

test('all of its bits are used, and no two of many identities that are alike share it', () => {
  const hashes = ['/chat', '/chat1', '/voice'].flatMap((source) =>
    Array.from({ length: 20_000 }, (_, number) => identityHash({ source, id: `${number}` })),
  )
  expect(new Set(hashes).size).toBe(hashes.length)
  for (let bit = 0; bit < 53; bit++) {
    const share = hashes.filter((hash) => Math.floor(hash / 2 ** bit) % 2 === 1).length
    expect(Math.abs(share / hashes.length - 0.5), `bit ${bit}`).toBeLessThan(0.1)
  }
})

test('where the source ends and the id begins is part of it', () => {
  expect(identityHash({ source: '/a', id: 'bc' })).not.toBe(
    identityHash({ source: '/ab', id: 'c' }),
  )
})
