import { type DeadLetter, letterGroupRecord, originalOf } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord, NewRecord, Offset } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { findLetters, removeLetters, type Sought } from './letters.ts'

const letter = (text: string, tenant: string | null = 'acme'): DeadLetter => ({
  original: originalOf(Buffer.from(text)),
  ...{ code: 'bad-schema', path: '', reason: '', tenant, source: null },
  ...{ firstMs: 1, lastMs: 1, times: 1, place: null },
})
const textOf = ({ original }: DeadLetter): string => Buffer.from(original.bytes).toString()

/** Rewritten at once; `before`: each time, before that. */
function topicOf(groups: readonly (readonly DeadLetter[])[], before = (): void => {}) {
  let records: readonly NewRecord[] = groups.map(letterGroupRecord)
  const stored = (): readonly LogRecord[] =>
    records.map(({ value, headers = {} }, offset) => ({
      ...{ offset: offset as Offset, appendedAtMs: 1 as EpochMs },
      ...{ key: null, value, headers },
    }))
  return {
    append: (...letters: readonly DeadLetter[]) =>
      void (records = [...records, letterGroupRecord(letters)]),
    count: () => records.length,
    read: async (from: Offset, limit: number) => stored().slice(from, from + limit),
    async rewrite(decide: (record: LogRecord) => 'keep' | 'remove' | NewRecord) {
      before()
      records = stored().flatMap((record) => {
        const fate = decide(record)
        return fate === 'remove' ? [] : [fate === 'keep' ? record : fate]
      })
    },
  }
}

/** Letters of acme that say `gone`. `asked`: into which was looked. */
function gone(meanwhile = (): void => {}) {
  const asked: string[] = []
  const sought: Sought = {
    isTheirs: (tenant) => tenant === 'acme',
    isNamed(one) {
      asked.push(textOf(one))
      meanwhile()
      return textOf(one).startsWith('gone')
    },
  }
  return { asked, sought }
}

test('between the letters of one group the process has time for other work', async () => {
  let isDone = false
  const course: boolean[] = []
  const { sought } = gone(() => {
    course.push(isDone)
    for (const endMs = performance.now() + 10; performance.now() < endMs;);
  })
  setImmediate(() => (isDone = true))
  const group = ['a', 'b', 'gone', 'c'].map((text) => letter(text))
  expect(await findLetters(topicOf([group]), sought)).toMatchObject({ letters: 1 })
  expect(course).toEqual([false, true, true, true])
})

test('each letter of the tenant is looked into once before the rewriting and once after it, and none of another', async () => {
  const { asked, sought } = gone()
  const topic = topicOf([
    [letter('gone 1'), letter('a'), letter('gone 1', 'globex')],
    [letter('gone 2'), letter('gone', null)],
  ])
  expect(await removeLetters(topic, sought)).toMatchObject({ letters: 2, unreadable: 0 })
  expect(asked).toEqual(['gone 1', 'a', 'gone 2', 'a'])
  const left = await findLetters(topic, { isTheirs: () => true, isNamed: () => true })
  expect(left.letters).toBe(3)
})

test('what is written after the first look goes, too', async () => {
  const late = ['gone 2', 'gone 3']
  const topic = topicOf([[letter('gone 1')]], () => {
    const next = late.shift()
    if (next !== undefined) topic.append(letter(next), letter('a'))
  })
  expect(await removeLetters(topic, gone().sought)).toMatchObject({ letters: 1 })
  expect([late, topic.count()]).toEqual([[], 2])
  const { asked, sought } = gone()
  expect(await findLetters(topic, sought)).toMatchObject({ letters: 0 })
  expect(asked).toEqual(['a', 'a'])
})
