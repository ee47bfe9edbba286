import { expect, test } from 'vitest'
import { originalHeaders, originalOf } from '../errors/original.ts'
import { withoutLetters } from './erasing.ts'
import type { DeadLetter } from './letter.ts'
import {
  contentOf,
  type DeadLetterRecord,
  letterGroupRecord,
  replayReceiptRecord,
} from './record.ts'

const letter = (tenant: string | null, text = '{}'): DeadLetter => ({
  original: originalOf(Buffer.from(text)),
  ...{ code: 'bad-schema', path: '', reason: '', tenant, source: null },
  ...{ firstMs: 1, lastMs: 2, times: 1, place: null },
})
const stored = (record: Omit<DeadLetterRecord, 'appendedAtMs'>) => ({
  ...record,
  ...{ key: null, appendedAtMs: 7 },
})
const ofAcme = ({ tenant }: DeadLetter): boolean => tenant === 'acme'

test('of a group those go that are chosen, and a group without any goes as a whole', () => {
  const group = stored(letterGroupRecord([letter('acme'), letter('globex')]))
  const fate = withoutLetters(group, ofAcme)
  if (typeof fate === 'string') throw new Error(fate)
  const left = contentOf({ ...fate, appendedAtMs: 7 })
  expect(left).toMatchObject({ kind: 'letters', letters: [{ tenant: 'globex' }] })
  expect(withoutLetters(group, () => true)).toBe('remove')
  expect(withoutLetters(group, () => false)).toBe('keep')
})

test('receipts stay, and so does what cannot be read', () => {
  const receipt = stored(replayReceiptRecord({ atMs: 1, letters: ['x'] }))
  const garbage = stored({ value: Buffer.from('no group'), headers: { format: 'letters/1' } })
  expect(contentOf(garbage)).toBeNull()
  for (const record of [receipt, garbage]) expect(withoutLetters(record, () => true)).toBe('keep')
})

test('a letter that says no time keeps that of its append', () => {
  const headers = originalHeaders(originalOf(Buffer.from('{}')))
  const record = stored({ value: Buffer.from('{}'), headers: { ...headers, code: 'id-conflict' } })
  const fate = withoutLetters(record, () => false)
  expect(fate).toMatchObject({ headers: { receivedAt: '1970-01-01T00:00:00.007Z' } })
  expect(withoutLetters(record, () => true)).toBe('remove')
})
