import { expect, test } from 'vitest'
import type { EpochMs } from '../../time/time.ts'
import {
  equalSessions,
  isDueContinued,
  type DueReplies,
  type DueReply,
  type Session,
} from './session.ts'

const replyAt = (atMs: number, parts: Partial<DueReply> = {}): DueReply => ({
  ...{ atMs: atMs as EpochMs, queue: 'q', agent: 'a-1', isMissed: false, ...parts },
})
const dueOf = (replies: readonly DueReply[], parts: Partial<DueReplies> = {}): DueReplies => ({
  ...{ replies, channel: 'chat', class: 'live', attributes: { priority: 'high' }, ...parts },
})
const session = (parts: Partial<Session> = {}): Session => ({
  ...{ contactId: 'c', opened: null, topic: undefined, served: null, due: null, resolution: null },
  ...parts,
})
const [first, second] = [replyAt(1), replyAt(2)]
const otherReplies: readonly { part: string; reply: DueReply }[] = [
  { part: 'when it came due', reply: replyAt(3) },
  { part: 'its queue', reply: replyAt(2, { queue: null }) },
  { part: 'its agent', reply: replyAt(2, { agent: 'a-2' }) },
  { part: 'whether it was missed', reply: replyAt(2, { isMissed: true }) },
]
const otherCredits: readonly { part: string; credit: Partial<DueReplies> }[] = [
  { part: 'the channel', credit: { channel: 'email' } },
  { part: 'the class', credit: { class: 'async' } },
  { part: 'an attribute', credit: { attributes: { priority: 'low' } } },
]

test.each<{ rule: string; before: DueReplies | null; now: DueReplies | null; is: boolean }>([
  { rule: 'by the first ones', before: null, now: dueOf([first]), is: true },
  { rule: 'by the same', before: dueOf([first]), now: dueOf([replyAt(1)]), is: true },
  { rule: 'by more of them', before: dueOf([first]), now: dueOf([first, second]), is: true },
  { rule: 'not by none', before: dueOf([first]), now: null, is: false },
  { rule: 'not by fewer', before: dueOf([first, second]), now: dueOf([first]), is: false },
  ...otherReplies.flatMap(({ part, reply }) => [
    {
      rule: `not where ${part} is another for the last one`,
      before: dueOf([first, second]),
      now: dueOf([first, reply]),
      is: false,
    },
    {
      rule: `not where ${part} is another for the first one`,
      before: dueOf([second, replyAt(4)]),
      now: dueOf([reply, replyAt(4)]),
      is: false,
    },
  ]),
  ...otherCredits.map(({ part, credit }) => ({
    rule: `not where ${part} is another`,
    before: dueOf([first]),
    now: dueOf([first], credit),
    is: false,
  })),
])('replies that came due are continued $rule', ({ before, now, is }) => {
  expect(isDueContinued(before, now)).toBe(is)
})

test.each<{ part: string; one: Partial<Session>; other: Partial<Session> }>([
  ...otherReplies.map(({ part, reply }) => ({
    part: `${part}, of a reply that came due`,
    ...{ one: { due: dueOf([first, second]) }, other: { due: dueOf([first, reply]) } },
  })),
  ...otherCredits.map(({ part, credit }) => ({
    part: `${part} of what came due`,
    ...{ one: { due: dueOf([first]) }, other: { due: dueOf([first], credit) } },
  })),
  {
    part: 'another reply that came due',
    ...{ one: { due: dueOf([first]) }, other: { due: dueOf([first, second]) } },
  },
  { part: 'the first reply that came due', one: {}, other: { due: dueOf([first]) } },
  {
    part: 'when it was served',
    one: { served: { atMs: 1 as EpochMs, credit: {} } },
    other: { served: { atMs: 2 as EpochMs, credit: {} } },
  },
  {
    part: 'who served it',
    one: { served: { atMs: 1 as EpochMs, credit: { agent: 'a-1' } } },
    other: { served: { atMs: 1 as EpochMs, credit: { agent: 'a-2' } } },
  },
  {
    part: 'that it was served',
    one: {},
    other: { served: { atMs: 1 as EpochMs, credit: {} } },
  },
])('sessions differ by $part', ({ one, other }) => {
  const [a, b] = [session(one), session(other)]
  expect([equalSessions(a, b), equalSessions(b, a)]).toEqual([false, false])
  expect(equalSessions(b, structuredClone(b))).toBe(true)
})
