import { expect, test } from 'vitest'
import type { Offset } from '../event-log.ts'
import { eventually, logSettings, partition0, partition1 } from './event-log-bench.ts'
import type { Bench } from './event-log-bench.ts'

export function topicRules(bench: Bench): void {
  test('ensuring topics makes what is missing, once', async () => {
    const spec = { name: bench.name(), partitions: 3, settings: logSettings }
    await bench.log().ensureTopics([spec])
    await bench.log().ensureTopics([spec])
    await bench.log().checkTopics([spec])
    expect(await bench.log().partitionCount(spec.name)).toBe(3)
  })

  test('a topic with another setting or another number of partitions is refused, and what differs is named', async () => {
    const spec = {
      name: bench.name(),
      partitions: 2,
      settings: { ...logSettings, 'retention.ms': '-1' },
    }
    await bench.log().ensureTopics([spec])
    const refused = (...named: string[]) => ({
      code: 'LOG_TOPIC_SETTINGS',
      message: expect.stringMatching(new RegExp([spec.name, ...named].join('.*'))),
    })
    const shorter = { ...spec, settings: { ...spec.settings, 'retention.ms': '1000' } }
    const more = { ...spec, partitions: 4 }
    for (const look of ['ensureTopics', 'checkTopics'] as const) {
      await expect(bench.log()[look]([shorter])).rejects.toMatchObject(
        refused('retention.ms', '-1', '1000'),
      )
      await expect(bench.log()[look]([more])).rejects.toMatchObject(refused('partitions', '2', '4'))
    }
  })

  test('what may be tuned is brought to what it is to be, on a new topic and on an old one; the other settings stay', async () => {
    const spec = { name: bench.name(), partitions: 1, settings: logSettings }
    const tunedTo = (ms: string) => ({ ...spec, tuned: { 'retention.ms': ms } })
    const hasNow = (ms: string) =>
      bench.log().ensureTopics([{ ...spec, settings: { ...logSettings, 'retention.ms': ms } }])
    await bench.log().ensureTopics([tunedTo('1000000')])
    await hasNow('1000000')
    await bench.log().ensureTopics([tunedTo('2000000')])
    await bench.log().ensureTopics([tunedTo('2000000')])
    await eventually(() => hasNow('2000000'))
    await bench.reopen()
    await hasNow('2000000')
    await expect(hasNow('1000000')).rejects.toMatchObject({ code: 'LOG_TOPIC_SETTINGS' })
  })

  test('the end of each partition is where the next record comes, also when records are gone', async () => {
    const topic = await bench.topic(2)
    expect(await bench.log().ends(topic)).toEqual([0, 0])
    await bench.append(topic, ['a', 'b', 'c'])
    await bench.append(topic, ['d'], partition1)
    expect(await bench.log().ends(topic)).toEqual([3, 1])
    await bench.truncate(topic, 2)
    expect(await bench.log().ends(topic)).toEqual([3, 1])
    await bench.reopen()
    expect(await bench.log().ends(topic)).toEqual([3, 1])
  })

  test('a topic that nobody made is unknown', async () => {
    const unknown = { code: 'LOG_TOPIC_UNKNOWN' }
    await expect(bench.log().partitionCount(bench.name())).rejects.toMatchObject(unknown)
    await expect(
      bench.log().checkTopics([{ name: bench.name(), partitions: 1, settings: logSettings }]),
    ).rejects.toMatchObject(unknown)
    await expect(bench.append(bench.name(), ['a'])).rejects.toMatchObject(unknown)
    await expect(bench.log().ends(bench.name())).rejects.toMatchObject(unknown)
    await expect(bench.log().read(bench.name(), partition0, 0 as Offset, 1)).rejects.toMatchObject(
      unknown,
    )
    await expect(
      bench.consume(bench.name(), bench.name(), async () => 0 as Offset),
    ).rejects.toMatchObject(unknown)
  })

  test('a partition that the topic does not have is unknown, and nothing is written anywhere', async () => {
    const topic = await bench.topic(1)
    await expect(bench.append(topic, ['lost?'], partition1)).rejects.toMatchObject({
      code: 'LOG_TOPIC_UNKNOWN',
    })
    await expect(bench.log().read(topic, partition1, 0 as Offset, 1)).rejects.toMatchObject({
      code: 'LOG_TOPIC_UNKNOWN',
    })
    expect(await bench.log().read(topic, partition0, 0 as Offset, 1)).toEqual([])
  })

  test('a log that is open answers, a closed one does not', async () => {
    expect(await bench.log().ping()).toBe(true)
    await bench.log().close()
    expect(await bench.log().ping()).toBe(false)
  })
}
