import { expect, test } from 'vitest'
import { logSettings, partition0 } from './event-log-bench.ts'
import type { Bench } from './event-log-bench.ts'

export function topicRules(bench: Bench): void {
  test('ensuring topics makes what is missing, once', async () => {
    const spec = { name: bench.name(), partitions: 3, settings: logSettings }
    await bench.log().ensureTopics([spec])
    await bench.log().ensureTopics([spec])
    expect(await bench.log().partitionCount(spec.name)).toBe(3)
  })

  test('a topic with another setting or another number of partitions is refused, and what differs is named', async () => {
    const spec = { name: bench.name(), partitions: 2, settings: { ...logSettings, 'retention.ms': '-1' } }
    await bench.log().ensureTopics([spec])
    await expect(bench.log().ensureTopics([{ ...spec, settings: { ...spec.settings, 'retention.ms': '1000' } }])).rejects.toMatchObject({
      code: 'LOG_TOPIC_SETTINGS',
      message: expect.stringMatching(new RegExp(`${spec.name}.*retention.ms.*-1.*1000`)),
    })
    await expect(bench.log().ensureTopics([{ ...spec, partitions: 4 }])).rejects.toMatchObject({
      code: 'LOG_TOPIC_SETTINGS',
      message: expect.stringMatching(new RegExp(`${spec.name}.*partitions.*2.*4`)),
    })
  })

  test('a topic that nobody made is unknown', async () => {
    const unknown = { code: 'LOG_TOPIC_UNKNOWN' }
    await expect(bench.log().partitionCount(bench.name())).rejects.toMatchObject(unknown)
    await expect(bench.append(bench.name(), ['a'])).rejects.toMatchObject(unknown)
    await expect(bench.log().read(bench.name(), partition0, 0 as never, 1)).rejects.toMatchObject(unknown)
    await expect(bench.consume(bench.name(), bench.name(), async () => 0 as never)).rejects.toMatchObject(unknown)
  })

  test('a log that is open answers, a closed one does not', async () => {
    expect(await bench.log().ping()).toBe(true)
    await bench.log().close()
    expect(await bench.log().ping()).toBe(false)
  })
}
