import { expect, test } from 'vitest'
import type { LogBatch, Offset } from '../event-log.ts'
import { collector, eventually, goOn, numbered, partition0, partition1 } from './event-log-bench.ts'
import type { Bench } from './event-log-bench.ts'

export function groupRules(bench: Bench): void {
  test('after a restart a group goes on behind what it consumed', async () => {
    const topic = await bench.topic()
    const group = bench.name()
    await bench.append(topic, numbered(5))
    const before = collector()
    const consumption = await bench.consume(topic, group, before.handle)
    await eventually(() => expect(before.texts).toEqual(numbered(5)))
    await consumption.stop()
    await bench.reopen()
    await bench.append(topic, ['after'])
    const after = collector()
    await bench.consume(topic, group, after.handle)
    await eventually(() => expect(after.texts).toEqual(['after']))
  })

  test('after a restart a handler that knows better seeks, and is heard', async () => {
    const topic = await bench.topic()
    const group = bench.name()
    await bench.append(topic, numbered(5))
    const before = collector()
    const consumption = await bench.consume(topic, group, before.handle)
    await eventually(() => expect(before.texts).toHaveLength(5))
    await consumption.stop()
    await bench.reopen()
    await bench.append(topic, ['after'])
    const starts: number[] = []
    await bench.consume(topic, group, async (batch) => {
      starts.push(Number(batch.records[0]?.offset))
      return starts.length === 1 ? (2 as Offset) : goOn(batch)
    })
    await eventually(() => expect(starts).toEqual([5, 2]))
  })

  test('what waits for a group is known without being a member, by the append time of the oldest record', async () => {
    const topic = await bench.topic(2)
    const group = bench.name()
    const waiting = () => bench.log().oldestUnconsumed(topic, group)
    const appendedAt = async (offset: number) =>
      (await bench.log().read(topic, partition1, offset as Offset, 1))[0]?.appendedAtMs
    expect(await waiting()).toEqual([null, null])
    await bench.append(topic, ['a'], partition1)
    await bench.append(topic, ['b'], partition1)
    expect(await waiting()).toEqual([null, await appendedAt(0)])
    const { texts, handle } = collector()
    const consumption = await bench.consume(topic, group, handle)
    await eventually(() => expect(texts).toEqual(['a', 'b']))
    await consumption.stop()
    expect(await waiting()).toEqual([null, null])
    await bench.append(topic, ['c'], partition1)
    await bench.reopen()
    expect(await waiting()).toEqual([null, await appendedAt(2)])
    await expect(bench.log().oldestUnconsumed(bench.name(), group)).rejects.toThrow(
      expect.objectContaining({ code: 'LOG_TOPIC_UNKNOWN' }),
    )
  })

  test('where a group stands is known without being a member, with the append time of what it consumed last', async () => {
    const topic = await bench.topic(2)
    const group = bench.name()
    expect(await bench.log().consumed(topic, group)).toEqual([null, null])
    await bench.append(topic, ['a'], partition1)
    await bench.append(topic, ['b'], partition1)
    const { texts, handle } = collector()
    const consumption = await bench.consume(topic, group, handle)
    await eventually(() => expect(texts).toEqual(['a', 'b']))
    await consumption.stop()
    const [last] = await bench.log().read(topic, partition1, 1 as Offset, 1)
    const position = { offset: 2, consumedMs: last?.appendedAtMs }
    expect(await bench.log().consumed(topic, group)).toEqual([null, position])
    await bench.reopen()
    expect(await bench.log().consumed(topic, group)).toEqual([null, position])
    await expect(bench.log().consumed(bench.name(), group)).rejects.toThrow(
      expect.objectContaining({ code: 'LOG_TOPIC_UNKNOWN' }),
    )
  })

  test('what is gone from the log before a group read it shows: the group stands where it stood, and the log begins behind it', async () => {
    const topic = await bench.topic()
    const group = bench.name()
    await bench.append(topic, numbered(2))
    const before = collector()
    const consumption = await bench.consume(topic, group, before.handle)
    await eventually(() => expect(before.texts).toHaveLength(2))
    await consumption.stop()
    await bench.append(topic, numbered(4, 'new'))
    expect(await bench.log().retained(topic)).toEqual([0])
    await bench.truncate(topic, 5)
    expect(await bench.log().retained(topic)).toEqual([5])
    expect((await bench.log().consumed(topic, group)).map((position) => position?.offset)).toEqual([
      2,
    ])
    const after = collector()
    const again = await bench.consume(topic, group, after.handle)
    await eventually(() => expect(after.texts).toEqual(['new3']))
    await again.stop()
    await bench.truncate(topic, 6)
    expect(await bench.log().retained(topic)).toEqual([6])
  })

  test('two groups read the same records, each for itself', async () => {
    const topic = await bench.topic()
    await bench.append(topic, numbered(3))
    const one = collector()
    const two = collector()
    await Promise.all([
      bench.consume(topic, bench.name(), one.handle),
      bench.consume(topic, bench.name(), two.handle),
    ])
    await eventually(() => expect([one.texts, two.texts]).toEqual([numbered(3), numbered(3)]))
  })

  test('two members share the partitions, and when one stops the other goes on where it was', async () => {
    const topic = await bench.topic(2)
    const group = bench.name()
    const one = collector()
    const two = collector()
    const first = await bench.consume(topic, group, one.handle)
    const second = await bench.consume(topic, group, two.handle)
    await eventually(() => {
      expect(first.assigned()).toHaveLength(1)
      expect(new Set([...first.assigned(), ...second.assigned()])).toEqual(
        new Set([partition0, partition1]),
      )
    })
    await bench.append(topic, numbered(3, 'a'))
    await bench.append(topic, numbered(3, 'b'), partition1)
    await eventually(() =>
      expect([...one.texts, ...two.texts].toSorted()).toEqual([
        ...numbered(3, 'a'),
        ...numbered(3, 'b'),
      ]),
    )
    expect(one.texts).toHaveLength(3)
    await first.stop()
    await bench.append(topic, ['c'])
    await bench.append(topic, ['d'], partition1)
    await eventually(() =>
      expect(two.texts.filter((value) => value === 'c' || value === 'd').toSorted()).toEqual([
        'c',
        'd',
      ]),
    )
    expect([...one.texts, ...two.texts]).toHaveLength(8)
  })

  test('keepAlive is true while the partition is held and false once it goes to another member, which gets what was not done', async () => {
    const topic = await bench.topic(2)
    const group = bench.name()
    const verdicts: boolean[] = []
    let give = false
    const untilLost = async (batch: LogBatch): Promise<Offset> => {
      for (;;) {
        const held = await batch.keepAlive()
        verdicts.push(held)
        if (!held || give) return goOn(batch)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await bench.consume(topic, group, untilLost)
    await bench.append(topic, ['a'])
    await bench.append(topic, ['b'], partition1)
    await eventually(() => expect(verdicts).toContain(true))
    const { texts, handle } = collector()
    const second = await bench.consume(topic, group, handle)
    await eventually(() => expect(verdicts).toContain(false))
    await eventually(() => expect(second.assigned()).toHaveLength(1))
    await eventually(() => expect(texts).toEqual([second.assigned()[0] === partition0 ? 'a' : 'b']))
    give = true
  })
}
