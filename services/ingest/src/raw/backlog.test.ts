import { describe, expect, test } from 'vitest'
import { rawBacklog } from './backlog.ts'

/** Of a process that has these partitions, and knows that nothing waits in them. */
function known(...partitions: readonly number[]) {
  const backlog = rawBacklog()
  backlog.share(partitions)
  backlog.asking(0)([])
  return backlog
}

test('the age is that of the oldest input of any partition', () => {
  const backlog = known(0, 1)
  expect(backlog.ageMs(1_000)).toBe(0)
  backlog.begin(0, 600)
  backlog.begin(1, 400)
  expect(backlog.ageMs(1_000)).toBe(600)
  backlog.end(1, 450, true)
  expect(backlog.ageMs(1_000)).toBe(400)
})

test('behind a forwarded batch there is input as old as its last record', () => {
  const backlog = known(0)
  backlog.begin(0, 100)
  backlog.end(0, 300, false)
  expect(backlog.ageMs(1_000)).toBe(700)
})

test('a partition that is another’s now is forgotten', () => {
  const backlog = known(0, 1)
  backlog.begin(0, 100)
  backlog.share([1])
  expect(backlog.ageMs(1_000)).toBe(0)
})

test('a clock behind the broker’s gives no negative age', () => {
  const backlog = known(0)
  backlog.begin(0, 2_000)
  expect(backlog.ageMs(1_000)).toBe(0)
})

describe('what is not known is not said to be 0:', () => {
  test('after a start nothing is known until the log has answered', () => {
    const backlog = rawBacklog()
    expect(backlog.ageMs(1_000)).toBeNull()
    const answer = backlog.asking(1_000)
    expect(backlog.ageMs(1_100)).toBeNull()
    answer([null, 300])
    expect(backlog.ageMs(1_200)).toBe(900)
  })

  test('where nothing waited, something may have come since it was asked', () => {
    const backlog = rawBacklog()
    backlog.asking(1_000)([null, null])
    expect(backlog.ageMs(1_200)).toBe(200)
  })

  test('a partition that was assigned counts as it was asked about, until its first batch', () => {
    const backlog = rawBacklog()
    backlog.asking(1_000)([300, 200])
    backlog.share([0])
    expect([backlog.isKnown(), backlog.ageMs(2_000)]).toEqual([false, 1_800])
    backlog.asking(2_000)([300, 200])
    expect([backlog.isKnown(), backlog.ageMs(2_000)]).toEqual([true, 1_700])
    backlog.begin(0, 300)
    backlog.end(0, 1_900, true)
    expect(backlog.ageMs(2_000)).toBe(0)
  })

  test('an answer from before the assignment says nothing of the partition: another may have left input since', () => {
    const backlog = rawBacklog()
    const answer = backlog.asking(1_000)
    backlog.share([0])
    answer([null])
    expect([backlog.isKnown(), backlog.ageMs(3_000)]).toEqual([false, 2_000])
  })

  test('a batch is newer than an answer', () => {
    const backlog = rawBacklog()
    backlog.share([0])
    const answer = backlog.asking(1_000)
    backlog.begin(0, 800)
    answer([null])
    expect(backlog.ageMs(1_000)).toBe(200)
  })

  test('while the group forms anew nothing is known, whatever was known before', () => {
    const backlog = known(0, 1)
    backlog.begin(0, 500)
    backlog.end(0, 900, true)
    expect(backlog.ageMs(1_000)).toBe(0)
    backlog.share([])
    expect(backlog.ageMs(1_000)).toBeNull()
    backlog.asking(1_000)([null, 700])
    expect(backlog.ageMs(1_000)).toBe(300)
  })

  test('a process without a share says what waits for the group, whose owner may be gone', () => {
    const backlog = rawBacklog()
    backlog.asking(1_000)([400, null])
    expect([backlog.isKnown(), backlog.ageMs(1_000)]).toEqual([false, 600])
  })
})
