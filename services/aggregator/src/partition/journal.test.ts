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

test('events hold on to the bytes of events alone, whatever their journal is a piece of', () => {
  const entry = (kind: JournalEntry['kind'], length: number): JournalEntry => ({
    kind,
    receivedMs: 0 as EpochMs,
    bytes: new Uint8Array(length),
  })
  const journal = encodeJournal([entry('event', 20), entry('note', 3_000), entry('event', 30)])
  const reply = Buffer.concat([Buffer.alloc(40_000), journal, Buffer.alloc(40_000)])
  const events = decodeJournal(reply.subarray(40_000, 40_000 + journal.length)).filter(
    ({ kind }) => kind === 'event',
  )
  expect(
    [...new Set(events.map(({ bytes }) => bytes.buffer))].map(({ byteLength }) => byteLength),
  ).toEqual([50])
})

test('an entry is stored as its kind, its length, its log time and its bytes: journals outlive a release', () => {
  const bytes = Buffer.from('ab')
  const stored = encodeJournal([
    { kind: 'event', receivedMs: 1 as EpochMs, bytes },
    { kind: 'note', receivedMs: 0 as EpochMs, bytes: Buffer.from('c') },
  ])
  expect(stored.toString('hex')).toBe(
    ['00', '00000002', '3ff0000000000000', '6162', '01', '00000001', '0000000000000000', '63'].join(
      '',
    ),
  )
})
