import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueQueue } from './due-queue.ts'
import type { EpochMs } from './time.ts'

const ms = (value: number) => value as EpochMs

test('subjects come up in the order of their times and names, each at its last time, and none before it', () => {
  const sets = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.option(fc.nat(20))), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(sets, fc.nat(20), (all, nowMs) => {
      const due = dueQueue<string>((subject) => subject)
      for (const [subject, atMs] of all) due.set(subject, atMs === null ? null : ms(atMs))
      const last = [...new Map(all)].flatMap(([subject, atMs]) =>
        atMs !== null && atMs <= nowMs ? [{ subject, atMs }] : [],
      )
      const expected = last
        .sort((a, b) => a.atMs - b.atMs || (a.subject < b.subject ? -1 : 1))
        .map(({ subject }) => subject)
      const taken: string[] = []
      for (let one = due.take(ms(nowMs)); one !== null; one = due.take(ms(nowMs))) taken.push(one)
      expect(taken).toEqual(expected)
    }),
  )
})
