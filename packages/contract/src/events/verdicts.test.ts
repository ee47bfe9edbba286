import { type EventType, eventTypes } from '@deskpulse/core/events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEvent, encodeEvent } from '../entries/index.ts'
import { wireEventArbitrary } from '../testing/index.ts'
import { isValid } from './compiled.ts'
import { eventSchema, toWire, type WireEvent } from './envelope.ts'
import { parseEvent } from './parse.ts'

const runs = { numRuns: 40 }
const type = fc.constantFrom(...eventTypes)

/** Values that are likely to be taken for something else, or to be at a limit. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    '\u0000',
    '\ud800',
    'x'.repeat(128),
    'x'.repeat(129),
    'x'.repeat(256),
    'x'.repeat(257),
    '😀'.repeat(256),
    '😀'.repeat(128),
    -1,
    0.5,
    -0,
    2 ** 53,
    1e308,
    [],
    {},
  ),
  fc.constantFrom<unknown>(
    '2026-02-29T00:00:00Z',
    '2024-02-29T23:59:60Z',
    '2024-02-29',
    { __proto__: null },
    { start: '2026-01-01' },
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

function paths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [
    [...path, key],
    ...paths(part, [...path, key]),
  ])
}

function changed(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (part: Record<string, unknown>, key: string) => void,
): unknown {
  const copy = (
    Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  ) as Record<string, unknown>
  if (rest.length === 0) change(copy, key!)
  else copy[key!] = changed(copy[key!], rest, change)
  return copy
}

/** An event with some of its parts replaced, removed, or joined by strange ones. */
const mutated = type.chain((one) =>
  fc
    .tuple(
      wireEventArbitrary(one),
      fc.array(fc.tuple(fc.nat(), strange, fc.constantFrom('replace', 'remove', 'add')), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([event, mutations]) => ({
      type: one,
      input: mutations.reduce<unknown>((input, [at, value, kind]) => {
        const all = paths(input)
        return changed(input, all[at % all.length]!, (part, key) => {
          if (kind === 'remove') delete part[key]
          else if (kind === 'add') part['surplus'] = value
          else part[key] = value
        })
      }, event),
    })),
)

/** As it would come: JSON makes own properties of everything, also of `__proto__`. */
const asJson = (input: unknown): object => JSON.parse(JSON.stringify(input)) as object

describe('the compiled schema and zod', () => {
  test.each(eventTypes)('both accept %s', (one: EventType) => {
    fc.assert(
      fc.property(wireEventArbitrary(one), (event) => {
        expect(eventSchema(one).safeParse(event).error).toBeUndefined()
        expect(isValid(one, asJson(event))).toBe(true)
      }),
      runs,
    )
  })

  test('give one verdict on whatever comes', () => {
    let refused = 0
    fc.assert(
      fc.property(mutated, ({ type: one, input }) => {
        const json = asJson(input)
        const verdict = isValid(one, json)
        if (!verdict) refused += 1
        expect(verdict).toBe(eventSchema(one).safeParse(json).success)
      }),
      { numRuns: 3_000 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  test('every refusal is explained: a code, and a place', () => {
    fc.assert(
      fc.property(mutated, ({ input }) => {
        const parsed = parseEvent(asJson(input))
        if (!parsed.ok)
          expect(parsed).toMatchObject({
            code: expect.any(String),
            path: expect.stringMatching(/^(\/|$)/),
            expected: expect.stringMatching(/./),
          })
      }),
      { numRuns: 1_000 },
    )
  })
})

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, reordered(part)]),
  )
}

function accepted(wire: unknown) {
  const parsed = parseEvent(wire)
  if (!parsed.ok) throw new Error(parsed.path)
  return parsed.event
}

const anyWire: fc.Arbitrary<WireEvent> = type.chain(wireEventArbitrary)

describe('the entry of an event', () => {
  test('gives the event back', () => {
    fc.assert(
      fc.property(anyWire, (wire) => {
        const event = accepted(asJson(wire))
        expect(decodeEvent(encodeEvent(event), event.tenant)).toEqual(event)
      }),
    )
  })

  test('has equal bytes for equal content, whatever the order of keys, the offset of times, and what is unknown', () => {
    fc.assert(
      fc.property(anyWire, (wire) => {
        const one = accepted(asJson(wire))
        const surplus = { ...wire, surplus: 1, data: { surplus: [], ...wire.data } }
        const other = accepted(reordered(asJson(surplus)))
        expect(Buffer.from(encodeEvent(other)).equals(encodeEvent(one))).toBe(true)
        expect(encodeEvent({ ...one, data: reordered(one.data) as typeof one.data })).toEqual(
          encodeEvent(one),
        )
      }),
    )
  })

  test('as a source would send it, is the same event again', () => {
    fc.assert(
      fc.property(anyWire, (wire) => {
        const event = accepted(asJson(wire))
        expect(accepted(asJson(toWire(event)))).toEqual(event)
      }),
    )
  })
})
