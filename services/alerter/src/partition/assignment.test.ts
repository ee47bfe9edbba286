import { secondMs } from '@deskpulse/core/time'
import {
  DeskpulseError,
  type EventLog,
  type LogBatch,
  type LogRecord,
  type Offset,
  type PartitionId,
  PartitionLost,
} from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import { assignmentOf, unassignedGraceMs } from './assignment.ts'
import type { Role } from './role.ts'
import { restFirstMs } from './takeover.ts'
import { acceptingStore, deaf } from './testing/accepting-store.ts'

type Opened = {
  readonly waits?: boolean
  /** What reads meet, one after another; then nothing. */
  readonly failures?: readonly Error[]
  readonly book?: Partial<Role>
  /** Takes what it fails with; absent: it is to fail with nothing. */
  readonly failed?: unknown[]
}

/** An assignment whose topic is empty. `reads`: how often it was read; a read ends when `answer` is called, if it is to wait. */
function opened({ waits = false, failures = [], book, failed }: Opened = {}) {
  const clock = new VirtualClock()
  let reads = 0
  let answer = (): void => {}
  const { store, fence } = acceptingStore(clock)
  const read: EventLog['read'] = () => {
    reads += 1
    const failure = failures[reads - 1]
    if (failure !== undefined) return Promise.reject(failure)
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
  const assignment = assignmentOf(
    {
      ...{
        store,
        log: { read },
        topic: 'alerts',
        intakeRecordsMax: 9,
        nowMs: clock.nowMs,
        timer: clock,
      },
      ...{
        roles: () => ({ book: { ...deaf, ...book }, delivery: deaf }),
        relay: { wake: () => {} },
        mayWait: () => true,
      },
      ...{
        telemetry: { ...quiet, unreadable: () => {} },
        fail: (error) =>
          failed === undefined ? expect(error).toBeUndefined() : failed.push(error),
      },
    },
    0 as PartitionId,
    () => true,
  )
  const visit = async (): Promise<void> => {
    assignment.assigned()
    await clock.pass(0)
  }
  return { clock, assignment, visit, reads: () => reads, answer: () => answer(), fence }
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
  const { clock, assignment, reads } = opened()
  assignment.assigned()
  await clock.pass(0)
  expect([assignment.isOwned(), reads()]).toEqual([true, 1])
  assignment.assigned()
  await clock.pass(0)
  expect(reads()).toBe(1)
})

test('a visit during another one is none', async () => {
  const { clock, assignment, reads, answer } = opened({ waits: true })
  assignment.assigned()
  await clock.pass(0)
  assignment.assigned()
  answer()
  await clock.pass(0)
  expect(reads()).toBe(1)
})

test('a visit gives way to a batch that waits', async () => {
  const { clock, assignment, reads } = opened()
  const taken = assignment.take(batchOf(0, 9))
  assignment.assigned()
  await clock.pass(0)
  expect([await taken, reads()]).toEqual([1, 0])
  assignment.assigned()
  await clock.pass(0)
  expect(reads()).toBe(1)
})

test('what another process has taken is left alone for a while', async () => {
  const { clock, assignment, reads, fence } = opened()
  await assignment.take(batchOf(0, 9))
  fence()
  await assignment.take(batchOf(1, 9))
  assignment.assigned()
  await clock.pass(0)
  const before = reads()
  await clock.pass(restFirstMs - 1)
  assignment.assigned()
  await clock.pass(0)
  expect([assignment.isOwned(), reads()]).toEqual([false, before])
})

test('a partition that is not assigned for three seconds is let go, and not before; a visit in between keeps it', async () => {
  const { clock, assignment } = opened()
  assignment.assigned()
  await clock.pass(0)
  assignment.unassigned()
  await clock.pass(unassignedGraceMs - 1)
  assignment.unassigned()
  expect(assignment.isOwned()).toBe(true)
  assignment.assigned()
  await clock.pass(secondMs)
  assignment.unassigned()
  expect(assignment.isOwned()).toBe(true)
  await clock.pass(unassignedGraceMs)
  assignment.unassigned()
  expect(assignment.isOwned()).toBe(false)
})

const away = new DeskpulseError('STORE_UNAVAILABLE', 'no store')
const bug = new Error('a bug')

test('a topic that is away is read again by the next visit; a bug is none of that', async () => {
  const failed: unknown[] = []
  const { visit, assignment, reads } = opened({ failures: [away, bug], failed })
  await visit()
  expect([assignment.isOwned(), reads(), failed]).toEqual([true, 1, []])
  await visit()
  expect([reads(), failed]).toEqual([2, [bug]])
  await visit()
  await visit()
  expect([reads(), failed]).toEqual([3, [bug]])
})

test('a role that cannot begin, as a store is away, begins by the next visit; a bug is none of that', async () => {
  const errors = [away, bug]
  let begun = 0
  const begin = (): Promise<void> => {
    const error = errors[(begun += 1) - 1]
    return error === undefined ? Promise.resolve() : Promise.reject(error)
  }
  const failed: unknown[] = []
  const { visit } = opened({ book: { begin }, failed })
  await visit()
  expect([begun, failed]).toEqual([1, []])
  await visit()
  expect([begun, failed]).toEqual([2, [bug]])
  await visit()
  await visit()
  expect([begun, failed]).toEqual([3, [bug]])
})

test('a role that fails as it starts is a bug; one that lost its partition then is none', async () => {
  const failed: unknown[] = []
  const failing = (by: Error) => ({ failed, book: { start: () => Promise.reject(by) } })
  await opened(failing(new PartitionLost('fenced'))).visit()
  expect(failed).toEqual([])
  await opened(failing(bug)).visit()
  expect(failed).toEqual([bug])
})
