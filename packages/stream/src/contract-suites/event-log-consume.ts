import { expect, test } from 'vitest'
import type { LogBatch, Offset, PartitionId } from '../event-log.ts'
import { collector, eventually, goOn, numbered, partition1, text } from './event-log-bench.ts'
import type { Bench } from './event-log-bench.ts'

export function consumeRules(bench: Bench): void {
  test('a new group reads from the first record, then what comes, in order and once', async () => {
    const topic = await bench.topic()
    await bench.append(topic, numbered(500))
    const { texts, handle } = collector()
    await bench.consume(topic, bench.name(), handle)
    await eventually(() => expect(texts).toHaveLength(500))
    await bench.append(topic, ['next'])
    await eventually(() => expect(texts).toEqual([...numbered(500), 'next']))
  })

  test('a batch says how far the partition goes', async () => {
    const topic = await bench.topic()
    await bench.append(topic, numbered(3))
    const ends: number[] = []
    await bench.consume(topic, bench.name(), async (batch) => {
      ends.push(Number(batch.endOffset))
      return goOn(batch)
    })
    await eventually(() => expect(ends).toEqual([3]))
  })

  test('the returned offset is read next: backward, forward, or on', async () => {
    const topic = await bench.topic()
    await bench.append(topic, numbered(10))
    const starts: number[] = []
    const next = [0, 7, 2, 10] as Offset[]
    await bench.consume(topic, bench.name(), async (batch) => {
      starts.push(Number(batch.records[0]?.offset))
      return next.shift() ?? goOn(batch)
    })
    await eventually(() => expect(starts).toEqual([0, 0, 7, 2]))
    await bench.append(topic, ['more'])
    await eventually(() => expect(starts).toEqual([0, 0, 7, 2, 10]))
  })

  test('an offset past the end gives the first retained record, whose offset tells the handler', async () => {
    const topic = await bench.topic()
    await bench.append(topic, numbered(3))
    const starts: number[] = []
    await bench.consume(topic, bench.name(), async (batch) => {
      starts.push(Number(batch.records[0]?.offset))
      return starts.length === 1 ? (1_000 as Offset) : goOn(batch)
    })
    await eventually(() => expect(starts).toEqual([0, 0]))
  })

  test('at most one call per partition is under way, and partitions do not wait for each other', async () => {
    const topic = await bench.topic(2)
    const running = new Map<PartitionId, number>()
    let most = 0
    const seen: string[] = []
    const blocked = Promise.withResolvers<void>()
    await bench.consume(topic, bench.name(), async (batch) => {
      running.set(batch.partition, (running.get(batch.partition) ?? 0) + 1)
      most = Math.max(most, running.get(batch.partition) ?? 0)
      if (batch.partition !== partition1) await blocked.promise
      seen.push(...batch.records.map(text))
      running.set(batch.partition, (running.get(batch.partition) ?? 0) - 1)
      return goOn(batch)
    })
    // Together, so that one fetch of a broker has both.
    await Promise.all([bench.append(topic, ['held']), bench.append(topic, ['free'], partition1)])
    await bench.append(topic, ['held too'])
    await eventually(() => expect(running.get(0 as PartitionId)).toBe(1))
    blocked.resolve()
    await eventually(() => expect(seen.toSorted()).toEqual(['free', 'held', 'held too']))
    expect(most).toBe(1)
  })

  test('a handler that does not return holds up no other partition, and is then given all that has come', async () => {
    const topic = await bench.topic(2)
    const held = Promise.withResolvers<void>()
    const calls: string[][] = []
    const free: string[] = []
    await bench.consume(topic, bench.name(), async (batch) => {
      if (batch.partition === partition1) free.push(...batch.records.map(text))
      else {
        calls.push(batch.records.map(text))
        await held.promise
      }
      return goOn(batch)
    })
    await bench.append(topic, ['held'])
    await eventually(() => expect(calls).toEqual([['held']]))
    for (const value of numbered(3)) {
      await bench.append(topic, [value])
      await bench.append(topic, [value], partition1)
      await eventually(() => expect(free.at(-1)).toBe(value))
    }
    held.resolve()
    await eventually(() => expect(calls.flat()).toEqual(['held', ...numbered(3)]))
    expect(free).toEqual(numbered(3))
  })

  test('records stay as they are after the handler has returned', async () => {
    const topic = await bench.topic()
    const batches: LogBatch[] = []
    await bench.consume(topic, bench.name(), async (batch) => {
      batches.push(batch)
      return goOn(batch)
    })
    for (const value of numbered(50)) await bench.append(topic, [value])
    await eventually(() =>
      expect(batches.flatMap(({ records }) => records.map(text))).toEqual(numbered(50)),
    )
  })

  test('a handler that throws ends the consumption, which rejects with what was thrown', async () => {
    const topic = await bench.topic()
    const consumption = await bench.consume(topic, bench.name(), async () => {
      throw new Error('the fold has a bug')
    })
    const ended = expect(consumption.ended).rejects.toThrow('the fold has a bug')
    await bench.append(topic, ['a'])
    await ended
    await consumption.stop()
  })

  test('stop lets the running handler finish, counts what it returned, and calls no more', async () => {
    const topic = await bench.topic()
    const group = bench.name()
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    let calls = 0
    const consumption = await bench.consume(topic, group, async (batch) => {
      calls++
      entered.resolve()
      await release.promise
      return goOn(batch)
    })
    await bench.append(topic, ['a'])
    await entered.promise
    let stopped = false
    const stop = consumption.stop().then(() => (stopped = true))
    await bench.append(topic, ['b'])
    expect(stopped).toBe(false)
    release.resolve()
    await stop
    await consumption.ended
    await consumption.stop()
    expect(calls).toBe(1)
    expect(consumption.assigned()).toEqual([])

    const { texts, handle } = collector()
    await bench.consume(topic, group, handle)
    await eventually(() => expect(texts).toEqual(['b']))
  })
}
