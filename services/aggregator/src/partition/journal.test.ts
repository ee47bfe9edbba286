import type { EpochMs } from '@deskpulse/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeJournal, encodeJournal, type JournalEntry } from './journal.ts'

const entries = fc.array(
  fc.record<JournalEntry>({
    kind: fc.constantFrom('event', 'note'),
    receivedMs: fc.integer({ min: 0, max: 8.64e15 }).map((ms) => ms as EpochMs),
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
)

const plain = (list: readonly JournalEntry[]): unknown =>
  list.map(({ kind, receivedMs, bytes }) => ({ kind, receivedMs, bytes: [...bytes] }))

test('a journal that was appended to is read as all its entries in order', () => {
  fc.assert(
    fc.property(entries, entries, (first, second) => {
      const appended = Buffer.concat([encodeJournal(first), encodeJournal(second)])
      expect(plain(decodeJournal(appended))).toEqual(plain([...first, ...second]))
    }),
  )
})
