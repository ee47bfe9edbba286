import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Blocks } from './blocks.ts'

const run = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ minLength: 240, maxLength: 270 }),
  fc.uint8Array({ maxLength: 3_000 }),
)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('put' as const), bytes: run }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('take' as const, 'free' as const), nth: fc.nat() }),
  },
)

test('whatever comes and goes, what is taken is what was put, and nothing else is held', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const blocks = new Blocks()
      const held: { readonly place: number; readonly bytes: Uint8Array }[] = []
      for (const one of steps) {
        if (one.do === 'put') held.push({ place: blocks.put(one.bytes), bytes: one.bytes })
        else if (held.length > 0) {
          const [{ place, bytes }] = held.splice(one.nth % held.length, 1) as [(typeof held)[0]]
          if (one.do === 'free') blocks.free(place)
          else expect(blocks.take(place)).toEqual(bytes)
        }
        const used = held.reduce(
          (sum, { bytes }) => sum + 256 * Math.ceil((4 + bytes.length) / 256),
          0,
        )
        expect(blocks.usedBytes).toBe(used)
      }
      for (const { place, bytes } of held) expect(blocks.take(place)).toEqual(bytes)
      expect(blocks.usedBytes).toBe(0)
    }),
  )
})

test('what is put and freed again and again, of whatever length, needs no more memory than was in use at once', () => {
  const blocks = new Blocks()
  const places: number[] = []
  for (let round = 0; round < 20_000; round += 1) {
    places.push(blocks.put(new Uint8Array((round * 7_919) % 2_000)))
    if (places.length > 100) blocks.free(places.splice((round * 31) % places.length, 1)[0]!)
  }
  expect(blocks.heldBytes).toBeLessThan(300_000) // One chunk: 100 runs are 225 KB at most, of 1,000 bytes on average.
})

test('what is taken has memory of its own', () => {
  const blocks = new Blocks()
  const taken = blocks.take(blocks.put(new Uint8Array(300).fill(7)))
  expect(taken.buffer.byteLength).toBe(300)
  blocks.put(new Uint8Array(300).fill(8))
  expect([...taken].every((byte) => byte === 7)).toBe(true)
})
