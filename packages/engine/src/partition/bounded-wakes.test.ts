import type { Folded, LogRecord } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import {
  answers,
  asks,
  at,
  contactRule,
  event,
  isIn,
  logOf,
  opened,
  proposals,
  withRules,
} from '../testing/alert-log.ts'
import {
  foldLog,
  openOf,
  recordOfEntries,
  transitionsOf,
  type FoldOptions,
} from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'

type Fold = { readonly taken: number; readonly woken: number; readonly second: number }

async function foldsOf(records: readonly LogRecord[], options: FoldOptions = {}) {
  const folds: Fold[] = []
  const folded = ({ taken, change }: Folded): void => {
    const woken = new Set(change.wakes.map(({ subject }) => subject)).size
    folds.push({ taken, woken, second: (change.logTimeMs - at(0)) / 1_000 })
  }
  return { store: await foldLog(records, { batchSizes: [1], ...options, folded }), folds }
}

const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const waitingContacts = (count: number) =>
  many(count).flatMap((index) => [
    opened(index / 100, `c-${index}`),
    asks(index / 100, `c-${index}`),
  ])

test('hours of silence with thousands of deadlines are many small folds before the next record, and all alerts are there', async () => {
  const count = 3_500
  const log = withRules([contactRule('waiting')], () => [
    [36, ...waitingContacts(count)],
    [3_600],
    [3_601],
  ])
  const { store, folds } = await foldsOf(log)
  const alone = folds.filter(({ taken }) => taken === 0)
  expect(alone.length).toBeGreaterThan(3)
  for (const { woken } of alone) expect(woken).toBeLessThanOrEqual(1_000)
  const seconds = folds.map(({ second }) => second)
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
  expect(seconds.at(-1)).toBe(3_601)
  const transitions = transitionsOf(store)
  expect(new Set(transitions.map(({ subject }) => subject)).size).toBe(count)
  expect(new Set(transitions.map(({ detectedMs }) => detectedMs))).toEqual(
    new Set([at(36), at(3_600)]),
  )
  for (const { startedMs, sinceMs } of transitions) expect(startedMs - sinceMs).toBe(30_000)
})

test('a back-fill that expires is no single commit, and what it leaves is what one commit leaves', async () => {
  const day = 86_400
  const past = many(2_500).flatMap((index) => [
    opened(index, `c-${index}`),
    event(index + 1, 'contact.resolved', { contactId: `c-${index}` }),
  ])
  const log = withRules([], () => [[3_000, ...past], [36 * day], [36 * day + 1]])
  const { store, folds } = await foldsOf(log)
  expect(Math.max(...folds.slice(2).map(({ woken }) => woken))).toBeLessThanOrEqual(1_001)
  const { store: atOnce } = await foldsOf(log, { wakesMax: 1e9 })
  expect(measuresOf(store, 'acme')).toEqual(measuresOf(atOnce, 'acme'))
  expect([...store.records.keys()].filter((key) => key.startsWith('j:'))).toEqual([])
  expect([...store.wakes]).toEqual([...atOnce.wakes])
})

test('more wakes of one instant than a fold passes are passed in several', async () => {
  const log = withRules([], () => [
    [1, ...many(25).flatMap((index) => [opened(1, `c-${index}`), asks(1, `c-${index}`)])],
    [100],
  ])
  const { store, folds } = await foldsOf(log, { wakesMax: 4 })
  expect(folds.filter(({ taken }) => taken === 0).length).toBeGreaterThan(6)
  const { store: atOnce } = await foldsOf(log)
  expect(measuresOf(store, 'acme')).toEqual(measuresOf(atOnce, 'acme'))
})

test('records before the first wakes that do not fit are taken with those that do', async () => {
  const log = logOf(
    [
      1,
      opened(1, 'c-1'),
      asks(1, 'c-1'),
      opened(1, 'c-2'),
      asks(1, 'c-2'),
      isIn(1, 'a-1', 'available'),
    ],
    [10, answers(10, 'c-1')],
    [20],
    [1_000],
  )
  const { store, folds } = await foldsOf(log, { wakesMax: 1, batchSizes: [1, 10] })
  expect(folds[1]).toMatchObject({ taken: 2, second: 20 })
  expect(openOf(store, 'acme')).toEqual(openOf((await foldsOf(log)).store, 'acme'))
})

test('new rules of thousands that wait are met in small folds, before anything that comes after them', async () => {
  const propose = proposals()
  const first = propose()
  const log = [
    recordOfEntries(0, at(0), [first]),
    ...withRules([], () => [[36, ...waitingContacts(2_500)]]).slice(1),
    recordOfEntries(2, at(90), [propose(contactRule('waiting'))]),
    recordOfEntries(3, at(90.25), []),
  ]
  const { store, folds } = await foldsOf(log)
  expect(folds.filter(({ taken }) => taken === 0).length).toBeGreaterThanOrEqual(2)
  const found = transitionsOf(store).filter(({ rule }) => rule === 'waiting')
  expect(found).toHaveLength(2_500)
  expect(new Set(found.map(({ detectedMs }) => detectedMs))).toEqual(new Set([at(90.25)]))
})
