import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeskpulseError } from './errors.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import type { Frame, SenderClock } from './frame.ts'

const clocks: fc.Arbitrary<SenderClock> = fc.record({
  name: fc.string({ unit: 'binary' }).filter(isWellFormed),
  wallMs: fc.maxSafeNat().map((ms) => ms as EpochMs),
  monotonicMs: fc.maxSafeNat(),
})

const frames: fc.Arbitrary<Frame> = fc
  .record({
    sender: fc.string({ unit: 'binary' }).filter(isWellFormed),
    clock: fc.option(clocks, { nil: undefined }),
    backlogMs: fc.maxSafeNat(),
    entries: fc.array(
      fc.record({
        tenant: fc.oneof(
          fc.constantFrom('acme', 'globex'),
          fc.string({ unit: 'binary' }).filter(isWellFormed),
        ),
        kind: fc.nat({ max: 300 }),
        bytes: fc.uint8Array({ maxLength: 300 }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(({ clock, ...frame }) => (clock === undefined ? frame : { ...frame, clock }))

function isWellFormed(text: string): boolean {
  return text.isWellFormed()
}

test('a frame comes back as it was', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      expect(decodeFrame(encodeFrame(frame))).toEqual(frame)
    }),
  )
})

test('any bytes are a frame or FRAME_UNREADABLE, never anything else', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 200 }))
      .map(([version, rest]) => Uint8Array.of(version, ...rest)),
    fc
      .tuple(frames, fc.nat(), fc.nat({ max: 255 }))
      .map(([frame, at, value]) => damaged(encodeFrame(frame), at, value)),
    fc.tuple(frames, fc.nat()).map(([frame, at]) => cut(encodeFrame(frame), at)),
  )
  fc.assert(
    fc.property(bytes, (candidate) => {
      try {
        decodeFrame(candidate)
      } catch (error) {
        expect(error).toBeInstanceOf(DeskpulseError)
        expect(error).toMatchObject({
          code: 'FRAME_UNREADABLE',
          message: expect.stringMatching(/at byte \d+/),
        })
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a frame of version 1, which says nothing of clocks, is read as ever', () => {
  const bytes = Uint8Array.of(1, 1, 0x61, 7, 1, 1, 0x62, 1, 0, 1, 1, 0x63)
  expect(decodeFrame(bytes)).toStrictEqual({
    sender: 'a',
    backlogMs: 7,
    entries: [{ tenant: 'b', kind: 1, bytes: Uint8Array.of(0x63) }],
  })
  expect(() => decodeFrame(Uint8Array.of(3, ...bytes.slice(1)))).toThrow(
    'version 3 is neither 1 nor 2',
  )
})

test('a frame that was cut short, or goes on, is unreadable', () => {
  const clock = { name: 'boot', wallMs: 1_772_413_227_017 as EpochMs, monotonicMs: 40_000 }
  const entries = [{ tenant: 'acme', kind: 1, bytes: Buffer.from('{}') }]
  const whole = encodeFrame({ sender: 'ingest-1', clock, backlogMs: 7, entries })
  for (let length = 0; length < whole.length; length++)
    expect(() => decodeFrame(whole.subarray(0, length))).toThrow(DeskpulseError)
  expect(() => decodeFrame(Uint8Array.of(...whole, 0))).toThrow(/goes on past its end/)
})

test('a count that the bytes cannot hold is refused before memory is taken for it', () => {
  expect(() =>
    decodeFrame(Uint8Array.of(1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)),
  ).toThrow(/more than is left/)
})

test('a repeated tenant costs one byte, and an entry three beside its bytes', () => {
  const entries = Array.from({ length: 100 }, () => ({
    tenant: 'a-tenant-with-a-long-name',
    kind: 1,
    bytes: Buffer.from('x'),
  }))
  const one = encodeFrame({ sender: 's', backlogMs: 0, entries: entries.slice(0, 1) })
  expect(encodeFrame({ sender: 's', backlogMs: 0, entries }).length).toBe(one.length + 99 * 4)
})

test('the bytes of an entry are a view of the frame, not a copy', () => {
  const bytes = encodeFrame({
    sender: 's',
    backlogMs: 0,
    entries: [{ tenant: 'acme', kind: 1, bytes: Uint8Array.of(1, 2, 3) }],
  })
  expect(decodeFrame(bytes).entries[0]?.bytes.buffer).toBe(bytes.buffer)
})

function damaged(bytes: Uint8Array, at: number, value: number): Uint8Array {
  bytes[at % bytes.length] = value
  return bytes
}

function cut(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(0, at % bytes.length)
}
