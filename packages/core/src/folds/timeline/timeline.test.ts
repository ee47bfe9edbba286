import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CanonicalEvent } from '../../events/event.ts'
import type { EpochMs } from '../../time/time.ts'
import {
  compareTexts,
  reorderHorizonMs,
  Timeline,
  timelineEventsMax,
  type Received,
} from './timeline.ts'

const startMs = Date.UTC(2026, 2, 2) as EpochMs

/** The event `id` at `atMs` after the start, received then unless said otherwise. */
function received(
  id: string,
  atMs: number,
  { content = id, receivedMs = atMs }: { content?: string; receivedMs?: number } = {},
): Received {
  const timeMs = (startMs + atMs) as EpochMs
  const event: CanonicalEvent = {
    type: 'contact.updated',
    id,
    source: '/chat',
    sequence: '0',
    tenant: 'acme',
    timeMs,
    data: {},
  }
  return {
    event,
    receivedMs: (startMs + receivedMs) as EpochMs,
    text: content,
  }
}

const idsOf = (timeline: Timeline): readonly string[] =>
  timeline.events.map(({ event }) => event.id)

describe('a timeline of 50,000 events', () => {
  const filled = (count: number): Timeline => {
    const timeline = new Timeline()
    for (let number = 0; number < count; number += 1)
      timeline.insert(received(`e-${number}`, number))
    return timeline
  }

  test('takes its last one, and refuses the next, wherever it belongs', () => {
    expect(timelineEventsMax).toBe(50_000)
    const timeline = filled(49_999)
    expect(timeline.insert(received('the last', 49_999))).toMatchObject({
      kind: 'inserted',
      index: 49_999,
    })
    for (const atMs of [0, 20_000, 60_000]) {
      expect(timeline.insert(received('one more', atMs))).toEqual({
        kind: 'refused',
        code: 'timeline-full',
      })
    }
    expect(timeline.events).toHaveLength(50_000)
  })

  test('still tells repeats and conflicts, and has room again once some are taken out', () => {
    const timeline = filled(50_000)
    expect(timeline.insert(received('e-7', 7))).toEqual({ kind: 'repeated' })
    expect(timeline.insert(received('e-7', 7, { content: 'other' }))).toEqual({
      kind: 'refused',
      code: 'id-conflict',
    })
    expect(timeline.insert(received('e-7', 6, { content: 'earlier' }))).toMatchObject({
      kind: 'inserted',
      replaced: { event: { id: 'e-7' } },
    })
    timeline.dropBase(1)
    expect(timeline.insert(received('one more', 60_000))).toMatchObject({
      kind: 'inserted',
      index: 49_999,
    })
  })
})

test.each([1, 31, 32, 33, 64, 511, 512, 513])(
  'of %d events each is known by its identity, also once one was taken out',
  (count) => {
    const timeline = new Timeline()
    for (let number = 0; number < count; number += 1)
      timeline.insert(received(`e-${number}`, number))
    for (let number = 0; number < count; number += 1) {
      expect(timeline.insert(received(`e-${number}`, number))).toEqual({ kind: 'repeated' })
      expect(timeline.insert(received(`e-${number}`, number, { content: 'other' }))).toEqual({
        kind: 'refused',
        code: 'id-conflict',
      })
    }
    timeline.remove(timeline.held(received('e-0', 0).event, startMs)!)
    expect(timeline.held(received('e-0', 0).event, startMs)).toBeNull()
    expect(timeline.insert(received('e-0', count))).toMatchObject({
      kind: 'inserted',
      index: count - 1,
    })
  },
)

test.each([3, 40])(
  'of %d events: an identity that comes again beyond the base is that event’s, and the base’s is forgotten',
  (count) => {
    const timeline = new Timeline()
    for (let number = 0; number < count; number += 1)
      timeline.insert(received(`e-${number}`, number))
    const late = reorderHorizonMs + count
    expect(timeline.insert(received('e-0', count, { receivedMs: late }))).toMatchObject({
      kind: 'inserted',
      replaced: null,
    })
    timeline.dropBase(count)
    expect(timeline.insert(received('e-0', count, { receivedMs: late }))).toEqual({
      kind: 'repeated',
    })
    expect(timeline.insert(received('e-1', count + 1, { receivedMs: late }))).toMatchObject({
      kind: 'inserted',
      index: 1,
    })
  },
)

describe('the base', () => {
  test('is the longest beginning that was received more than 72 hours ago', () => {
    const timeline = new Timeline()
    for (const [id, atMs, receivedMs] of [
      ['a', 0, 0],
      ['b', 1, 5],
      ['c', 2, 1],
    ] as const)
      timeline.insert(received(id, atMs, { receivedMs }))
    const after = (ms: number): EpochMs => (startMs + reorderHorizonMs + ms) as EpochMs
    expect([0, 1, 2, 5, 6].map((ms) => timeline.baseLength(after(ms)))).toEqual([0, 1, 1, 1, 3])
  })

  test('lets nothing before or at its last event, which is remembered once it is dropped', () => {
    const timeline = new Timeline()
    timeline.insert(received('a', 0))
    timeline.insert(received('b', 10))
    const late = reorderHorizonMs + 11
    expect(timeline.insert(received('c', 10, { receivedMs: late - 1 }))).toMatchObject({
      kind: 'inserted',
      index: 2,
    })
    for (const id of ['a', 'before']) {
      expect(timeline.insert(received(id, 9, { receivedMs: late }))).toEqual({
        kind: 'refused',
        code: 'before-base',
      })
    }
    timeline.dropBase(2)
    expect(timeline.baseLast?.id).toBe('b')
    expect(timeline.insert(received('before', 9, { receivedMs: late }))).toEqual({
      kind: 'refused',
      code: 'before-base',
    })
    expect(timeline.insert(received('after', 11, { receivedMs: late }))).toMatchObject({
      kind: 'inserted',
    })
    expect(idsOf(timeline)).toEqual(['c', 'after'])
  })
})

test('of one identity the smaller time stays, and of one time the smaller content, whichever came first', () => {
  for (const order of [
    ['small', 'large'],
    ['large', 'small'],
  ]) {
    const timeline = new Timeline()
    for (const content of order) timeline.insert(received('a', 5, { content }))
    expect(timeline.events[0]!.text).toBe('large')
    timeline.insert(received('a', 4, { content: 'z' }))
    timeline.insert(received('a', 6, { content: 'a' }))
    expect(timeline.events).toMatchObject([{ event: { timeMs: startMs + 4 } }])
  }
})

test('a held event may be taken out until it is in the base', () => {
  const timeline = new Timeline()
  const [a, b, c] = ['a', 'b', 'c'].map((id, index) => received(id, index))
  for (const one of [a!, b!, c!]) timeline.insert(one)
  const heldAt = (ms: number): readonly string[] =>
    [a!, b!, c!].flatMap(
      ({ event }) =>
        timeline.held(event, (startMs + reorderHorizonMs + ms) as EpochMs)?.event.id ?? [],
    )
  expect([0, 1, 2, 3].map(heldAt)).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c'], []])
  expect(timeline.held(received('d', 1).event, startMs)).toBeNull()
  timeline.remove(b!)
  expect(idsOf(timeline)).toEqual(['a', 'c'])
  expect(timeline.held(b!.event, startMs)).toBeNull()
})

test('texts are compared as their bytes in UTF-8 would be', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 8 })
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(Math.sign(compareTexts(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
  expect(compareTexts('\u{1F600}', '\uFFFD')).toBeGreaterThan(0)
})
