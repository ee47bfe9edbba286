import type { Engagement } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { engagementOf, noteOf, type EngagementNote } from './engagement-note.ts'

const instant = fc.nat({ max: 5 }).map((atMs) => atMs as EpochMs)
const engagement: fc.Arbitrary<Engagement> = fc.record(
  {
    contactId: fc.constant('c-1'),
    isCall: fc.boolean(),
    spans: fc.array(fc.record({ startMs: instant, endMs: fc.option(instant) }), { maxLength: 4 }),
    mentionsMs: fc.array(instant, { maxLength: 5 }),
  },
  { requiredKeys: ['contactId', 'spans', 'mentionsMs'] },
)

test('the notes of a journal, one after another, give what the contact said last', () => {
  fc.assert(
    fc.property(fc.array(engagement, { minLength: 1, maxLength: 8 }), (said) => {
      let written: Engagement | undefined
      let read: Engagement | undefined
      for (const word of said) {
        read = engagementOf(
          read,
          JSON.parse(JSON.stringify(noteOf(written, word))) as EngagementNote,
        )
        written = word
        expect(read).toEqual(word)
      }
    }),
  )
})

test('a further message of a conversation takes as much, however long it is', () => {
  const said = (messages: number): Engagement => ({
    contactId: 'c-1',
    spans: [{ startMs: 0 as EpochMs, endMs: (10 * messages + 900) as EpochMs }],
    mentionsMs: Array.from({ length: messages }, (_, index) => (10 * index + 100) as EpochMs),
  })
  const bytes = (messages: number): number =>
    JSON.stringify(noteOf(said(messages - 1), said(messages))).length
  expect(bytes(900) - bytes(20)).toBeLessThan(10) // Larger numbers have more digits.
})
