import type { Offset, PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { reaching } from './reaching.ts'

const [p0, p1] = [0 as PartitionId, 1 as PartitionId]
const offset = (value: number): Offset => value as Offset

/** Whether it has been resolved, after all that is due now. */
async function isThere(promise: Promise<void>): Promise<boolean> {
  let there = false
  promise.then(
    () => (there = true),
    () => {},
  )
  await new Promise((resolve) => setImmediate(resolve))
  return there
}

test('each partition has to be at the end once, not all at once', async () => {
  const reached = reaching([p0, p1])
  reached.committed(p0, offset(5), 0)
  reached.committed(p0, offset(6), 3)
  expect(await isThere(reached.caughtUp)).toBe(false)
  reached.committed(p1, offset(2), 0)
  expect(await isThere(reached.caughtUp)).toBe(true)
})

test('a log without a record is folded', async () => {
  const reached = reaching([])
  expect(await isThere(reached.caughtUp)).toBe(true)
  expect(await isThere(reached.at([7, 7]))).toBe(true)
})

test('offsets are reached when every partition with records is there', async () => {
  const reached = reaching([p1])
  const there = reached.at([9, 4])
  reached.committed(p1, offset(3), 0)
  expect(await isThere(there)).toBe(false)
  reached.committed(p1, offset(4), 0)
  expect(await isThere(there)).toBe(true)
})

test('what fails, fails for everybody who waits or will', async () => {
  const reached = reaching([p0])
  const there = reached.at([1])
  reached.fail(new Error('full'))
  reached.fail(new Error('later'))
  for (const one of [there, reached.caughtUp, reached.at([2])])
    await expect(one).rejects.toThrow('full')
})
