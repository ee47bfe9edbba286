import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { namesOneOf } from './naming.ts'

const names = (text: string, ...words: string[]): boolean => namesOneOf(Buffer.from(text), words)

test.each([
  { how: 'as a string', text: '{"data":{"customerId":"u-1"}}' },
  { how: 'as a key', text: '{"u-1":{}}' },
  { how: 'in an array', text: '["a","u-1"]' },
  { how: 'with escapes', text: '{"customerId":"\\u0075-\\u0031"}' },
  { how: 'in JSON within JSON', text: JSON.stringify({ body: JSON.stringify({ to: 'u-1' }) }) },
  {
    how: 'in JSON within that',
    text: JSON.stringify(JSON.stringify({ body: JSON.stringify({ to: 'u-1' }) })),
  },
  { how: 'in what ends early', text: '{"customerId":"u-1"' },
  { how: 'at the end', text: '{"customerId":"u-1' },
  { how: 'in words', text: '{"text":"hello u-1, how are you?"}' },
  { how: 'behind a line break', text: '{"text":"hello\\nu-1"}' },
  { how: 'in a form', text: 'type=message&customer=u-1&x=2' },
  { how: 'in another notation', text: "{customerId: 'u-1'}" },
])('a customer is named $how', ({ text }) => {
  expect(names(text, 'u-1')).toBe(true)
  expect(names(text, 'u-2', 'u-1')).toBe(true)
  expect(names(text, 'u-2', 'u')).toBe(false)
})

test.each(['"u-10"', '"xu-1"', '"u-1/2"', '"a.u-1"', '"U-1"', '', '\\', '"\\u00"'])(
  '%s names nobody',
  (text) => expect(names(text, 'u-1')).toBe(false),
)

test('a number is named as a number, and not by the minutes of a time', () => {
  expect(names('{"customerId":17}', '17')).toBe(true)
  expect(names('[1,17 ]', '17')).toBe(true)
  expect(names('{"time":"2026-03-17T17:17:17.017Z"}', '17')).toBe(false)
  expect(names('{"customerId":170}', '17')).toBe(false)
})

/** Ids have no control characters. */
const anyId = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((id) => !/\p{C}/u.test(id))

test('whoever stands in JSON as a string is named, whatever the id, and bytes before and behind are not looked at', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      const text = Buffer.from(JSON.stringify({ data: { customerId: id } }))
      const whole = Buffer.concat([Buffer.from('"other"'), text, Buffer.from('"other"')])
      expect(namesOneOf(whole.subarray(7, 7 + text.length), [id])).toBe(true)
      expect(namesOneOf(whole.subarray(7, 7 + text.length), ['other'])).toBe(id === 'other')
    }),
  )
})

test.each(['a', '=', 'ab', 'a,', '==a'])(
  'a text of nothing but the beginning of the word, which is %s again and again, is gone through once',
  (part) => {
    const word = part.repeat(60)
    const text = Buffer.from(`x${part.repeat(6_000)}x`)
    const searches = vi.spyOn(String.prototype, 'indexOf')
    const found = namesOneOf(text, [word])
    const count = searches.mock.calls.filter(([sought]) => sought === word).length
    searches.mockRestore()
    expect(found).toBe(false)
    expect(count).toBeLessThanOrEqual(text.length / word.length + 1)
  },
)

/** Every place is looked at. */
function naively(text: string, word: string): boolean {
  const isEdge = (one: string) => one === '' || one === ','
  return Array.from(text).some(
    (_one, at) =>
      text.startsWith(word, at) &&
      (isEdge(text.slice(0, at).slice(-1)) || text[at - 1] === '=') &&
      isEdge(text.slice(at + word.length).slice(0, 1)),
  )
}

test('a word that overlaps itself is found wherever it stands', () => {
  const few = (sizes: { readonly minLength: number; readonly maxLength: number }) =>
    fc.string({ unit: fc.constantFrom('a', 'b', ',', '='), ...sizes })
  const sizes = { minLength: 1, maxLength: 6 }
  fc.assert(
    fc.property(few({ ...sizes, maxLength: 40 }), few(sizes), (text, word) => {
      expect(names(text, word)).toBe(naively(text, word))
    }),
    { numRuns: 2_000 },
  )
})
