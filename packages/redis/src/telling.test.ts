import type { EpochMs } from '@deskpulse/core/time'
import type { Offset, PartitionId, Timer } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { telling, toldWithinMs } from './telling.ts'

function told() {
  const messages: string[][] = []
  let waiting: (() => void) | null = null
  const timer: Timer = {
    after(ms, act) {
      expect(ms).toBe(toldWithinMs)
      waiting = act
      return () => (waiting = null)
    },
  }
  const { begin } = telling(
    ({ generation, commits }) =>
      messages.push(commits.map(({ partition, id }) => `${generation}:${partition}:${id}`)),
    timer,
  )
  return {
    messages,
    /** The time within which commits are told has passed. @returns whether anything waited for it. */
    pass(): boolean {
      const act = waiting
      waiting = null
      act?.()
      return act !== null
    },
    begin(partition: number) {
      const done = begin()
      const position = { offset: 1 as Offset, logTimeMs: 1 as EpochMs, watermarkMs: 1 as EpochMs }
      return {
        fails: () => done(),
        is: (id: string, generation = 'g') =>
          done({
            generation,
            commit: {
              ...position,
              partition: partition as PartitionId,
              previous: '0-0',
              id,
              changed: Buffer.of(1),
            },
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

test('a commit waits for others no longer than it may, and those after it for as long again', () => {
  const { begin, messages, pass } = told()
  const [first, slow] = [begin(0), begin(1)]
  first.is('1')
  expect(messages).toEqual([])
  expect(pass()).toBe(true)
  expect(messages).toEqual([['g:0:1']])
  begin(0).is('2')
  expect(messages).toHaveLength(1)
  slow.is('3')
  expect(messages).toEqual([['g:0:1'], ['g:0:2', 'g:1:3']])
  expect(pass()).toBe(false)
})

test('a message is of one generation', () => {
  const { begin, messages } = told()
  const [first, second] = [begin(0), begin(1)]
  first.is('1', 'g')
  second.is('2', 'h')
  expect(messages).toEqual([['g:0:1'], ['h:1:2']])
})
