import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord, NewRecord, Offset } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { rewrite, type RewriteParts } from './rewrite.ts'

const textOf = ({ value }: Pick<NewRecord, 'value'>): string => Buffer.from(value ?? []).toString()

/** A topic of these texts. From its `emptyFrom`th reading on, pages are empty. */
function topicOf(texts: readonly string[], emptyFrom = Infinity) {
  let records = texts.map((text, offset): LogRecord => {
    return {
      offset: offset as Offset,
      key: null,
      value: Buffer.from(text),
      headers: {},
      appendedAtMs: 0 as EpochMs,
    }
  })
  let readings = 0
  const appended: string[] = []
  const parts: RewriteParts = {
    read: async (from) =>
      ++readings >= emptyFrom ? [] : records.filter(({ offset }) => offset >= from).slice(0, 2),
    append: async (more) => void appended.push(...more.map(textOf)),
    end: async () => texts.length,
    deleteUntil: async (before) =>
      void (records = records.filter(({ offset }) => offset >= before)),
  }
  return { parts, appended, left: () => records.map(textOf) }
}

const removing = (text: string) => (record: LogRecord) =>
  textOf(record) === text ? 'remove' : 'keep'

test('what stays is written again before all up to the last that goes is deleted', async () => {
  const { parts, appended, left } = topicOf(['a', 'b', 'c', 'gone', 'e'])
  await rewrite(parts, removing('gone'))
  expect({ appended, left: left() }).toEqual({ appended: ['a', 'b', 'c'], left: ['e'] })
})

test('the last record that goes may be the last of the topic', async () => {
  const { parts, appended, left } = topicOf(['a', 'gone'])
  await rewrite(parts, removing('gone'))
  expect({ appended, left: left() }).toEqual({ appended: ['a'], left: [] })
})

// The first reading of five records takes three pages.
test.each([4, 5])(
  'nothing is deleted when the second reading ends early, with page %i',
  async (emptyFrom) => {
    const texts = ['a', 'b', 'c', 'gone', 'e']
    const { parts, left } = topicOf(texts, emptyFrom)
    await expect(rewrite(parts, removing('gone'))).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message:
        'rewrite: the second reading did not come to offset 3: nothing was deleted, some of what stays may be there twice',
    })
    expect(left()).toEqual(texts)
  },
)
