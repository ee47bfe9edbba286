import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineCutter, type Line } from './lines.ts'
import { splitArray } from './split-array.ts'

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

function cutAt(whole: Buffer, size: number): Line[] {
  const cutter = lineCutter()
  const lines: Line[] = []
  for (let at = 0; at < whole.length; at += size)
    lines.push(...cutter.push(whole.subarray(at, at + size)))
  return [...lines, ...cutter.end()]
}

describe('lines', () => {
  test('where chunks end makes no difference', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '€', ' ', '"'), maxLength: 20 })
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 50 }), (texts, size) => {
        const expected = texts.filter((text) => text.trim() !== '')
        const lines = cutAt(Buffer.from(texts.join('\n')), size)
        expect(lines.map((one) => (one.kind === 'line' ? textOf(one.bytes) : 'too long'))).toEqual(
          expected,
        )
      }),
    )
  })

  test.each([
    { length: 64 * 1024, rule: '64 KiB is a line', kind: 'line' },
    { length: 64 * 1024 + 1, rule: 'a byte more is too long, and kept whole', kind: 'whole' },
    { length: 256 * 1024, rule: '256 KiB is kept whole', kind: 'whole' },
    {
      length: 256 * 1024 + 1,
      rule: 'of a byte more the head, the length and the hash are kept',
      kind: 'head',
    },
    { length: 1_000_000, rule: 'of 1 MB too', kind: 'head' },
  ])('$rule', ({ length, kind }) => {
    const bytes = Buffer.alloc(length, 'abcdefghij')
    for (const size of [1_000, 300_000, 2_000_000]) {
      const [line, last] = cutAt(Buffer.concat([bytes, Buffer.from('\nx')]), size)
      expect(last).toMatchObject({ kind: 'line' })
      if (line!.kind === 'line') expect([kind, line!.bytes.length]).toEqual(['line', length])
      else {
        expect(line).toMatchObject({ length, original: { kind } })
        expect(Buffer.from(line!.original.bytes).equals(bytes.subarray(0, 256 * 1024))).toBe(true)
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        if (line!.original.kind === 'head') expect(line!.original).toMatchObject({ length, sha256 })
      }
    }
  })
})

describe('the elements of an array', () => {
  test('are the bytes of its values, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), (values, space) => {
        const elements = splitArray(Buffer.from(JSON.stringify(values, null, space)))
        expect(elements!.map((bytes) => JSON.parse(textOf(bytes)) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        )
      }),
    )
  })

  test.each(['[', '[1', '[1]]', '[1] 2', '["a]', '[{]'])(
    '%s has none: it does not close, or does not end there',
    (text) => {
      expect(splitArray(Buffer.from(text))).toBeNull()
    },
  )
})
