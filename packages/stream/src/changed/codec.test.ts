import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Changed } from './changed.ts'
import { decodeChanged, encodeChanged } from './codec.ts'

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.maxSafeNat().map(String),
  fc
    .tuple(fc.constantFrom('m:acme:minute:', 'open:', 'cc-', 'c0', 'ä'), fc.maxSafeNat())
    .map(([stem, number]) => `${stem}${number}`),
  fc.constantFrom(
    '',
    '0',
    '00',
    '007',
    '10',
    '9007199254740991',
    '9007199254740992',
    '99999999999999999999',
    '1e3',
    '-1',
  ),
)
const changedSets: fc.Arbitrary<Changed> = fc
  .array(fc.tuple(name, fc.array(name, { maxLength: 12 })), { maxLength: 8 })
  .map((all) => new Map(all.map(([key, fields]) => [key, new Set(fields)])))

test('whatever changed, what is decoded names exactly that', () => {
  fc.assert(
    fc.property(changedSets, (changed) => {
      expect(decodeChanged(encodeChanged(changed))).toEqual(changed)
    }),
    { numRuns: 2_000 },
  )
})

test('a part of it, more than it, and another form are told apart from what changed nothing', () => {
  fc.assert(
    fc.property(changedSets, fc.nat(), (changed, cut) => {
      const bytes = encodeChanged(changed)
      expect(decodeChanged(bytes.subarray(0, cut % bytes.length))).toBeNull()
      expect(decodeChanged(Buffer.concat([bytes, Buffer.of(0)]))).toBeNull()
      expect(decodeChanged(Buffer.concat([Buffer.of(2), bytes.subarray(1)]))).toBeNull()
      expect(decodeChanged(Buffer.from('["m:a"]'))).toBeNull()
    }),
  )
  expect(decodeChanged(encodeChanged(new Map()))).toEqual(new Map())
})

test('bytes that nobody wrote are read or refused, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const changed = decodeChanged(Buffer.concat([Buffer.of(1), bytes]))
      expect(changed === null || changed instanceof Map).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('slices are numbers, and what is alike is said once: a commit of 60 slices takes a tenth of its keys', () => {
  const slices = Array.from({ length: 60 }, (_, n) => `${3 * n}`)
  const changed: Changed = new Map([
    ['m:acme:minute:1732700040000', new Set(slices)],
    ['m:acme:slot:1732699800000', new Set(slices.slice(0, 5))],
    ['backlog:acme', new Set(slices.slice(0, 20))],
  ])
  const keys = [...changed].flatMap(([key, fields]) =>
    [...fields].map((field) => `${key}#${field}`),
  )
  expect(encodeChanged(changed).length).toBeLessThan(JSON.stringify(keys).length / 10)
})
