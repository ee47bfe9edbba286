import { expect, test } from 'vitest'
import { fitDetail } from './detail.ts'

const url =
  'https://user:passw0rd123@hooks.example/services/T0000000/abcdefghij?key=0123456789abcdef&v=2'
const endpoint = { url, secrets: ['whsec_MfKQ9r8GKYqrTwjU', 'SECold'] }

test.each([
  {
    said: 'no\u0000such\u001b[31m\r\nroom\u202e',
    fit: 'no such [31m room',
    rule: 'control characters are blanks',
  },
  {
    said: `POST ${url} failed`,
    fit: 'POST https://hooks.example/… failed',
    rule: 'an address is cut to its origin',
  },
  {
    said: 'see "https://docs.example/a?b=c"',
    fit: 'see "https://docs.example/…"',
    rule: 'whosever it is',
  },
  {
    said: 'token 0123456789abcdef is wrong',
    fit: 'token *** is wrong',
    rule: 'a key of the address is hidden',
  },
  {
    said: 'bad path /services/T0000000/abcdefghij',
    fit: 'bad path /***/***/***',
    rule: 'long parts of its path too',
  },
  {
    said: 'MfKQ9r8GKYqrTwjU, whsec_MfKQ9r8GKYqrTwjU, SECold',
    fit: '***, ***, ***',
    rule: 'and the secrets',
  },
  { said: '', fit: '', rule: 'nothing is nothing' },
])('$rule', ({ said, fit }) => {
  expect(fitDetail(said, endpoint)).toBe(fit)
})

test('a detail ends at 300 characters, and not within one', () => {
  expect(fitDetail('x'.repeat(100_000), endpoint)).toBe('x'.repeat(300))
  expect(fitDetail(`${'x'.repeat(299)}😀`, endpoint)).toBe('x'.repeat(299))
})

test('an address that is none hides its endpoint’s secrets all the same', () => {
  expect(fitDetail('SECold', { url: 'not an address', secrets: ['SECold'] })).toBe('***')
})
