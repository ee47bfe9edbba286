import type { ChangeCursor, CommitNotice } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { notingInOrder } from './noting.ts'

const cursor = (n: number): ChangeCursor => `c${n}` as ChangeCursor
const notice = (n: number): CommitNotice =>
  ({
    cursor: cursor(n),
    changed: new Map(),
    logTimeMs: 0 as never,
    watermarkMs: 0 as never,
  }) as unknown as CommitNotice

/** `told n`, `broke`, `begin`, `end n` (of the moment of commit n), `failed`. */
async function notedAfter(...steps: readonly string[]): Promise<string[]> {
  const noted: string[] = []
  let read = Promise.withResolvers<undefined>()
  let reading: Promise<unknown> = Promise.resolve()
  const noting = notingInOrder((one) => void noted.push(one))
  for (const step of steps) {
    const [what, n] = step.split(' ')
    if (what === 'told') noting.told(notice(Number(n)))
    if (what === 'broke') noting.broke()
    if (what === 'begin') {
      read = Promise.withResolvers()
      reading = noting.during(() => read.promise).catch((error: unknown) => error)
    }
    if (what === 'end') {
      read.resolve(undefined)
      await reading
      noting.end(cursor(Number(n)))
    }
    if (what === 'failed') {
      read.reject(new Error('away'))
      expect(await reading).toEqual(new Error('away'))
    }
  }
  return noted
}

test.each([
  { rule: 'no read is under way: at once', steps: ['told 1', 'told 2'], noted: ['c1', 'c2'] },
  {
    rule: 'a read is under way: when it is there',
    steps: ['begin', 'told 2', 'told 3'],
    noted: [],
  },
  {
    rule: 'it brought a moment before them: all of them',
    steps: ['begin', 'told 2', 'told 3', 'end 1'],
    noted: ['c2', 'c3'],
  },
  {
    rule: 'it brought that of one of them: those behind it',
    steps: ['begin', 'told 2', 'told 3', 'told 4', 'end 3'],
    noted: ['c4'],
  },
  {
    rule: 'it brought a later moment: all of them, again',
    steps: ['begin', 'told 2', 'end 5', 'told 6'],
    noted: ['c2', 'c6'],
  },
  {
    rule: 'it failed: all of them',
    steps: ['begin', 'told 2', 'failed', 'told 3'],
    noted: ['c2', 'c3'],
  },
  {
    rule: 'a break during it: none until the next read begins',
    steps: ['begin', 'told 2', 'broke', 'told 4', 'end 1', 'told 5'],
    noted: ['c2'],
  },
  {
    rule: '… and then again',
    steps: ['begin', 'broke', 'told 4', 'end 1', 'told 5', 'begin', 'told 7', 'end 6', 'told 8'],
    noted: ['c7', 'c8'],
  },
  {
    rule: 'a break while nobody reads: what comes is noted of nothing held',
    steps: ['told 1', 'broke', 'told 3'],
    noted: ['c1', 'c3'],
  },
])('$rule', async ({ steps, noted }) => {
  expect(await notedAfter(...steps)).toEqual(noted)
})
