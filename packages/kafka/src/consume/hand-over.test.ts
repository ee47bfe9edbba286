import type { BatchHandler, LogBatch, Offset, PartitionId } from '@deskpulse/stream'
import type { Batch } from 'kafkajs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchLoop, pause } from '../testing/fetch-loop.ts'
import { handOver } from './hand-over.ts'
import { consumeDefaults } from './options.ts'

const topic = 't'
const { paceMs, inboxBytesMax, partitionBytesMax, consumedEveryMs } = consumeDefaults
let loop: ReturnType<typeof fetchLoop>

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  loop = fetchLoop(topic, 2)
})
afterEach(() => {
  loop.stop()
  vi.useRealTimers()
})

type Call = {
  readonly atMs: number
  readonly partition: PartitionId
  readonly offsets: readonly number[]
}
const goOn = ({ records }: LogBatch): Offset => (records.at(-1)!.offset + 1) as Offset
const calls: Call[] = []
const failed = vi.fn<(error: unknown) => void>()
/** What KafkaJS is told by a batch: it joins again. */
const thrown: unknown[] = []

/** Begins to hand over; every call of the handler is kept. */
function begin(handle: BatchHandler = async (batch) => goOn(batch)) {
  calls.length = 0
  thrown.length = 0
  const handing = handOver({
    ...{ topic, consumer: loop.consumer, tuning: consumeDefaults, logger: () => {}, failed },
    handle(batch) {
      calls.push({
        atMs: Date.now(),
        partition: batch.partition,
        offsets: batch.records.map(({ offset }) => offset),
      })
      return handle(batch)
    },
  })
  void loop.run((payload) =>
    handing.eachBatch(payload).catch((error: unknown) => void thrown.push(error)),
  )
  return handing
}

const callsOf = (partition: number): Call[] => calls.filter((call) => call.partition === partition)
const offsetsOf = (partition: number): number[] =>
  callsOf(partition).flatMap(({ offsets }) => offsets)
const upTo = (end: number): number[] => Array.from({ length: end }, (_, offset) => offset)
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

async function appendEvery(
  everyMs: number,
  times: number,
  partitions: readonly number[] = [0, 1],
): Promise<void> {
  for (let n = 0; n < times; n++) {
    for (const partition of partitions) loop.append(partition)
    await pass(everyMs)
  }
}

test('little waits: one call of each partition a pace, of all partitions at one moment', async () => {
  begin()
  await appendEvery(2, 500)
  await pass(2 * paceMs)
  expect([offsetsOf(0), offsetsOf(1)]).toEqual([upTo(500), upTo(500)])
  expect(callsOf(0).map(({ atMs }) => atMs)).toEqual(callsOf(1).map(({ atMs }) => atMs))
  const apartMs = callsOf(0).flatMap(({ atMs }, index, all) =>
    index === 0 ? [] : atMs - all[index - 1]!.atMs,
  )
  expect(Math.min(...apartMs)).toBeGreaterThanOrEqual(paceMs)
  expect(Math.max(...apartMs)).toBeLessThanOrEqual(paceMs + 3)
  expect(loop.fetched()).toBe(callsOf(0).length)
})

test('after silence a record is handed over as soon as it is fetched', async () => {
  begin()
  await pass(10 * paceMs)
  loop.append(0)
  await pass(3)
  expect(offsetsOf(0)).toEqual([0])
})

test('a slow handler holds up no other partition, and then takes at once all that has come', async () => {
  begin(async (batch) => {
    if (batch.partition === 0) await pause(1_000)
    return goOn(batch)
  })
  await appendEvery(2, 400)
  expect(callsOf(0)).toHaveLength(1)
  expect(callsOf(1).length).toBeGreaterThanOrEqual(Math.floor(800 / (paceMs + 3)))
  await pass(1_000)
  expect(callsOf(0)).toHaveLength(2)
  expect(callsOf(0)[1]!.atMs).toBe(callsOf(0)[0]!.atMs + 1_000)
  expect(offsetsOf(0)).toEqual(upTo(400))
})

test('much waits: the next fetch is made at once, and the next call as soon as the one before is done', async () => {
  for (let n = 0; n < 2_000; n++) loop.append(0, 1_024)
  begin(async (batch) => {
    await pause(4)
    return goOn(batch)
  })
  await pass(60)
  expect(offsetsOf(0)).toEqual(upTo(2_000))
  const apartMs = callsOf(0).flatMap(({ atMs }, index, all) =>
    index === 0 ? [] : atMs - all[index - 1]!.atMs,
  )
  expect(new Set(apartMs)).toEqual(new Set([4]))
})

test('no more is fetched than an inbox holds; with room again the rest comes, in order and once', async () => {
  for (let n = 0; n < 4_000; n++) loop.append(0, 1_024)
  const release = Promise.withResolvers<void>()
  begin(async (batch) => {
    await release.promise
    return goOn(batch)
  })
  await pass(1_000)
  const fetchedBytes = loop.nextOf(0 as PartitionId)! * 1_024
  expect(fetchedBytes).toBeGreaterThanOrEqual(inboxBytesMax)
  expect(fetchedBytes).toBeLessThanOrEqual(partitionBytesMax + inboxBytesMax + partitionBytesMax)
  loop.append(1)
  await pass(2 * paceMs)
  expect(callsOf(1)).toHaveLength(1)
  release.resolve()
  await pass(200)
  expect(offsetsOf(0)).toEqual(upTo(4_000))
})

test('a handler that seeks is given nothing of what was fetched before', async () => {
  const starts: number[] = []
  begin(async (batch) => {
    starts.push(batch.records[0]!.offset)
    await pause(100)
    return starts.length === 1 ? (3 as Offset) : goOn(batch)
  })
  await appendEvery(10, 20, [0])
  await pass(300)
  expect(starts.slice(0, 2)).toEqual([0, 3])
  expect([...new Set(offsetsOf(0))]).toEqual([0, ...upTo(20).slice(3)])
})

test('records between which the log lacks some are not handed over together', async () => {
  begin(async (batch) => {
    await pause(100)
    return goOn(batch)
  })
  loop.append(0)
  await pass(5)
  loop.append(0)
  await pass(paceMs + 5)
  loop.append(0, 10, 7)
  await pass(200)
  expect(callsOf(0).map(({ offsets }) => offsets)).toEqual([[0], [1], [7]])
})

test('a batch that was lost to a broken connection comes again, for as long as the group counts on the member', async () => {
  let failures = 1
  loop.answerHeartbeats(() =>
    failures-- > 0 ? Promise.reject(new Error('broken')) : Promise.resolve(),
  )
  begin(async (batch) => ((await batch.keepAlive()) ? goOn(batch) : (9 as Offset)))
  loop.append(0)
  loop.append(0)
  await pass(4 * paceMs)
  expect(offsetsOf(0)).toEqual([0, 1, 0, 1])
})

test('a member that is out of the group hands nothing over until it has joined again', async () => {
  let isOut = true
  const rebalancing = Object.assign(new Error('the group forms anew'), {
    type: 'REBALANCE_IN_PROGRESS',
  })
  loop.answerHeartbeats(() => (isOut ? Promise.reject(rebalancing) : Promise.resolve()))
  const handing = begin(async (batch) => ((await batch.keepAlive()) ? goOn(batch) : (0 as Offset)))
  await appendEvery(20, 20, [0])
  expect(callsOf(0)).toHaveLength(1)
  expect(loop.committed).toEqual([])
  expect(thrown).toContain(rebalancing)
  await handing.settle()
  isOut = false
  loop.consumer.seek({ topic, partition: 0, offset: '0' }) // As KafkaJS reads on from what is committed.
  handing.begin()
  await pass(2 * paceMs)
  expect(offsetsOf(0).slice(1)).toEqual(upTo(20))
})

test('KafkaJS is told of a heartbeat that failed once, also when it never fails again', async () => {
  let failures = 1
  const gone = Object.assign(new Error('the coordinator moved'), {
    type: 'NOT_COORDINATOR_FOR_GROUP',
  })
  loop.answerHeartbeats(() => (failures-- > 0 ? Promise.reject(gone) : Promise.resolve()))
  const handing = begin(async (batch) => ((await batch.keepAlive()) ? goOn(batch) : (0 as Offset)))
  await appendEvery(20, 20, [0])
  expect(thrown).toContain(gone)
  await handing.settle()
  loop.consumer.seek({ topic, partition: 0, offset: '0' })
  handing.begin()
  await pass(2 * paceMs)
  expect(offsetsOf(0).slice(1)).toEqual(upTo(20))
})

test('what a fetch of before the join brings behind records that were thrown away is not handed over, but fetched again', async () => {
  const handing = begin(async (batch) => {
    await pause(50)
    return goOn(batch)
  })
  const resolved: number[] = []
  const brings = (offset: number) => {
    const message = {
      offset: String(offset),
      timestamp: '0',
      key: null,
      value: Buffer.alloc(9),
      headers: {},
    }
    const batch = {
      topic,
      partition: 0,
      messages: [message],
      highWatermark: '4',
      lastOffset: () => String(offset),
    } as unknown as Batch
    const heard = {
      heartbeat: async () => {},
      commitOffsetsIfNecessary: async () => {},
      pause: () => () => {},
    }
    const state = {
      isRunning: () => true,
      isStale: () => false,
      uncommittedOffsets: () => ({ topics: [] }),
    }
    return handing.eachBatch({
      batch,
      ...heard,
      ...state,
      resolveOffset: (last) => void resolved.push(Number(last)),
    })
  }
  void brings(0) // Its handler runs,
  await pass(paceMs)
  void brings(1) // this one waits,
  const settling = handing.settle() // and another broker's fetch made the group form anew.
  await pass(100)
  await settling
  handing.begin()
  void brings(2)
  await pass(100)
  expect([offsetsOf(0), resolved]).toEqual([[0], [0, 1]])
  for (const offset of [1, 2]) {
    void brings(offset)
    await pass(100)
  }
  expect(offsetsOf(0)).toEqual([0, 1, 2])
  void brings(7) // The log lacks some: they are asked for once more.
  await pass(100)
  void brings(7)
  await pass(100)
  expect(offsetsOf(0)).toEqual([0, 1, 2, 7])
})

test('while the group forms anew a fetch that goes on has its pace', async () => {
  const handing = begin(() => new Promise<never>(() => {}))
  loop.append(0)
  await pass(2 * paceMs)
  void handing.settle()
  loop.append(0)
  const before = loop.fetched()
  await pass(10 * paceMs)
  expect(loop.fetched() - before).toBeLessThanOrEqual(11)
})

test('a handler that gives no sign of life is seen beside others that do', async () => {
  const handing = begin(async (batch) =>
    batch.partition === 0 ? new Promise<never>(() => {}) : goOn(batch),
  )
  await appendEvery(paceMs, 100)
  expect(handing.running()).toBe(1)
  expect(handing.lastSignAtMs()).toBeLessThan(paceMs)
})

test('before the group is joined again handlers return, what they consumed is told, and nothing else is handed over', async () => {
  const handing = begin(async (batch) => {
    await pause(50)
    return goOn(batch)
  })
  await appendEvery(2, 20)
  const settled = vi.fn()
  const settling = handing.settle().then(settled)
  await pass(5)
  expect(settled).not.toHaveBeenCalled()
  await pass(100)
  await settling
  expect(calls).toHaveLength(2)
  expect(loop.committed.flat().map(({ partition, offset }) => [partition, offset])).toEqual(
    [0, 1].map((id) => [id, String(offsetsOf(id).at(-1)! + 1)]),
  )
})

test('what is consumed is told to the group in one request for all partitions, now and then', async () => {
  begin()
  await appendEvery(2, 500)
  await pass(2 * consumedEveryMs)
  expect(loop.committed.length).toBeLessThanOrEqual(1_000 / consumedEveryMs + 2)
  expect(loop.committed.at(-1)).toEqual(
    [0, 1].map((id) => ({ partition: id, offset: '500', metadata: '0' })),
  )
})

test('a handler that throws ends the consumption, and is not called again', async () => {
  begin(() => Promise.reject(new Error('a bug')))
  await appendEvery(2, 50, [0])
  expect(failed.mock.calls).toEqual([[new Error('a bug')]])
  expect(callsOf(0)).toHaveLength(1)
})
