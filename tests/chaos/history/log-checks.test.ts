import { expect, test } from 'vitest'
import type { WireEvent } from '@deskpulse/contract'
import { logFaults, type LogHistory } from './log-checks.ts'

const event = {} as WireEvent
const sightings = (...digests: readonly string[]) =>
  digests.map((digest, offset) => ({ offset, digest }))
const sent = (times: Readonly<Record<string, readonly [number, number]>>): LogHistory['sent'] =>
  new Map(
    Object.entries(times).map(([key, [invokedMs, ackedMs]]) => [
      key,
      { event, invokedMs, ackedMs },
    ]),
  )

const acknowledged = sent({
  a: [0, 10],
  b: [5, 20],
  c: [25, 30],
  'never-acknowledged': [40, Infinity],
})

/** Three events in two records, which two readers saw. */
const sound: LogHistory = {
  sent: acknowledged,
  ordered: acknowledged,
  contentOf: (key) => key,
  readers: [
    { reader: 'one', partition: 0, seen: sightings('r0', 'r1') },
    { reader: 'two', partition: 0, seen: sightings('r0') },
  ],
  final: [
    {
      partition: 0,
      records: sightings('r0', 'r1'),
      events: ['b', 'a', 'a', 'c', 'b'].map((key) => ({ key, content: key })),
    },
  ],
}
const [last] = sound.final as readonly [LogHistory['final'][number]]
const named = (...keys: readonly string[]) => ({
  ...sound,
  final: [{ ...last, events: keys.map((key) => ({ key, content: key })) }],
})

test('a sound log has no faults: repeats, what was never acknowledged, and events sent at one time in any order', () => {
  expect(logFaults(sound)).toEqual([])
})

test.each<{ rule: string; history: LogHistory; faults: readonly string[] }>([
  {
    rule: 'an acknowledged event that is not there is lost',
    history: named('a', 'b'),
    faults: ['lost: c'],
  },
  {
    rule: 'a reader that saw another record there has diverged',
    history: {
      ...sound,
      readers: [{ reader: 'one', partition: 0, seen: sightings('r0', 'other') }],
    },
    faults: ['diverged: what one read at 0/1 is another record in the end'],
  },
  {
    rule: 'a reader that saw what is gone has diverged',
    history: {
      ...sound,
      readers: [{ reader: 'one', partition: 0, seen: sightings('r0', 'r1', 'r2') }],
    },
    faults: ['diverged: what one read at 0/2 is gone in the end'],
  },
  {
    rule: 'a reader that skipped an offset has a gap',
    history: {
      ...sound,
      readers: [{ reader: 'one', partition: 0, seen: [{ offset: 1, digest: 'r1' }] }],
    },
    faults: ['gap: one found nothing at 0/0'],
  },
  {
    rule: 'a log that skips an offset has a gap',
    history: {
      ...sound,
      readers: [],
      final: [{ ...last, records: [{ offset: 1, digest: 'r1' }] }],
    },
    faults: ['gap: the final read found nothing at 0/0'],
  },
  {
    rule: 'a reader that goes back has an inversion',
    history: {
      ...sound,
      readers: [
        { reader: 'one', partition: 0, seen: [...sightings('r0', 'r1'), ...sightings('r0', 'r1')] },
      ],
    },
    faults: ['inversion: one read 0/0 after 1'],
  },
  {
    rule: 'an event sent after the acknowledgement of one that stands behind it is an inversion',
    history: named('b', 'c', 'a'),
    faults: ['inversion: c is before a, and was sent after its acknowledgement'],
  },
  {
    rule: 'what went through another topic has no such order',
    history: { ...named('b', 'c', 'a'), ordered: sent({}) },
    faults: [],
  },
  {
    rule: 'what nobody sent is made up',
    history: { ...sound, contentOf: (key) => (key === 'a' ? 'other content' : key) },
    faults: Array<string>(2).fill('made up: partition 0 has a as nobody sent it'),
  },
])('$rule', ({ history, faults }) => {
  expect(logFaults(history)).toEqual(faults)
})
