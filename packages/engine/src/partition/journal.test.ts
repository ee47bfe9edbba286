import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeJournal, encodeJournal, type JournalEntry } from './journal.ts'

const entries = fc.array(
  fc.record<JournalEntry>({
    kind: fc.constantFrom('event', 'note'),
    receivedMs: fc.integer({ min: 0, max: 8.64e15 }).map((ms) => ms as EpochMs),
    text: fc.string({ unit: 'binary', maxLength: 300 }),
  }),
)

test('a journal that was appended to is read as all its entries in order', () => {
  fc.assert(
    fc.property(entries, entries, (first, second) => {
      const appended = Buffer.concat([encodeJournal(first), encodeJournal(second)])
      expect(decodeJournal(appended)).toEqual([...first, ...second])
    }),
  )
})

test('a journal of any length is encoded, and is not changed by the next one', () => {
  const entry = (text: string): JournalEntry => ({
    kind: 'event',
    receivedMs: 1 as EpochMs,
    text,
  })
  const long = [entry('长'.repeat(70_000)), entry('b')]
  const journal = encodeJournal(long)
  encodeJournal([entry('c'.repeat(200_000))])
  expect(decodeJournal(journal)).toEqual(long)
})

test('an entry is stored as its kind, its length, its log time and its bytes: journals outlive a release', () => {
  const stored = encodeJournal([
    { kind: 'event', receivedMs: 1 as EpochMs, text: 'ab' },
    { kind: 'note', receivedMs: 0 as EpochMs, text: 'c' },
  ])
  expect(stored.toString('hex')).toBe(
    ['00', '00000002', '3ff0000000000000', '6162', '01', '00000001', '0000000000000000', '63'].join(
      '',
    ),
  )
})
