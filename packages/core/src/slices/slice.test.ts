import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, dimensions, type TenantConfig } from '../config/tenant-config.ts'
import { keepsSlice, slicesOf } from './kept-slices.ts'
import { parseReadSlice, parseSlice, type ReadSlice, sliceText } from './slice.ts'

const withTopics: TenantConfig = {
  ...defaultTenantConfig,
  slices: {
    dimensions: ['queue', 'agent', 'topic'],
    pairs: [['topic', 'queue']],
    values: { topic: ['refund'] },
  },
}

describe('text of a slice', () => {
  test.each([
    { text: 'all', canonical: 'all', rule: 'all is the slice without dimensions' },
    { text: 'queue=billing', canonical: 'queue=billing', rule: 'one dimension' },
    {
      text: 'channel=chat,queue=billing',
      canonical: 'queue=billing,channel=chat',
      rule: 'a pair is put in the order of the dimensions',
    },
    { text: 'queue=a%2Cb', canonical: 'queue=a%2Cb', rule: 'a comma in a value is encoded' },
    {
      text: 'queue=%2A',
      canonical: 'queue=%2A',
      rule: 'a star in a value is encoded: alone it stands for every value',
    },
    { text: 'queue=%61', canonical: 'queue=a', rule: 'what needs no encoding is not encoded' },
    { text: 'queue=售后', canonical: 'queue=售后', rule: 'other scripts stay readable' },
  ])('$rule: $text', ({ text, canonical }) => {
    expect(parseSlice(text)).toMatchObject({ ok: true, text: canonical })
  })

  test.each([
    { text: '', code: 'empty', got: '' },
    { text: 'team=x', code: 'unknown-dimension', got: 'team' },
    { text: '=x', code: 'unknown-dimension', got: '' },
    { text: 'queue', code: 'no-value', got: 'queue' },
    { text: 'queue=', code: 'no-value', got: 'queue=' },
    { text: 'class=live,queue=*', code: 'star', got: 'queue=*' },
    { text: 'queue=%zz', code: 'bad-encoding', got: 'queue=%zz' },
    { text: 'queue=a,queue=b', code: 'repeated-dimension', got: 'queue=b' },
    {
      text: 'queue=a,agent=b,channel=c',
      code: 'too-many-dimensions',
      got: 'queue=a,agent=b,channel=c',
    },
    { text: 'all,queue=a', code: 'unknown-dimension', got: 'all' },
  ])('$text is refused as $code', ({ text, code, got }) => {
    expect(parseSlice(text)).toMatchObject({ ok: false, code, got })
  })

  test.each([
    { text: 'team=x', slice: [{ dimension: 'team', value: 'x' }] },
    { text: 'team=n%2Ct', slice: [{ dimension: 'team', value: 'n,t' }] },
    { text: 'all', slice: [] },
    { text: 'queue=a', slice: [{ dimension: 'queue', value: 'a' }] },
  ])('$text can be asked for', ({ text, slice }) => {
    expect(parseReadSlice(text)).toEqual({ ok: true, slice, text })
    expect(sliceText(slice as ReadSlice)).toBe(text)
  })

  test.each([
    { text: 'team', code: 'no-value' },
    { text: 'team=', code: 'no-value' },
    { text: 'team=*', code: 'star' },
    { text: 'team=%zz', code: 'bad-encoding' },
    { text: 'team=x,queue=a', code: 'team-in-pair' },
    { text: 'queue=a,team=x', code: 'team-in-pair' },
    { text: 'floor=3', code: 'unknown-dimension' },
  ])('$text cannot be asked for: $code', ({ text, code }) => {
    expect(parseReadSlice(text)).toMatchObject({ ok: false, code })
  })

  test('any value comes back from the text', () => {
    const value = fc.string({ minLength: 1, unit: 'grapheme' })
    fc.assert(
      fc.property(fc.constantFrom(...dimensions), value, (dimension, text) => {
        const slice = [{ dimension, value: text }]
        expect(parseSlice(sliceText(slice))).toMatchObject({ ok: true, slice })
      }),
    )
  })
})

describe('slices of a credit', () => {
  const contact = { queue: 'billing', agent: '7', channel: 'chat', class: 'live' }
  test.each([
    {
      rule: 'a credit of both scopes is in every kept slice',
      scope: 'both' as const,
      slices: [
        'all',
        'queue=billing',
        'agent=7',
        'channel=chat',
        'class=live',
        'queue=billing,channel=chat',
        'queue=billing,class=live',
      ],
    },
    {
      rule: 'a wide credit is in no slice with an agent',
      scope: 'wide' as const,
      slices: [
        'all',
        'queue=billing',
        'channel=chat',
        'class=live',
        'queue=billing,channel=chat',
        'queue=billing,class=live',
      ],
    },
    {
      rule: 'an agent credit is in the agent slices alone',
      scope: 'agent' as const,
      slices: ['agent=7'],
    },
  ])('$rule', ({ scope, slices }) => {
    expect(slicesOf(contact, scope, defaultTenantConfig)).toEqual(slices)
  })

  test('of an appeal there are wherever there are those of its agent, and nothing is counted in them that agents do not have', () => {
    const pairs = { ...defaultTenantConfig.slices, pairs: [['queue', 'agent']] as const }
    const config = { ...defaultTenantConfig, slices: pairs }
    const credit = { queue: 'q', agent: 'a', appeal: 'a' }
    const appealed = (scope: 'both' | 'wide' | 'agent') =>
      slicesOf(credit, scope, config).filter((text) => text.includes('appeal'))
    expect(appealed('both')).toEqual(['appeal=a', 'queue=q,appeal=a'])
    expect(appealed('agent')).toEqual(appealed('both'))
    expect(appealed('wide')).toEqual([])
    expect(slicesOf({ queue: 'q', agent: 'a' }, 'both', config)).toHaveLength(4)
  })

  test('a dimension that a credit lacks has no slice of it, alone or in a pair', () => {
    expect(slicesOf({ queue: 'billing' }, 'both', defaultTenantConfig)).toEqual([
      'all',
      'queue=billing',
    ])
  })

  test('an agent in two queues is in both, once each, and once in all', () => {
    expect(slicesOf({ queue: ['a', 'b', 'a'] }, 'both', defaultTenantConfig)).toEqual([
      'all',
      'queue=a',
      'queue=b',
    ])
  })

  test('an agent in no queue is in no queue slice', () => {
    expect(slicesOf({ queue: [], agent: '7' }, 'both', defaultTenantConfig)).toEqual([
      'all',
      'agent=7',
    ])
  })

  test('a declared value of an open vocabulary is kept', () => {
    expect(slicesOf({ topic: 'refund' }, 'both', withTopics)).toEqual(['all', 'topic=refund'])
  })

  test('a value that is not declared counts as other, in pairs too, which stand in canonical order', () => {
    expect(slicesOf({ topic: 'weather', queue: 'q' }, 'both', withTopics)).toEqual([
      'all',
      'queue=q',
      'topic=other',
      'queue=q,topic=other',
    ])
  })

  test('a slice is kept when its dimensions are, whatever its values', () => {
    const kept = (text: string): boolean => {
      const parsed = parseSlice(text)
      return parsed.ok && keepsSlice(parsed.slice, withTopics)
    }
    expect(
      ['all', 'queue=new', 'queue=q,topic=refund', 'channel=chat', 'queue=q,agent=7'].map(kept),
    ).toEqual([true, true, true, false, false])
  })
})
