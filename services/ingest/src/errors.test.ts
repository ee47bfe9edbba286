import { readFile } from 'node:fs/promises'
import { EntryUnreadable } from '@deskpulse/contract'
import { DeskpulseError, type StreamErrorCode, streamErrorCodes } from '@deskpulse/stream'
import { expect, expectTypeOf, test } from 'vitest'

test('docs/errors.md lists every operating error, and no other', async () => {
  const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const [, operating = ''] = page.split('## Operating errors')
  const listed = [...operating.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code)
  expect(listed).toEqual([...streamErrorCodes, new EntryUnreadable('').code])
})

test('an operating error with a code that is not listed does not compile', () => {
  expectTypeOf<ConstructorParameters<typeof DeskpulseError>[0]>().toEqualTypeOf<StreamErrorCode>()
  expectTypeOf<string>().not.toExtend<StreamErrorCode>()
  expect(new DeskpulseError('LOG_FULL', 'no room').code).toBe('LOG_FULL')
})
