import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admission, requestBytes, type Share } from './admission.ts'

const mib = 1024 * 1024
const bytesMax = 16 * mib

/** Begins requests until there is no room, each of which takes as many bytes as it gets. */
function greedy(
  at: ReturnType<typeof admission>,
  client: string,
  tenant: string,
  bytes = mib,
): readonly Share[] {
  const shares: Share[] = []
  for (;;) {
    const share = at.enter({ client, tenant })
    if (share === null) return shares
    shares.push(share)
    if (!share.hold(bytes)) return shares
  }
}

describe('whatever one client or tenant does,', () => {
  test.each([
    { rule: 'another client of another tenant', from: { client: 'b', tenant: 'y' } },
    { rule: 'another client of the same tenant', from: { client: 'b', tenant: 'x' } },
  ])('$rule has room for one request at least', ({ from }) => {
    const at = admission(bytesMax)
    greedy(at, 'a', 'x')
    expect(at.enter(from)?.hold(mib)).toBe(true)
  })

  test('requests that send nothing keep nobody out either', () => {
    const at = admission(bytesMax)
    const idle = greedy(at, 'a', 'x', 0)
    expect(idle.length * requestBytes).toBeLessThanOrEqual(bytesMax / 2)
    expect(at.enter({ client: 'b', tenant: 'x' })?.hold(mib)).toBe(true)
  })

  test('another tenant has room beside one to which many clients send', () => {
    const at = admission(bytesMax)
    for (let n = 0; n < 1_000; n += 1) at.enter({ client: `a${n}`, tenant: 'x' })?.hold(mib)
    expect(at.enter({ client: 'b', tenant: 'y' })?.hold(mib)).toBe(true)
  })

  test('each of many clients of many tenants has its turn', () => {
    const at = admission(bytesMax)
    for (const name of ['a', 'b', 'c', 'd'])
      expect(greedy(at, name, name).length).toBeGreaterThan(0)
    expect(at.enter({ client: 'e', tenant: 'e' })).not.toBeNull()
  })
})

test('a request that is alone may take nearly all', () => {
  const share = admission(bytesMax).enter({ client: 'a', tenant: 'x' })
  expect(share?.hold(bytesMax - requestBytes)).toBe(true)
  expect(share?.hold(bytesMax)).toBe(false)
})

test('of two that grow side by side the eldest goes on, and the other one is turned away', () => {
  const at = admission(bytesMax)
  const [eldest, other] = [
    at.enter({ client: 'a', tenant: 'x' })!,
    at.enter({ client: 'a', tenant: 'x' })!,
  ]
  const outcomes = Array.from({ length: 10 }, (_, n) => [eldest.hold(n * mib), other.hold(n * mib)])
  expect(outcomes.every(([goesOn]) => goesOn)).toBe(true)
  expect(outcomes.some(([, goesOn]) => !goesOn)).toBe(true)
})

test('what is over leaves its room, once', () => {
  const at = admission(bytesMax)
  for (let round = 0; round < 3; round += 1) {
    const shares = greedy(at, 'a', 'x')
    expect(shares).toHaveLength(8) // The last one had no room for its megabyte.
    for (const share of [...shares, ...shares]) share.release()
  }
})

test('never is more held than there is, and when all are over there is as much room as at first', () => {
  const names = fc.constantFrom('a', 'b', 'c')
  const step = fc.record({
    client: names,
    tenant: names,
    bytes: fc.nat(4 * mib),
    releases: fc.boolean(),
    at: fc.nat(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const at = admission(bytesMax)
      const open: { share: Share; bytes: number }[] = []
      for (const { client, tenant, bytes, releases, at: place } of steps) {
        const one = open[place % Math.max(1, open.length)]
        if (one !== undefined && releases) {
          one.share.release()
          open.splice(open.indexOf(one), 1)
        } else if (one !== undefined && place % 2 === 0) {
          if (one.share.hold(bytes)) one.bytes = bytes
        } else {
          const share = at.enter({ client, tenant })
          if (share !== null) open.push({ share, bytes: 0 })
        }
        expect(
          open.reduce((sum, { bytes: held }) => sum + held + requestBytes, 0),
        ).toBeLessThanOrEqual(bytesMax)
      }
      for (const { share } of open) share.release()
      expect(at.enter({ client: 'z', tenant: 'z' })?.hold(bytesMax - requestBytes)).toBe(true)
    }),
  )
})
