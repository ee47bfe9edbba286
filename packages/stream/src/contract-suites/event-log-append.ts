import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { LogRecord, Offset } from '../event-log.ts'
import { numbered, partition0, partition1, record, text } from './event-log-bench.ts'
import type { Bench } from './event-log-bench.ts'

const first = 0 as Offset

export function appendRules(bench: Bench): void {
  test('what was appended is readable at once, in order, each partition for itself', async () => {
    const topic = await bench.topic(2)
    await bench.append(topic, ['a', 'b'])
    await bench.append(topic, ['x'], partition1)
    await bench.append(topic, ['c'])
    expect((await bench.log().read(topic, partition0, first, 10)).map(text)).toEqual([
      'a',
      'b',
      'c',
    ])
    expect((await bench.log().read(topic, partition1, first, 10)).map(text)).toEqual(['x'])
  })

  test('offsets rise by record, and append times are those of the append', async () => {
    const topic = await bench.topic()
    const before = Date.now()
    for (const value of numbered(20)) await bench.append(topic, [value])
    const records = await bench.log().read(topic, partition0, first, 100)
    expect(records.map(({ offset }) => Number(offset))).toEqual(numbered(20).map(Number))
    const times = records.map(({ appendedAtMs }) => Number(appendedAtMs))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Math.abs(Number(times[0]) - before)).toBeLessThan(60_000)
  })

  test('a page starts at its offset, ends at its limit, and is empty at the end', async () => {
    const topic = await bench.topic()
    await bench.append(topic, numbered(5))
    const page = async (from: number, limit: number) =>
      (await bench.log().read(topic, partition0, from as Offset, limit)).map(text)
    expect(await page(0, 2)).toEqual(['0', '1'])
    expect(await page(2, 2)).toEqual(['2', '3'])
    expect(await page(4, 2)).toEqual(['4'])
    expect(await page(5, 2)).toEqual([])
    expect(await page(500, 2)).toEqual([])
  })

  test('keys, values and headers come back as they were, also null, empty, binary and beyond ASCII', async () => {
    const topic = await bench.topic()
    const binary = Uint8Array.from({ length: 256 }, (_, index) => index)
    await bench.log().append(topic, partition0, [
      { key: null, value: null },
      {
        key: 'schlüssel',
        value: new Uint8Array(),
        headers: { 'content-type': 'text/plain', name: '顾客' },
      },
      { key: binary, value: binary },
    ])
    expect((await bench.log().read(topic, partition0, first, 10)).map(plain)).toEqual([
      { key: null, value: null, headers: {} },
      {
        key: [...Buffer.from('schlüssel')],
        value: [],
        headers: { 'content-type': 'text/plain', name: '顾客' },
      },
      { key: [...binary], value: [...binary], headers: {} },
    ])
  })

  test('a value of 1 MB goes through; one past the topic limit is refused, and the log goes on', async () => {
    const topic = await bench.topic()
    const large = new Uint8Array(1024 * 1024).fill(7)
    await bench.log().append(topic, partition0, [{ key: null, value: large }])
    const tooLarge = randomBytes(3 * 1024 * 1024) // That no compression makes small.
    await expect(
      bench.log().append(topic, partition0, [{ key: null, value: tooLarge }]),
    ).rejects.toMatchObject({
      code: 'LOG_RECORD_TOO_LARGE',
    })
    await bench.append(topic, ['small'])
    const [one, two] = await bench.log().read(topic, partition0, first, 10)
    expect(Buffer.compare(one?.value ?? new Uint8Array(), large)).toBe(0)
    expect(two && text(two)).toBe('small')
  })

  test('appends from several callers at once are all there, each caller in its order', async () => {
    const topic = await bench.topic()
    const callers = numbered(8, 'caller-')
    await Promise.all(
      callers.map(async (caller) => {
        for (const value of numbered(25))
          await bench.log().append(topic, partition0, [record(`${caller}/${value}`)])
      }),
    )
    const texts = (await bench.log().read(topic, partition0, first, 1_000)).map(text)
    for (const caller of callers)
      expect(texts.filter((value) => value.startsWith(`${caller}/`))).toEqual(
        numbered(25, `${caller}/`),
      )
    expect(texts).toHaveLength(200)
  })
}

function plain({ key, value, headers }: LogRecord) {
  return { key: key && [...key], value: value && [...value], headers: { ...headers } }
}
