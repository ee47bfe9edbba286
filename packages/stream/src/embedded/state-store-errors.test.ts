import { expect, test } from 'vitest'
import { storeError } from './state-store-errors.ts'

const failure = (errcode: number): Error =>
  Object.assign(new Error('as SQLite says it'), { errcode })
const codeOf = (errcode: number): unknown =>
  (storeError(failure(errcode), 'commit', '/data/state.sqlite') as { code?: unknown }).code

test.each([
  { result: 'SQLITE_BUSY', errcode: 5, code: 'STORE_UNAVAILABLE' },
  { result: 'SQLITE_LOCKED', errcode: 6, code: 'STORE_UNAVAILABLE' },
  { result: 'SQLITE_IOERR', errcode: 10, code: 'STORE_UNAVAILABLE' },
  { result: 'SQLITE_IOERR_WRITE', errcode: 778, code: 'STORE_UNAVAILABLE' },
  { result: 'SQLITE_CORRUPT', errcode: 11, code: 'STORE_DAMAGED' },
  { result: 'SQLITE_FULL', errcode: 13, code: 'STORE_FULL' },
  { result: 'SQLITE_CANTOPEN', errcode: 14, code: 'STORE_UNAVAILABLE' },
  { result: 'SQLITE_NOTADB', errcode: 26, code: 'STORE_DAMAGED' },
])('$result is $code', ({ errcode, code }) => {
  expect(codeOf(errcode)).toBe(code)
})

test('what is damaged is named, with what to do', () => {
  const { message } = storeError(failure(11), 'commit', '/data/state.sqlite', 'remove it') as Error
  expect(message).toMatch(
    /^\/data\/state\.sqlite is damaged \(commit: as SQLite says it\): stop, and remove it/,
  )
})

test('anything else is a bug, and stays as it is', () => {
  const [mistake, misuse] = [new TypeError('no function'), failure(21)]
  expect([mistake, misuse, 'text'].map((error) => storeError(error, 'commit', 'f'))).toEqual([
    mistake,
    misuse,
    'text',
  ])
})
