import type { EpochMs } from '@deskpulse/core/time'
import { type Change, type CommitReport, DeskpulseError, type PartitionId } from '@deskpulse/stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { foldingOf } from './folding.ts'

const p3 = 3 as PartitionId

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

function report(lag: number, logTimeMs: number): CommitReport {
  const change = { logTimeMs: logTimeMs as EpochMs } as Change
  return { records: 1, entries: 1, foldMs: 0, commitMs: 0, lag, change }
}

function folding(assigned: readonly PartitionId[] = [p3]) {
  const { told, check } = foldingOf({ lagMaxMs: 60_000, nowMs: Date.now })
  return { told, check: () => check(assigned) }
}

test('commits that do not come through fail the check after a while, with the reason of the store', () => {
  const { told, check } = folding()
  told.waiting(p3, new DeskpulseError('STORE_FULL', 'no room'))
  check()
  vi.advanceTimersByTime(6_000)
  expect(check).toThrow('folding partition 3 has failed for 6 s: STORE_FULL: no room')
  told.committed(p3, report(0, Date.now()))
  check()
})

test('records that are read long after they came fail it; a log in which nothing comes does not', () => {
  const { told, check } = folding()
  told.committed(p3, report(70, Date.now() - 60_000))
  check()
  told.committed(p3, report(70, Date.now() - 61_000))
  expect(check).toThrow('partition 3 is 61 s behind: 70 records are not yet folded')
  told.committed(p3, report(0, Date.now() - 61_000))
  check()
})

test('a partition that another process has now is none of its business', () => {
  const { told, check } = folding()
  told.committed(p3, report(70, 0))
  told.waiting(p3, new DeskpulseError('STORE_UNAVAILABLE', 'away'))
  vi.advanceTimersByTime(6_000)
  told.lost(p3, 'fenced')
  check()
})

test('nor is one that went to another process between two batches, of which nobody told', () => {
  const { told, check } = folding([])
  told.committed(p3, report(70, 0))
  told.waiting(p3, new DeskpulseError('STORE_UNAVAILABLE', 'away'))
  vi.advanceTimersByTime(6_000)
  check()
})
