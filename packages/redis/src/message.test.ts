import type { EpochMs } from '@deskpulse/core/time'
import type { Offset, PartitionId } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMessage, encodeMessage, isBefore, type Message, type Told } from './message.ts'

const id = fc.tuple(fc.maxSafeNat(), fc.nat({ max: 3 })).map(([ms, nth]) => `${ms}-${nth}`)
const commit: fc.Arbitrary<Told> = fc.record({
  partition: fc.nat({ max: 300 }).map((value) => value as PartitionId),
  ...{ previous: id, id },
  offset: fc.maxSafeNat().map((value) => value as Offset),
  logTimeMs: fc.maxSafeNat().map((value) => value as EpochMs),
  watermarkMs: fc.maxSafeNat().map((value) => value as EpochMs),
  changed: fc.uint8Array({ maxLength: 20 }),
})
const message: fc.Arbitrary<Message> = fc.record({
  generation: fc.string({ unit: 'binary' }),
  commits: fc.array(commit, { maxLength: 5 }),
})

const plain = ({ generation, commits }: Message) => ({
  generation,
  commits: commits.map(({ changed, ...rest }) => ({ ...rest, changed: [...changed] })),
})

test('a message says what was put into it', () => {
  fc.assert(
    fc.property(message, (one) => {
      expect(plain(decodeMessage(encodeMessage(one))!)).toEqual(plain(one))
    }),
    { numRuns: 500 },
  )
})

test('what is no message, or one of another version, says nothing, and throws nothing', () => {
  expect(decodeMessage(Buffer.from('{"keys":[]}'))).toBeNull()
  fc.assert(
    fc.property(message, fc.nat(), fc.uint8Array({ maxLength: 40 }), (one, cut, any) => {
      const bytes = encodeMessage(one)
      expect(decodeMessage(bytes.subarray(0, cut % bytes.length))).toBeNull()
      expect(decodeMessage(Buffer.concat([Buffer.of(2), bytes.subarray(1)]))).toBeNull()
      expect(decodeMessage(Buffer.concat([bytes, Buffer.of(0)]))).toBeNull()
      decodeMessage(Buffer.concat([Buffer.of(1), any]))
    }),
  )
})

test.each([
  { one: '9-5', other: '10-0', is: true },
  { one: '10-0', other: '9-5', is: false },
  { one: '10-9', other: '10-10', is: true },
  { one: '10-1', other: '10-1', is: false },
  { one: '0-0', other: '1-0', is: true },
])('$one before $other: $is', ({ one, other, is }) => {
  expect(isBefore(one, other)).toBe(is)
})
