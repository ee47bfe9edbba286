import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import type { FactDimensions } from '../measures/measure.ts'
import { slicesOf } from './kept-slices.ts'
import { sliceIndex } from './slice-index.ts'
import { decodeSliceTable, encodeSliceTable } from './slice-table.ts'

const config = defaultTenantConfig
const billing = { queue: 'billing', agent: '7', channel: 'chat', class: 'live' }

test('numbers stand for the slices that the fact falls in, in every scope, also when asked again', () => {
  const value = fc.constantFrom('a', 'b', 'c')
  const facts: fc.Arbitrary<FactDimensions> = fc.record(
    { queue: fc.oneof(value, fc.array(value)), agent: value, channel: value, class: value },
    { requiredKeys: [] },
  )
  const asked = fc.array(fc.tuple(facts, fc.constantFrom('both', 'wide', 'agent')), { maxLength: 50 })
  fc.assert(
    fc.property(asked, (all) => {
      const index = sliceIndex(null)
      for (const [dimensions, scope] of all)
        expect(index.idsOf(dimensions, scope, config).map((id) => index.textOf(id))).toEqual(slicesOf(dimensions, scope, config))
    }),
  )
})

test('a number never changes, and a stored table goes on where it was', () => {
  const first = sliceIndex(null)
  const ids = first.idsOf(billing, 'both', config)
  const second = sliceIndex(first.encode())
  expect(second.idsOf(billing, 'both', config)).toEqual(ids)
  expect(second.intern('queue=new')).toBe(ids.length)
})

test('the table has grown when a slice was interned since it was loaded or encoded', () => {
  const index = sliceIndex(encodeSliceTable(['all']))
  expect(index.grew()).toBe(false)
  index.intern('all')
  expect(index.grew()).toBe(false)
  index.idsOf(billing, 'wide', config)
  expect(index.grew()).toBe(true)
  index.encode()
  expect(index.grew()).toBe(false)
})

test('under another configuration the same fact falls in the slices of that one', () => {
  const index = sliceIndex(null)
  const narrow: TenantConfig = { ...config, slices: { dimensions: ['queue'], pairs: [], values: {} } }
  index.idsOf(billing, 'both', config)
  expect(index.idsOf(billing, 'both', narrow).map((id) => index.textOf(id))).toEqual(['all', 'queue=billing'])
  expect(index.idsOf(billing, 'both', config)).toHaveLength(7)
})

test('a new value of a full dimension is named; a known one, and a dimension that is not kept, are not', () => {
  const index = sliceIndex(null, 2)
  for (const queue of ['a', 'b']) index.idsOf({ queue }, 'both', config)
  expect(index.overLimit({ queue: 'c' }, config)).toBe('queue')
  expect(index.overLimit({ queue: ['a', 'c'] }, config)).toBe('queue')
  expect(index.overLimit({ queue: 'b', topic: 'new' }, config)).toBeNull()
  expect([...index.valuesSeen('queue')]).toEqual(['a', 'b'])
})

test('values that no source names do not fill a dimension: when they are first counted depends on batches', () => {
  const early = sliceIndex(null, 2)
  for (const queue of ['none', 'a']) early.idsOf({ queue }, 'both', config)
  expect(early.overLimit({ queue: 'b' }, config)).toBeNull()
  const late = sliceIndex(null, 2)
  for (const queue of ['a', 'b']) late.idsOf({ queue }, 'both', config)
  expect(late.overLimit({ queue: 'none' }, config)).toBeNull()
})

test('a slice that nothing fell in has no number', () => {
  expect(sliceIndex(null).idOf('queue=billing')).toBeUndefined()
})

test('any text comes back from the stored table', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
      expect(decodeSliceTable(encodeSliceTable(texts))).toEqual(texts)
    }),
  )
})

test.each(['{}', '[1]', 'nonsense'])('%s is no slice table', (text) => {
  expect(() => decodeSliceTable(Uint8Array.from(text, (char) => char.charCodeAt(0)))).toThrow()
})
