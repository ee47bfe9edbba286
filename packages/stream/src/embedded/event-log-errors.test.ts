import { expect, test } from 'vitest'
import { DeskpulseError } from '../errors.ts'
import { logError } from './event-log-errors.ts'

const sqlite = (errcode: number, message = 'said so'): Error =>
  Object.assign(new Error(message), { errcode })

test.each([
  { errcode: 13, code: 'LOG_FULL', message: /no room left for a\.sqlite: nothing was written/ },
  { errcode: 5, code: 'LOG_UNAVAILABLE', message: /a\.sqlite: another process has it open/ },
  { errcode: 11, code: 'LOG_DAMAGED', message: /a\.sqlite is damaged \(said so\): stop, see with/ },
  { errcode: 26, code: 'LOG_DAMAGED', message: /a\.sqlite is damaged \(said so\)/ },
  { errcode: 10, code: 'LOG_UNAVAILABLE', message: /a\.sqlite: said so/ },
])(
  'SQLite’s $errcode, and each that is told more exactly, is $code',
  ({ errcode, code, message }) => {
    for (const exactly of [errcode, errcode + 256, errcode + 7 * 256]) {
      const error = sqlite(exactly)
      expect(logError(error, 'a.sqlite')).toMatchObject({
        code,
        message: expect.stringMatching(message),
        cause: error,
      })
    }
  },
)

test('what is said already, and what SQLite did not say, is passed on', () => {
  const passed = [new DeskpulseError('LOG_FULL', 'full'), new TypeError('a bug'), 'text', null]
  for (const error of passed) expect(logError(error, 'a.sqlite')).toBe(error)
})
