import { readFile } from 'node:fs/promises'
import { EntryUnreadable } from '@deskpulse/contract'
import { streamErrorCodes } from '@deskpulse/stream'
import { expect, test } from 'vitest'

test('docs/errors.md lists every operating error, and no other', async () => {
  const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const [, operating = ''] = page.split('## Operating errors')
  const listed = [...operating.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code)
  expect(listed).toEqual([...streamErrorCodes, new EntryUnreadable('').code])
})
