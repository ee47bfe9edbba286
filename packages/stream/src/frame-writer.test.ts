import { existsSync } from 'node:fs'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { DeskpulseError } from './errors.ts'
import { frameWriter } from './frame-writer.ts'
import type { FrameWriterOptions } from './frame-writer.ts'
import { decodeFrame } from './frame.ts'
import type { Frame } from './frame.ts'
import { partitionOf } from './partitioner.ts'
import { systemSenderClock } from './sender-clock.ts'
import type { Timer } from './timer.ts'

/** A log whose appends end when the test says so, and a timer that the test moves. */
function world(options: Partial<FrameWriterOptions> = {}) {
  const appends: {
    partition: number
    frame: Frame
    resolve: () => void
    reject: (error: Error) => void
  }[] = []
  const clock = manualTimer()
  let backlog = 0
  const writer = frameWriter({
    topic: 'log',
    sender: 'ingest-1',
    partitions: 1,
    timer: clock.timer,
    backlogMs: () => backlog,
    log: {
      append(_topic, partition, records) {
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        appends.push({
          partition,
          frame: decodeFrame(records[0]?.value ?? new Uint8Array()),
          resolve,
          reject,
        })
        return promise
      },
    },
    ...options,
  })
  const texts = () =>
    appends.map(({ frame }) => frame.entries.map((entry) => Buffer.from(entry.bytes).toString()))
  return { writer, appends, texts, clock, setBacklog: (ms: number) => void (backlog = ms) }
}

function manualTimer(): { timer: Timer; pass(ms: number): void } {
  let nowMs = 0
  const due = new Map<object, { atMs: number; act: () => void }>()
  return {
    timer: {
      after(ms, act) {
        const key = {}
        due.set(key, { atMs: nowMs + ms, act })
        return () => void due.delete(key)
      },
    },
    pass(ms) {
      const untilMs = nowMs + ms
      for (;;) {
        const [key, next] = [...due].sort(([, a], [, b]) => a.atMs - b.atMs)[0] ?? []
        if (key === undefined || next!.atMs > untilMs) break
        due.delete(key)
        nowMs = next!.atMs
        next!.act()
      }
      nowMs = untilMs
    },
  }
}

/** Lets everything that is already settled run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))
const bytes = (text: string) => Buffer.from(text)

test('entries of one linger become one frame, in order', async () => {
  const { writer, appends, texts, clock, setBacklog } = world()
  setBacklog(12.6)
  const appended = [
    writer.append('acme', 1, bytes('a')),
    writer.append('globex', 2, bytes('b')),
    writer.append('acme', 1, bytes('c')),
  ]
  expect(appends).toHaveLength(0)
  clock.pass(4)
  expect(texts()).toEqual([['a', 'b', 'c']])
  expect(appends[0]?.frame).toMatchObject({
    sender: 'ingest-1',
    backlogMs: 13,
    entries: [{ tenant: 'acme' }, { tenant: 'globex', kind: 2 }, {}],
  })
  appends[0]?.resolve()
  await Promise.all(appended)
})

test('a frame lingers from its first entry on, however many come after it', async () => {
  const { writer, appends, texts, clock } = world()
  void writer.append('acme', 1, bytes('a'))
  clock.pass(3)
  void writer.append('acme', 1, bytes('b'))
  clock.pass(1)
  expect(texts()).toEqual([['a', 'b']])
  void writer.append('acme', 1, bytes('c'))
  appends[0]?.resolve()
  await settle()
  clock.pass(3)
  expect(texts()).toHaveLength(1)
  clock.pass(1)
  expect(texts()).toEqual([['a', 'b'], ['c']])
})

test("a frame says what its sender's clocks were when it was sealed, and so does a heartbeat", async () => {
  let monotonicMs = 100
  const { writer, appends, clock } = world({
    clock: () => ({ name: 'boot', wallMs: 1_000 as EpochMs, monotonicMs }),
  })
  void writer.append('acme', 1, bytes('a'))
  monotonicMs = 104
  clock.pass(4)
  appends[0]?.resolve()
  await settle()
  monotonicMs = 354
  clock.pass(250)
  expect(appends.map(({ frame }) => frame.clock)).toEqual(
    [104, 354].map((ms) => ({ name: 'boot', wallMs: 1_000, monotonicMs: ms })),
  )
})

test('the processes of one boot name one monotonic clock, which goes on whatever the wall clock says', () => {
  const [first, second] = ['ingest-1', 'ingest-2'].map((sender) => systemSenderClock(sender)())
  expect(second!.name === first!.name).toBe(existsSync('/proc/sys/kernel/random/boot_id'))
  expect(second!.monotonicMs).toBeGreaterThanOrEqual(first!.monotonicMs)
  expect(Math.abs(second!.wallMs - Date.now())).toBeLessThan(60_000)
})

test('a frame is closed by its bytes and by its entries before the linger is over', () => {
  const bySize = world({ maxBytes: 10 })
  for (const text of ['123456', '789', 'a long one past the limit', 'x'])
    void bySize.writer.append('acme', 1, bytes(text))
  expect(bySize.texts()).toEqual([['123456', '789']])
  const byCount = world({ maxEntries: 2 })
  for (const text of ['a', 'b', 'c']) void byCount.writer.append('acme', 1, bytes(text))
  expect(byCount.texts()).toEqual([['a', 'b']])
})

test('one append is under way per partition, the next frame fills meanwhile and goes out when it ends', async () => {
  const { writer, appends, texts, clock } = world()
  void writer.append('acme', 1, bytes('a'))
  clock.pass(4)
  void writer.append('acme', 1, bytes('b'))
  clock.pass(4)
  void writer.append('acme', 1, bytes('c'))
  expect(texts()).toEqual([['a']])
  appends[0]?.resolve()
  await settle()
  expect(texts()).toEqual([['a'], ['b']])
  clock.pass(4)
  appends[1]?.resolve()
  await settle()
  expect(texts()).toEqual([['a'], ['b'], ['c']])
})

test('an entry for all goes into every partition, and is durable when each of them has it', async () => {
  const { writer, appends, clock } = world({ partitions: 3 })
  let isDurable = false
  const done = writer
    .appendToAll('_installation', 4, Buffer.from('gap'))
    .then(() => (isDurable = true))
  clock.pass(4)
  expect(
    appends.map(({ partition, frame }) => [
      partition,
      frame.entries.map(({ tenant, kind }) => [tenant, kind]),
    ]),
  ).toEqual([0, 1, 2].map((partition) => [partition, [['_installation', 4]]]))
  for (const { resolve } of appends.slice(0, 2)) resolve()
  await Promise.resolve()
  expect(isDurable).toBe(false)
  appends[2]!.resolve()
  await done
})

test('an append that fails rejects its own entries, and the frame behind it is still tried', async () => {
  const { writer, appends, clock } = world()
  const first = writer.append('acme', 1, bytes('a'))
  clock.pass(4)
  const second = writer.append('acme', 1, bytes('b'))
  clock.pass(4)
  appends[0]?.reject(new DeskpulseError('LOG_UNAVAILABLE', 'away'))
  await expect(first).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  await settle()
  appends[1]?.resolve()
  await second
})

test('past the bytes under way an append is refused, and taken again once they are durable', async () => {
  const { writer, appends, clock } = world({ maxInFlightBytes: 10 })
  const first = writer.append('acme', 1, bytes('12345678'))
  await expect(writer.append('acme', 1, bytes('123'))).rejects.toMatchObject({ code: 'LOG_BUSY' })
  clock.pass(4)
  appends[0]?.resolve()
  await first
  void writer.append('acme', 1, bytes('123'))
  clock.pass(4)
  expect(appends).toHaveLength(2)
})

test('the bytes under way may be as many as the limit; one entry that is larger goes when nothing else does', async () => {
  const { writer, appends, clock } = world({ maxInFlightBytes: 10 })
  const large = writer.append('acme', 1, bytes('more than ten'))
  clock.pass(4)
  appends[0]?.resolve()
  await large
  const fitting = [
    writer.append('acme', 1, bytes('12345')),
    writer.append('acme', 1, bytes('67890')),
  ]
  await expect(writer.append('acme', 1, bytes('1'))).rejects.toMatchObject({ code: 'LOG_BUSY' })
  clock.pass(4)
  appends[1]?.resolve()
  await Promise.all(fitting)
})

test('without limits of its own a frame holds up to 1,000 entries and 128 KiB, and 16 MiB may be under way', async () => {
  const many = world()
  for (let nth = 0; nth < 2_001; nth++) void many.writer.append('acme', 1, bytes('a'))
  many.appends[0]?.resolve()
  await settle()
  expect(many.appends.map(({ frame }) => frame.entries.length)).toEqual([1_000, 1_000])

  const large = world()
  const quarter = new Uint8Array(32 * 1_024)
  for (let nth = 0; nth < 512; nth++) {
    void large.writer.append('acme', 1, quarter)
    expect(large.appends.map(({ frame }) => frame.entries.length)).toEqual(nth < 3 ? [] : [4])
  }
  await expect(large.writer.append('acme', 1, bytes('a'))).rejects.toMatchObject({
    code: 'LOG_BUSY',
  })
})

test('each silent partition gets an empty frame with the backlog, again and again, and also after a failed one', async () => {
  const { appends, clock, setBacklog } = world({ partitions: 2 })
  setBacklog(7)
  clock.pass(249)
  expect(appends).toHaveLength(0)
  clock.pass(1)
  expect(
    appends.map(({ partition, frame: { clock: _, ...frame } }) => ({ partition, frame })),
  ).toEqual([
    { partition: 0, frame: { sender: 'ingest-1', backlogMs: 7, entries: [] } },
    { partition: 1, frame: { sender: 'ingest-1', backlogMs: 7, entries: [] } },
  ])
  appends[0]?.reject(new Error('away'))
  appends[1]?.resolve()
  await settle()
  clock.pass(250)
  expect(appends).toHaveLength(4)
})

test('a partition that gets entries needs no heartbeat', async () => {
  const { writer, appends, clock } = world()
  clock.pass(200)
  void writer.append('acme', 1, bytes('a'))
  clock.pass(4)
  appends[0]?.resolve()
  await settle()
  clock.pass(200)
  expect(appends).toHaveLength(1)
  clock.pass(50)
  expect(appends).toHaveLength(2)
})

/** One tenant in each of two partitions. */
const [left, right] = [0, 1].map((partition) =>
  ['a', 'b', 'c', 'd', 'e', 'f'].find((tenant) => partitionOf(tenant, 2) === partition)!,
) as [string, string]

test('frames of several partitions go out together, with the one that has waited longest', () => {
  const { writer, appends, clock } = world({ partitions: 2 })
  void writer.append(left, 1, bytes('a'))
  clock.pass(3)
  void writer.append(right, 1, bytes('b'))
  expect(appends).toHaveLength(0)
  clock.pass(1)
  expect(appends.map(({ partition }) => partition)).toEqual([0, 1])
})

test('a frame that was closed by its size has waited for nobody', () => {
  const { writer, appends, clock } = world({ partitions: 2, maxEntries: 2 })
  for (const text of ['a', 'b', 'c']) void writer.append(left, 1, bytes(text))
  void writer.append(right, 1, bytes('d'))
  expect(appends.map(({ partition }) => partition)).toEqual([0])
  clock.pass(4)
  expect(appends.map(({ partition }) => partition)).toEqual([0, 1])
})

test('a heartbeat takes those along that have been silent for half of the time', async () => {
  const { writer, appends, clock } = world({ partitions: 2 })
  const partitions = (): number[] => appends.map(({ partition }) => partition)
  clock.pass(96)
  void writer.append(right, 1, bytes('a'))
  clock.pass(4)
  appends[0]?.resolve()
  await settle() // At 100.
  clock.pass(150)
  expect(partitions()).toEqual([1, 0, 1])
  for (const { resolve } of appends) resolve()
  await settle() // At 250: both.
  clock.pass(196)
  void writer.append(right, 1, bytes('b'))
  clock.pass(4)
  for (const { resolve } of appends) resolve()
  await settle() // At 450.
  clock.pass(50)
  expect(partitions()).toEqual([1, 0, 1, 1, 0])
})

test('an entry goes to the partition of its tenant', () => {
  const { writer, appends, clock } = world({ partitions: 12 })
  void writer.append('acme', 1, bytes('a'))
  clock.pass(4)
  expect(appends[0]?.partition).toBe(partitionOf('acme', 12))
})

test('close sends what is waiting, ends when it is durable, and takes nothing more', async () => {
  const { writer, appends, clock } = world()
  const appended = writer.append('acme', 1, bytes('a'))
  const closed = writer.close()
  expect(appends).toHaveLength(1)
  appends[0]?.resolve()
  await Promise.all([appended, closed])
  await expect(writer.append('acme', 1, bytes('b'))).rejects.toMatchObject({
    code: 'LOG_UNAVAILABLE',
  })
  clock.pass(10_000)
  expect(appends).toHaveLength(1)
})
