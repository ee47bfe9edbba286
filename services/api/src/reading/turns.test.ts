import { afterEach, expect, test, vi } from 'vitest'
import { mapInTurns, turns } from './turns.ts'

afterEach(() => void vi.restoreAllMocks())

/** Each of them takes a whole turn. */
function slowSteps(): () => void {
  let nowMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  return () => void (nowMs += 8)
}

test('works take their turns one after another, one in each round of the event loop', async () => {
  const step = slowSteps()
  const done: string[] = []
  let rounds: string[][] = []
  const works = ['a', 'b', 'c'].map((name) =>
    mapInTurns(
      [1, 2, 3],
      (part) => {
        step()
        done.push(`${name}${part}`)
      },
      turns(),
    ),
  )
  let isOver = false
  function look(): void {
    rounds = [...rounds, done.splice(0)]
    if (!isOver) setImmediate(look)
  }
  look()
  await Promise.all(works)
  isOver = true
  const [first, ...others] = rounds
  expect(first).toEqual(['a1', 'b1', 'c1']) // Nobody had worked before.
  expect(others.every((round) => round.length <= 1)).toBe(true)
  expect([...others.flat(), ...done]).toEqual(['a2', 'b2', 'c2', 'a3', 'b3', 'c3'])
})

test('a work that comes alone goes on in the next round', async () => {
  const step = slowSteps()
  for (let again = 0; again < 2; again += 1)
    expect(await mapInTurns([1, 2], (part) => (step(), part), turns())).toEqual([1, 2])
})

test('short work takes no turn', () => {
  vi.spyOn(performance, 'now').mockReturnValue(0)
  expect(turns()()).toBeNull()
})
