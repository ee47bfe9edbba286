import { expect, test } from 'vitest'
import { inTurns } from './in-turns.ts'

/** Each takes as long as a turn, and more. */
function* slow(count: number): Generator<number> {
  for (let n = 0; n < count; n += 1) {
    const endMs = performance.now() + 10
    while (performance.now() < endMs);
    yield n
  }
}

test('what is judged in turns is all there, in its order, and other work of the process goes on in between', async () => {
  const course: (number | 'other work')[] = []
  setImmediate(() => course.push('other work'))
  for await (const n of inTurns(slow(3))) course.push(n)
  expect(course.filter((one) => one !== 'other work')).toEqual([0, 1, 2])
  expect(course.indexOf('other work')).toBeLessThan(course.length - 1)
})
