import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import type { DimensionValues } from '../measures/measure.ts'
import { slicesOf } from './kept-slices.ts'
import { sliceIndex, sliceLimits, type SliceIndex } from './slice-index.ts'
import { decodeSliceTable, emptySliceTable, encodeSliceTable } from './slice-table.ts'
import { pastValuesMax } from './value-limit.ts'

const config = defaultTenantConfig
const limited = (sliceValuesMax: number): TenantConfig => ({ ...config, sliceValuesMax })
const billing = { queue: 'billing', agent: '7', channel: 'chat', class: 'live' }

test('numbers stand for the slices that the credit falls in, in every scope, also when asked again', () => {
  const value = fc.constantFrom('a', 'b', 'c')
  const credits: fc.Arbitrary<DimensionValues> = fc.record(
    { queue: fc.oneof(value, fc.array(value)), agent: value, channel: value, class: value },
    { requiredKeys: [] },
  )
  const asked = fc.array(fc.tuple(credits, fc.constantFrom('both', 'wide', 'agent')), {
    maxLength: 50,
  })
  fc.assert(
    fc.property(asked, (all) => {
      const index = sliceIndex(null)
      for (const [dimensions, scope] of all)
        expect(index.idsOf(dimensions, scope, config).map((id) => index.textOf(id))).toEqual(
          slicesOf(dimensions, scope, config),
        )
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

test('the table has changed when a slice was interned or a value limited since it was loaded or encoded', () => {
  const index = sliceIndex(encodeSliceTable({ ...emptySliceTable, texts: ['all'] }))
  expect(index.changed()).toBe(false)
  index.intern('all')
  expect(index.changed()).toBe(false)
  index.idsOf(billing, 'wide', config)
  expect(index.changed()).toBe(true)
  index.encode()
  expect(index.changed()).toBe(false)
  index.configure(limited(1))
  expect(index.changed()).toBe(true)
  index.encode()
  index.configure(limited(1))
  expect(index.changed()).toBe(false)
  for (const [queue, changes] of [
    ['billing', false],
    ['tech', true],
    ['tech', false],
  ] as const) {
    index.admit('queue', queue)
    expect(index.changed(), queue).toBe(changes)
    index.encode()
  }
})

test('under another configuration the same credit falls in the slices of that one', () => {
  const index = sliceIndex(null)
  const narrow: TenantConfig = {
    ...config,
    slices: { dimensions: ['queue'], pairs: [], values: {} },
  }
  index.idsOf(billing, 'both', config)
  expect(index.idsOf(billing, 'both', narrow).map((id) => index.textOf(id))).toEqual([
    'all',
    'queue=billing',
  ])
  expect(index.idsOf(billing, 'both', config)).toHaveLength(7)
})

const textsOf = (
  index: SliceIndex,
  credits: DimensionValues,
  scope: 'both' | 'agent' = 'both',
): (string | undefined)[] => index.idsOf(credits, scope, config).map((id) => index.textOf(id))

function limitedTo(valuesMax: number, ...queues: readonly string[]): SliceIndex {
  const index = sliceIndex(null)
  index.configure(limited(valuesMax))
  for (const queue of queues) index.admit('queue', queue)
  return index
}

test('a value past the limit counts as other in its dimension, in pairs too, and as itself in every other', () => {
  const index = limitedTo(2, 'a', 'b', 'c')
  expect(textsOf(index, { ...billing, queue: 'c' })).toEqual([
    ...[
      'all',
      'queue=other',
      'agent=7',
      'channel=chat',
      'class=live',
      'queue=other,channel=chat',
      'queue=other,class=live',
    ],
  ])
  expect(textsOf(index, { queue: 'b' })).toEqual(['all', 'queue=b'])
  expect([...index.valuesSeen('queue')]).toEqual(['a', 'b', 'other'])
})

test('an agent in two queues past the limit is in other once', () => {
  expect(textsOf(limitedTo(1, 'a', 'b', 'c'), { agent: '7', queue: ['a', 'b', 'c'] })).toEqual([
    'all',
    'queue=a',
    'queue=other',
    'agent=7',
  ])
})

test('a value is told once when it comes past the limit, the first hundred of them', () => {
  const index = limitedTo(1)
  expect(['a', 'a', 'b', 'b', 'c', 'a'].map((value) => index.admit('queue', value))).toEqual([
    ...['new', 'own', 'first-other', 'other', 'first-other', 'own'],
  ])
  const further = Array.from({ length: 200 }, (_, n) => index.admit('queue', `q-${n}`))
  expect(further.filter((placed) => placed === 'first-other')).toHaveLength(pastValuesMax - 2)
  expect(index.limitOf('queue')).toMatchObject({ values: 1, valuesMax: 1 })
})

test('a full dimension stays full under a larger limit: what was counted as other is taken back from there', () => {
  const index = limitedTo(1, 'a', 'b')
  index.configure(limited(10))
  expect([index.admit('queue', 'b'), index.admit('queue', 'new')]).toEqual(['other', 'first-other'])
  expect(index.admit('agent', 'b')).toBe('new')
})

test('a limit that is raised before anything came past it has room at once; the largest one counts', () => {
  const index = limitedTo(1, 'a')
  index.configure(limited(2))
  index.configure(limited(1))
  expect([index.admit('queue', 'b'), index.admit('queue', 'c')]).toEqual(['new', 'first-other'])
})

test('configured values have room whatever else comes, unless they are configured once the dimension is full', () => {
  const index = limitedTo(1)
  index.configure({
    ...limited(1),
    slices: { ...config.slices, values: { queue: ['billing', 'sales'] } },
  })
  expect(index.admit('queue', 'flood')).toBe('first-other')
  expect([
    index.isOther('queue', 'billing'),
    index.isOther('queue', 'flood'),
    index.isOther('queue', 'never'),
  ]).toEqual([false, true, true])
  expect(index.admit('queue', 'sales')).toBe('own')
  index.configure({ ...limited(1), slices: { ...config.slices, values: { queue: ['late'] } } })
  expect(index.admit('queue', 'late')).toBe('first-other')
})

test('values that no source names, and other itself, have slices of their own and do not count', () => {
  const index = limitedTo(1, 'none', 'unknown', 'other', 'a')
  expect(index.limitOf('queue').values).toBe(1)
  expect(textsOf(index, { queue: 'none' })).toEqual(['all', 'queue=none'])
})

test('an open vocabulary has no limit but its list', () => {
  const index = limitedTo(1)
  const topics: TenantConfig = {
    ...config,
    slices: { dimensions: ['topic'], pairs: [], values: { topic: ['x', 'y'] } },
  }
  const texts = ['x', 'y', 'z'].flatMap((topic) =>
    index.idsOf({ topic }, 'both', topics).map((id) => index.textOf(id)),
  )
  expect(texts).toEqual(['all', 'topic=x', 'all', 'topic=y', 'all', 'topic=other'])
})

test('what is stored goes on as if it had never been put away', () => {
  const value = fc.constantFrom(...'abcdefghij'.split(''))
  const act = fc.oneof(
    fc.record({ admit: value }),
    fc.record({
      valuesMax: fc.integer({ min: 1, max: 6 }),
      configured: fc.array(value, { maxLength: 3 }),
    }),
  )
  const done = (
    index: SliceIndex,
    one: { admit?: string; valuesMax?: number; configured?: string[] },
  ): unknown =>
    one.admit === undefined
      ? index.configure({
          sliceValuesMax: one.valuesMax!,
          slices: { ...config.slices, values: { queue: one.configured! } },
        })
      : [index.admit('queue', one.admit), textsOf(index, { queue: one.admit })]
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      let stored = sliceIndex(null)
      const kept = sliceIndex(null)
      for (const one of acts) {
        stored = sliceIndex(stored.encode())
        expect(done(stored, one)).toEqual(done(kept, one))
      }
      expect(stored.encode()).toEqual(kept.encode())
    }),
  )
})

test('what is remembered is what is computed anew, whatever limits and configurations come in between', () => {
  const value = fc.constantFrom(...'abcd'.split(''))
  const credits = fc.record(
    { queue: fc.oneof(value, fc.array(value, { maxLength: 2 })), agent: value, topic: value },
    { requiredKeys: [] },
  )
  const act = fc.oneof(
    fc.record({ admit: value, dimension: fc.constantFrom('queue', 'agent') }),
    fc.record({
      valuesMax: fc.integer({ min: 1, max: 4 }),
      configured: fc.array(value, { maxLength: 2 }),
    }),
    {
      weight: 3,
      arbitrary: fc.record({
        credits,
        scope: fc.constantFrom('both', 'wide', 'agent'),
        byTopic: fc.boolean(),
      }),
    },
  )
  const topics: TenantConfig = {
    ...config,
    slices: {
      dimensions: ['queue', 'topic'],
      pairs: [['queue', 'agent']],
      values: { topic: ['a'] },
    },
  }
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const index = sliceIndex(null)
      for (const one of acts) {
        if ('admit' in one) index.admit(one.dimension, one.admit)
        else if ('valuesMax' in one)
          index.configure({
            sliceValuesMax: one.valuesMax,
            slices: { ...config.slices, values: { queue: one.configured } },
          })
        else {
          const inForce = one.byTopic ? topics : config
          const anew = sliceIndex(index.encode())
          expect(index.idsOf(one.credits, one.scope, inForce)).toEqual(
            anew.idsOf(one.credits, one.scope, inForce),
          )
          expect(decodeSliceTable(index.encode())).toEqual(decodeSliceTable(anew.encode()))
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('credits that differ only in what no slice is kept of share one list', () => {
  const index = sliceIndex(null)
  const [refund, invoice] = ['refund', 'invoice'].map((topic) =>
    index.idsOf({ ...billing, topic }, 'both', config),
  )
  expect(refund).toBe(invoice)
  expect(index.idsOf(billing, 'both', config)).toBe(refund)
})

test('more dimension values than are remembered have the slices that they had', () => {
  const index = sliceIndex(null)
  const agents: TenantConfig = {
    ...config,
    slices: { dimensions: ['agent'], pairs: [], values: {} },
  }
  const first = index.idsOf({ agent: 'first' }, 'both', agents)
  for (let agent = 0; agent < sliceLimits.memoEntriesMax; agent += 1)
    index.idsOf({ agent: String(agent) }, 'both', agents)
  const again = index.idsOf({ agent: 'first' }, 'both', agents)
  expect(again).toEqual(first)
  expect(again).not.toBe(first)
})

test('a slice that nothing fell in has no number', () => {
  expect(sliceIndex(null).idOf('queue=billing')).toBeUndefined()
})

test('any text comes back from the stored table', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
      const table = { ...emptySliceTable, texts, past: { queue: texts } }
      expect(decodeSliceTable(encodeSliceTable(table))).toEqual(table)
    }),
  )
})

test.each(['{}', '[]', '{"texts":[1],"valuesMax":null,"reserved":{},"past":{}}', 'nonsense'])(
  '%s is no slice table',
  (text) => {
    expect(() => decodeSliceTable(Uint8Array.from(text, (char) => char.charCodeAt(0)))).toThrow()
  },
)

test('a dimension is full once a value of it counts as other; one that has no limit never is', () => {
  const index = sliceIndex(null)
  index.configure(limited(2))
  const fullAfter = ['a', 'b', 'c'].map((name) => {
    index.admit('queue', name)
    index.idsOf({ queue: 'a', class: name }, 'both', config)
    return (['queue', 'agent', 'class'] as const).filter((dimension) => index.isFull(dimension))
  })
  expect(fullAfter).toEqual([[], [], ['queue']])
})
