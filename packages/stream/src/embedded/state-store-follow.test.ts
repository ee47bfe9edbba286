import { expect, test } from 'vitest'
import type { PartitionId } from '../event-log.ts'
import { bell } from './state-store-follow.ts'

const [one, other] = [0 as PartitionId, 1 as PartitionId]
const going = new AbortController().signal

/** Whether it is over by now. */
async function isOver(waiting: Promise<void>): Promise<boolean> {
  const turn = new Promise<'turn'>((resolve) => void setImmediate(resolve, 'turn'))
  return (await Promise.race([waiting, turn])) !== 'turn'
}

test('a follower waits for a commit of its own partition', async () => {
  const { ring, rung } = bell()
  const waiting = rung(one, going)
  ring(other)
  expect(await isOver(waiting)).toBe(false)
  ring(one)
  expect(await isOver(waiting)).toBe(true)
})

test('a follower is woken when it is to end, and when the store closes', async () => {
  const end = new AbortController()
  const ended = bell().rung(one, end.signal)
  end.abort()
  expect(await isOver(ended)).toBe(true)
  const store = bell()
  const left = store.rung(one, going)
  store.close()
  expect(await isOver(left)).toBe(true)
})

test('a follower that is to end, or whose store is closed, does not begin to wait', async () => {
  expect(await isOver(bell().rung(one, AbortSignal.abort()))).toBe(true)
  const store = bell()
  store.close()
  expect(store.closed).toBe(true)
  expect(await isOver(store.rung(one, going))).toBe(true)
})
