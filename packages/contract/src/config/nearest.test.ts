import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const options = ['tenant', 'topic-prefix', 'url', 'rate', 'timeZone']

test.each([
  { word: 'tenat', found: 'tenant', rule: 'a letter is missing' },
  { word: 'tennat', found: 'tenant', rule: 'two letters are swapped' },
  { word: 'topic', found: 'topic-prefix', rule: 'it is the beginning of a long one' },
  { word: 'timezone', found: 'timeZone', rule: 'only the case differs' },
  { word: 'ulr', found: 'url', rule: 'a short one is mistyped' },
])('the nearest word of $word is $found: $rule', ({ word, found }) =>
  expect(nearest(word, options)).toBe(found),
)

test.each([
  { word: 'xyz', rule: 'most letters would have to change' },
  { word: 'ab', rule: 'every letter would have to change' },
  { word: '', rule: 'there is no letter' },
  { word: 'tenant'.repeat(1_000), rule: 'it is far too long' },
])('no word is near $rule', ({ word }) => expect(nearest(word, options)).toBeNull())

test('of equally near words the first is taken', () =>
  expect(nearest('bat', ['cat', 'hat'])).toBe('cat'))
