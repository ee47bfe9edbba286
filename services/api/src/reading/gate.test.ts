import { Refused } from '@deskpulse/runtime'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cheapMax, fairGate, type Gate, readGate } from './gate.ts'

const limits = { costMax: 100, waitingMax: 6, waitingOfOneMax: 4 }

/** Enters in the order of the calls; `begun` are those that are in, by name. */
function crowd(gate: Gate) {
  const begun: string[] = []
  const leaves = new Map<string, () => void>()
  async function enter(client: string, cost: number, isPatient = false): Promise<void> {
    const name = `${client}${leaves.size + 1}`
    leaves.set(name, () => {})
    const leave = await gate.enter(client, cost, isPatient)
    begun.push(name)
    leaves.set(name, leave)
  }
  return {
    begun,
    enter: (...args: Parameters<typeof enter>) => void enter(...args),
    leave: (name: string) => leaves.get(name)?.(),
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

test('questions are under way together up to what they may cost, and a greater one alone', async () => {
  const { begun, enter, leave } = crowd(fairGate(limits))
  for (const cost of [60, 40, 500]) enter('a', cost)
  await settled()
  expect(begun).toEqual(['a1', 'a2'])
  leave('a1')
  await settled()
  expect(begun).toEqual(['a1', 'a2'])
  leave('a2')
  await settled()
  expect(begun).toEqual(['a1', 'a2', 'a3'])
})

test('clients take turns, whoever has asked for most', async () => {
  const { begun, enter, leave } = crowd(fairGate(limits))
  for (const client of ['a', 'a', 'a', 'b', 'c']) enter(client, 100)
  await settled()
  for (let n = 0; n < 5; n += 1) {
    leave(begun.at(-1)!)
    await settled()
  }
  expect(begun).toEqual(['a1', 'a2', 'b4', 'c5', 'a3'])
})

test('nobody passes by the one whose turn it is', async () => {
  const { begun, enter, leave } = crowd(fairGate(limits))
  for (const [client, cost] of [
    ['a', 60],
    ['b', 90],
    ['c', 10],
  ] as const)
    enter(client, cost)
  await settled()
  expect(begun).toEqual(['a1'])
  leave('a1')
  await settled()
  expect(begun).toEqual(['a1', 'b2', 'c3'])
})

describe('too many that wait', () => {
  const refusal = (enter: () => unknown): unknown => {
    try {
      return void enter()
    } catch (error) {
      return error instanceof Refused ? error.problem.code : error
    }
  }

  test('of one client are refused, and others are not', () => {
    const gate = fairGate(limits)
    const answers = Array.from({ length: 6 }, () => refusal(() => gate.enter('a', 100)))
    expect(answers).toEqual([undefined, undefined, undefined, undefined, undefined, 'busy'])
    expect(refusal(() => gate.enter('b', 100))).toBeUndefined()
  })

  test('of all are refused, but for what has begun to be answered', () => {
    const gate = fairGate(limits)
    for (const client of ['a', 'a', 'a', 'b', 'b', 'c', 'c']) void gate.enter(client, 100)
    expect(refusal(() => gate.enter('d', 100))).toBe('busy')
    expect(refusal(() => gate.enter('d', 100, true))).toBeUndefined()
  })
})

test('what is cheap does not wait behind what is expensive', async () => {
  const { begun, enter } = crowd(readGate(100_000))
  for (const cost of [100_000, 100_000, cheapMax]) enter('a', cost)
  await settled()
  expect(begun).toEqual(['a1', 'a3'])
})

test('everybody comes in at last, never more at once than may be, and all that they held is free again', async () => {
  const asked = fc.array(
    fc.record({ client: fc.constantFrom('a', 'b', 'c'), cost: fc.integer({ min: 0, max: 150 }) }),
    { maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(asked, fc.infiniteStream(fc.nat()), async (all, choices) => {
      const gate = fairGate({ costMax: 100, waitingMax: 100, waitingOfOneMax: 100 })
      const inside: { cost: number; leave: () => void }[] = []
      let done = 0
      for (const { client, cost } of all)
        void Promise.resolve(gate.enter(client, cost)).then((leave) => inside.push({ cost, leave }))
      while (done < all.length) {
        await settled()
        expect(inside.length).toBeGreaterThan(0)
        expect(
          inside.length === 1 ||
            inside.reduce((sum, { cost }) => sum + cost, 0) <= 100 ||
            inside.filter(({ cost }) => cost > 0).length === 1,
        ).toBe(true)
        const [one] = inside.splice(choices.next().value % inside.length, 1)
        one!.leave()
        one!.leave()
        done += 1
      }
      await settled()
      expect(gate.enter('z', 100)).toBeTypeOf('function')
    }),
  )
})
