import { expect, test } from 'vitest'
import * as z from 'zod'
import { parseBody } from './api/index.ts'
import { parseConfig } from './config/index.ts'
import { decodeConfigEntry, EntryUnreadable } from './entries/index.ts'
import { safelyParsed } from './safely-parsed.ts'

const schema = z.strictObject({
  comment: z.string().max(9),
  others: z.array(z.unknown()).optional(),
})
/** Nothing makes a number of it. */
const incomparable = { length: { toString: 1 } }

const issuesOf = (input: unknown) =>
  safelyParsed(schema, input).error?.issues.map(({ code, path }) => [code, path.join('.')])

test('an object that is no text is refused, whatever its length is', () => {
  expect(issuesOf({ comment: incomparable })).toEqual([['invalid_type', 'comment']])
  expect(issuesOf({ comment: [[incomparable]] })).toEqual([['invalid_type', 'comment']])
})

test('so it is where a value nests deep, or holds itself', () => {
  const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  expect(issuesOf({ comment: incomparable, others: [deep] })).toEqual([['invalid_type', 'comment']])
  const self: unknown[] = []
  self.push(self)
  expect(issuesOf({ comment: incomparable, others: self })).toEqual([['invalid_type', 'comment']])
})

test('bodies, entries and files are read so', () => {
  expect(parseBody(schema, { comment: incomparable })).toMatchObject({
    ok: false,
    problem: { code: 'bad-request', errors: [{ path: '/comment', got: 'object' }] },
  })
  expect(parseConfig({ kafka: { topicPrefix: incomparable } }, {}, {})).toMatchObject({
    ok: false,
    errors: [{ path: 'kafka.topicPrefix' }],
  })
  const entry = {
    id: 'a',
    predecessor: null,
    config: { timeZone: incomparable, thresholds: [incomparable] },
  }
  expect(() => decodeConfigEntry(Buffer.from(JSON.stringify(entry)))).toThrow(EntryUnreadable)
})
