import { expect, test, vi } from 'vitest'
import { DeskpulseError } from '../errors.ts'
import type { EventLog, NewRecord, PartitionId } from '../event-log.ts'
import type { OutboxEntry, OutboxId, StateStore } from '../state-store.ts'
import type { Timer } from '../timer.ts'
import { outboxIdHeader, outboxRelay } from './relay.ts'

const partition = 3 as PartitionId

const atOnce: Timer = {
  after: (_, act) => {
    queueMicrotask(act)
    return () => {}
  },
}

function entry(id: string): OutboxEntry {
  return {
    id,
    topic: 'dead-letter',
    key: 'acme',
    bytes: Buffer.from(id),
    headers: { code: 'expired' },
  }
}

/** An outbox and a log in memory; `failing` makes the log refuse once. */
function rig(ids: readonly string[]) {
  const outbox = ids.map(entry)
  const published: NewRecord[] = []
  const appends: number[] = []
  let empty = (): Promise<void> => Promise.resolve()
  const state = { failing: 0, trimFailing: 0, trimmed: 0 }
  const store = {
    readOutbox: (_: PartitionId, limit: number) => {
      const page = outbox
        .slice(state.trimmed, state.trimmed + limit)
        .map((out, index) => ({ position: String(state.trimmed + index) as OutboxId, entry: out }))
      if (page.length === 0) {
        const act = empty
        empty = () => Promise.resolve()
        void act()
      }
      return Promise.resolve(page)
    },
    trimOutbox: (_: PartitionId, published: readonly OutboxId[]) => {
      if (state.trimFailing-- > 0)
        return Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away'))
      state.trimmed = Number(published.at(-1)) + 1
      return Promise.resolve()
    },
  } as unknown as StateStore
  const log = {
    partitionCount: () => Promise.resolve(1),
    append: (_topic: string, _partition: PartitionId, records: readonly NewRecord[]) => {
      if (state.failing-- > 0) return Promise.reject(new DeskpulseError('LOG_UNAVAILABLE', 'away'))
      published.push(...records)
      appends.push(records.length)
      return Promise.resolve()
    },
  } as unknown as EventLog
  const failed = vi.fn<(partition: PartitionId, error: unknown) => void>()
  const relay = outboxRelay({ log, store, timer: atOnce, published: () => {}, failed })
  return {
    relay,
    log,
    outbox,
    published,
    appends,
    state,
    failed,
    onEmpty: (act: () => Promise<void>) => void (empty = act),
  }
}

const idsOf = (records: readonly NewRecord[]): (string | undefined)[] =>
  records.map(({ headers }) => headers?.[outboxIdHeader])

test('everything in the outbox is published in order, with its headers and id, and then trimmed', async () => {
  const { relay, published, state } = rig(Array.from({ length: 450 }, (_, index) => `id-${index}`))
  relay.wake(partition)
  await vi.waitUntil(() => state.trimmed === 450)
  expect(idsOf(published)).toEqual(Array.from({ length: 450 }, (_, index) => `id-${index}`))
  expect(published[0]).toMatchObject({
    key: 'acme',
    value: Buffer.from('id-0'),
    headers: { code: 'expired' },
  })
})

test('what the log refuses is tried again until it takes it', async () => {
  const { relay, published, state, failed } = rig(['a', 'b'])
  state.failing = 3
  relay.wake(partition)
  await vi.waitUntil(() => state.trimmed === 2)
  expect(failed).toHaveBeenCalledTimes(3)
  expect(idsOf(published)).toEqual(['a', 'b'])
})

test('an entry that was published but not trimmed is published again with the same id', async () => {
  const { relay, published, state } = rig(['a'])
  state.trimFailing = 1
  relay.wake(partition)
  await vi.waitUntil(() => state.trimmed === 1)
  expect(idsOf(published)).toEqual(['a', 'a'])
})

test('what comes while it publishes is not forgotten, and nothing is begun after a stop', async () => {
  const { relay, outbox, published, state } = rig(['a'])
  relay.wake(partition)
  outbox.push(entry('b'))
  relay.wake(partition)
  await vi.waitUntil(() => state.trimmed === 2)
  await relay.stop()
  outbox.push(entry('c'))
  relay.wake(partition)
  await relay.stop()
  expect(idsOf(published)).toEqual(['a', 'b'])
})

test('a stop waits for the page that is under way, which is trimmed', async () => {
  const { relay, state, log } = rig(['a'])
  const append = Promise.withResolvers<void>()
  log.append = () => append.promise
  relay.wake(partition)
  let isStopped = false
  const stopped = relay.stop().then(() => (isStopped = true))
  await new Promise(setImmediate)
  expect([isStopped, state.trimmed]).toEqual([false, 0])
  append.resolve()
  await stopped
  expect(state.trimmed).toBe(1)
})

test('what fails when the process is to end is not tried again', async () => {
  const { relay, published, state, failed } = rig(['a'])
  state.failing = Number.POSITIVE_INFINITY
  relay.stopRetrying()
  relay.wake(partition)
  await vi.waitUntil(() => failed.mock.calls.length > 0)
  await relay.stop()
  expect(failed).toHaveBeenCalledTimes(1)
  expect(published).toEqual([])
})

test('a page larger than a record may be is published in several appends, in order', async () => {
  const { relay, outbox, published, state, appends } = rig([])
  for (let index = 0; index < 5; index += 1)
    outbox.push({ ...entry(`id-${index}`), bytes: Buffer.alloc(400 * 1024) })
  relay.wake(partition)
  await vi.waitUntil(() => state.trimmed === 5)
  expect(idsOf(published)).toEqual(['id-0', 'id-1', 'id-2', 'id-3', 'id-4'])
  expect(appends).toEqual([2, 2, 1])
})

test('what is put into the outbox as the last page is found empty is not forgotten', async () => {
  const { relay, outbox, published, state, onEmpty } = rig([])
  for (let microtasks = 0; microtasks < 12; microtasks += 1) {
    const id = `late-${microtasks}`
    onEmpty(async () => {
      for (let passed = 0; passed < microtasks; passed += 1) await Promise.resolve()
      outbox.push(entry(id))
      relay.wake(partition)
    })
    relay.wake(partition)
    await vi.waitUntil(() => state.trimmed === microtasks + 1)
  }
  expect(published).toHaveLength(12)
})
