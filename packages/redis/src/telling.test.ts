import type { EpochMs } from '@deskpulse/core'
import type { Offset, PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { telling } from './telling.ts'

function told() {
  const messages: string[][] = []
  const { begin } = telling(({ generation, commits }) =>
    messages.push(commits.map(({ partition, id }) => `${generation}:${partition}:${id}`)),
  )
  return {
    messages,
    begin(partition: number) {
      const done = begin(partition as PartitionId)
      const position = { offset: 1 as Offset, logTimeMs: 1 as EpochMs, watermarkMs: 1 as EpochMs }
      return {
        fails: () => done(),
        is: (id: string, generation = 'g') =>
          done({
            generation,
            commit: { ...position, partition: partition as PartitionId, previous: '0-0', id, changed: Buffer.of(1) },
          }),
      }
    },
  }
}

test('a commit that is alone is told as soon as it is done', () => {
  const { begin, messages } = told()
  const commit = begin(0)
  expect(messages).toEqual([])
  commit.is('1')
  expect(messages).toEqual([['g:0:1']])
})

test('commits that are under way together are told in one message, once the last of them is done, whether or not it came about', () => {
  const { begin, messages } = told()
  const [first, second, third] = [begin(0), begin(1), begin(2)]
  second.is('2')
  first.is('1')
  expect(messages).toEqual([])
  third.fails()
  expect(messages).toEqual([['g:1:2', 'g:0:1']])
})

test('where nothing was committed, nothing is told', () => {
  const { begin, messages } = told()
  begin(0).fails()
  expect(messages).toEqual([])
})

test('a commit waits for others, but for no second one of its partition: under load a message comes with each of them', () => {
  const { begin, messages } = told()
  const [first, slow] = [begin(0), begin(1)]
  first.is('1')
  const next = begin(0)
  expect(messages).toEqual([['g:0:1']])
  next.is('2')
  expect(messages).toHaveLength(1)
  slow.is('3')
  expect(messages).toEqual([['g:0:1'], ['g:0:2', 'g:1:3']])
})

test('a message is of one generation', () => {
  const { begin, messages } = told()
  const [first, second] = [begin(0), begin(1)]
  first.is('1', 'g')
  second.is('2', 'h')
  expect(messages).toEqual([['g:0:1'], ['h:1:2']])
})
