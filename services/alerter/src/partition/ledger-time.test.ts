import type { EpochMs } from '@deskpulse/core/time'
import {
  type Acquired,
  type Change,
  DeskpulseError,
  type Epoch,
  type Offset,
  PartitionLost,
  type StateStore,
} from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import { type LedgerChange, noChange } from './ledger.ts'
import { ledgerOn } from './testing/ledger-on.ts'

const minute = 60_000
const putting: LedgerChange = { ...noChange, puts: [{ key: 'k', bytes: Uint8Array.of(1) }] }

/** A ledger on a store that takes everything, acquired now; what is committed is noted. `away`: how often the store does not answer first. */
function opened({
  away = 0,
  mayWait = true,
}: { readonly away?: number; readonly mayWait?: boolean } = {}) {
  const clock = new VirtualClock()
  const beganMs = clock.atMs
  const commits: Change[] = []
  const lost: string[] = []
  let waits = 0
  let left = away
  const answer = <Result>(result: Result): Promise<Result> => {
    if (left <= 0) return Promise.resolve(result)
    left -= 1
    return Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away'))
  }
  const epoch = 'e' as unknown as Epoch
  const store: Pick<StateStore, 'load' | 'commit' | 'read'> = {
    load: (_, keys) => answer({ epoch, values: keys.map(() => null) } as never),
    read: () => answer({ lists: [{ count: 1, first: [] }] } as never),
    commit(_, change) {
      if (left <= 0) commits.push(change)
      return answer({ kind: 'committed' as const })
    },
  }
  const acquired: Acquired = {
    epoch,
    offset: 7 as Offset,
    logTimeMs: beganMs,
    watermarkMs: beganMs,
  }
  const ledger = ledgerOn(store as StateStore, acquired, {
    ...{ nowMs: clock.nowMs, timer: clock, mayWait: () => mayWait },
    ...{ lost: (why) => lost.push(why), waiting: () => (waits += 1) },
  })
  /** A decision that is made at this moment, from the beginning. @returns the moment that it sees. */
  const decidedAt = async (ms: number, change = putting): Promise<number> => {
    clock.atMs = (beganMs + ms) as EpochMs
    return (
      (await ledger.change(({ nowMs }) => Promise.resolve({ change, result: nowMs }))) - beganMs
    )
  }
  return { clock, ledger, commits, lost, decidedAt, beganMs, waits: () => waits }
}

test('the time of decisions goes with the clock, and not back with it, unless it had been wrong by more than a minute', async () => {
  const { decidedAt } = opened()
  expect([await decidedAt(5_000), await decidedAt(4_000), await decidedAt(6_000)]).toEqual([
    5_000, 5_000, 6_000,
  ])
  expect(await decidedAt(6_000 - minute)).toBe(6_000)
  expect(await decidedAt(6_000 - minute - 1)).toBe(5_999 - minute)
})

test('what is written says when it was decided, and leaves the offset where it is', async () => {
  const { decidedAt, commits, beganMs } = opened()
  await decidedAt(1_000)
  await decidedAt(2_000, noChange)
  expect(commits).toMatchObject([
    {
      fromOffset: 7,
      toOffset: 7,
      step: 0,
      logTimeMs: beganMs + 1_000,
      watermarkMs: beganMs + 1_000,
    },
  ])
})

test('a list is of a second ago at most: where the last commit is older one is made first', async () => {
  const { clock, ledger, commits } = opened()
  const list = () =>
    ledger.change(async (reads) => ({ change: noChange, result: await reads.list('o:k', 1) }))
  await clock.pass(1_000)
  await list()
  expect(commits).toHaveLength(0)
  await clock.pass(1)
  expect(await list()).toEqual({ count: 1, first: [] })
  expect(commits).toMatchObject([{ logTimeMs: clock.atMs, puts: [] }])
})

test('nothing is read where nothing is asked for', async () => {
  const { ledger, waits } = opened({ away: 1 })
  expect(
    await ledger.change(async (reads) => ({ change: noChange, result: await reads.values([]) })),
  ).toEqual([])
  expect(waits()).toBe(0)
})

test('a store that is away is asked again, later each time; the decision stands', async () => {
  const { clock, ledger, commits, waits, lost } = opened({ away: 3 })
  let isDone = false
  void ledger
    .change(() => Promise.resolve({ change: putting, result: null }))
    .then(() => (isDone = true))
  await clock.pass(50 + 100 + 200 - 1)
  expect([isDone, waits()]).toEqual([false, 3])
  await clock.pass(1)
  expect([isDone, commits.length, lost]).toEqual([true, 1, []])
})

test('where the process is to end nobody waits for the store: the ledger is lost', async () => {
  const { ledger, lost, decidedAt } = opened({ away: 9, mayWait: false })
  await expect(decidedAt(0)).rejects.toThrow(PartitionLost)
  await expect(decidedAt(0)).rejects.toThrow(PartitionLost)
  ledger.owner.lose('stopped')
  expect([ledger.owner.lost()?.why, lost]).toEqual(['store-away', ['store-away']])
})
