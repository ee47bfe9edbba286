import { secondMs } from '@deskpulse/core'
import type { EventLog, LogBatch, LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import { restFirstMs } from './holder.ts'
import { seatOf, unassignedGraceMs } from './seat.ts'
import { deaf, takingStore } from './testing/taking-store.ts'

/** A seat whose topic is empty. `reads`: how often it was read; a read ends when `answer` is called, if it is to wait. */
function opened({ waits = false }: { readonly waits?: boolean } = {}) {
  const clock = new VirtualClock()
  let reads = 0
  let answer = (): void => {}
  const { store, fence } = takingStore(clock)
  const read: EventLog['read'] = () => {
    reads += 1
    return waits ? new Promise((resolve) => (answer = () => resolve([]))) : Promise.resolve([])
  }
  const quiet = {
    committed: () => {},
    lost: () => {},
    waiting: () => {},
    taken: () => {},
    lagging: () => {},
    gap: () => {},
  }
  const seat = seatOf(
    {
      ...{
        store,
        log: { read } as EventLog,
        topic: 'alerts',
        intakeRecordsMax: 9,
        nowMs: clock.nowMs,
        timer: clock,
      },
      ...{
        roles: () => ({ desk: deaf, post: deaf }),
        relay: { wake: () => {} } as never,
        mayWait: () => true,
      },
      ...{
        telemetry: { ...quiet, unreadable: () => {} },
        fail: (error) => expect(error).toBeUndefined(),
      },
    },
    0 as PartitionId,
    () => true,
  )
  return { clock, seat, reads: () => reads, answer: () => answer(), fence }
}

const batchOf = (offset: number, endOffset: number): LogBatch => {
  const record = {
    offset,
    appendedAtMs: 0,
    key: null,
    value: new Uint8Array(),
    headers: {},
  } as unknown as LogRecord
  return {
    partition: 0 as PartitionId,
    records: [record],
    endOffset: endOffset as Offset,
    keepAlive: () => Promise.resolve(true),
  }
}

test('a partition is taken by a visit and read to its end; then no visit reads it again', async () => {
  const { clock, seat, reads } = opened()
  seat.visit()
  await clock.pass(0)
  expect([seat.isOwned(), reads()]).toEqual([true, 1])
  seat.visit()
  await clock.pass(0)
  expect(reads()).toBe(1)
})

test('a visit during another one is none', async () => {
  const { clock, seat, reads, answer } = opened({ waits: true })
  seat.visit()
  await clock.pass(0)
  seat.visit()
  answer()
  await clock.pass(0)
  expect(reads()).toBe(1)
})

test('a visit gives way to a batch that waits', async () => {
  const { clock, seat, reads } = opened()
  const taken = seat.take(batchOf(0, 9))
  seat.visit()
  await clock.pass(0)
  expect([await taken, reads()]).toEqual([1, 0])
  seat.visit()
  await clock.pass(0)
  expect(reads()).toBe(1)
})

test('what another process has taken is left alone for a while', async () => {
  const { clock, seat, reads, fence } = opened()
  await seat.take(batchOf(0, 9))
  fence()
  await seat.take(batchOf(1, 9))
  seat.visit()
  await clock.pass(0)
  const before = reads()
  await clock.pass(restFirstMs - 1)
  seat.visit()
  await clock.pass(0)
  expect([seat.isOwned(), reads()]).toEqual([false, before])
})

test('a partition that is not assigned for three seconds is let go, and not before; a visit in between keeps it', async () => {
  const { clock, seat } = opened()
  seat.visit()
  await clock.pass(0)
  seat.miss()
  await clock.pass(unassignedGraceMs - 1)
  seat.miss()
  expect(seat.isOwned()).toBe(true)
  seat.visit()
  await clock.pass(secondMs)
  seat.miss()
  expect(seat.isOwned()).toBe(true)
  await clock.pass(unassignedGraceMs)
  seat.miss()
  expect(seat.isOwned()).toBe(false)
})
