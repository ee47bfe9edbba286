import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { LedgerReads } from '../partition/ledger.ts'
import type { AlertState } from './alert-state.ts'
import { duePage, sweepPage } from './ask-page.ts'
import { evict } from './evict.ts'
import { type AlertRef, dueListKey, endedListKey, memberOf, openListKey, scoreOf } from './keys.ts'
import { sweepsOf } from './sweeps.ts'
import type { Work } from './work.ts'

const nowMs = Date.UTC(2026, 2, 2, 10) as EpochMs
const at = (ms: number): EpochMs => (nowMs + ms) as EpochMs

type Member = { readonly member: string; readonly score: number }

/** Reads of lists alone; what was asked of them is noted. `count`: of a list that is longer than what is shown of it. */
function readsOf(
  lists: Readonly<Record<string, readonly Member[]>>,
  count?: number,
): LedgerReads & { readonly asked: unknown[] } {
  const asked: unknown[] = []
  return {
    ...{ nowMs, asked, values: () => Promise.reject(new Error('no record is read')) },
    list: (key, members) => {
      asked.push([key, members])
      const first = (lists[key] ?? []).slice(0, members)
      return Promise.resolve({ count: count ?? first.length, first })
    },
  }
}

const due = (alertId: string, ms: number): Member => ({
  member: memberOf({ tenant: 'acme', alertId }),
  score: scoreOf(at(ms)),
})
const open = (alertId: string, ms: number): Member => ({ member: alertId, score: scoreOf(at(ms)) })
const ids = (refs: readonly AlertRef[]): readonly string[] => refs.map(({ alertId }) => alertId)

test('what is due now is asked about, and the first that is not says when to look again', async () => {
  const reads = readsOf({ [dueListKey]: [due('a', -5), due('b', 0), due('c', 1), due('d', 2)] })
  const { page, nextMs } = await duePage(reads)
  expect([ids(page.refs), page.askedMs, nextMs]).toEqual([['a', 'b'], nowMs, at(1)])
  expect(reads.asked).toEqual([[dueListKey, 100]])
  expect(await duePage(readsOf({ [dueListKey]: [due('a', 0)] }))).toMatchObject({ nextMs: null })
  expect(await duePage(readsOf({}))).toEqual({ page: { refs: [], askedMs: nowMs }, nextMs: null })
})

test('a sweep asks about what was asked about last at its moment or before, and that counts as asked after it', async () => {
  const lists = { [openListKey('acme')]: [open('a', -5), open('b', 0), open('c', 1)] }
  expect(await sweepPage(readsOf(lists), 'acme', at(0))).toMatchObject({
    refs: [{ alertId: 'a' }, { alertId: 'b' }],
    askedMs: at(1),
  })
  expect(await sweepPage(readsOf(lists), 'acme', at(-9))).toEqual({ refs: [], askedMs: nowMs })
})

test('tenants are swept one after another, each until nothing is left of it', async () => {
  const sweeps = sweepsOf()
  const lists: Record<string, Member[]> = {
    [openListKey('a')]: [open('1', -5)],
    [openListKey('b')]: [open('2', -5)],
  }
  expect([sweeps.areUnderWay(), await sweeps.nextPage(readsOf(lists))]).toEqual([false, null])
  sweeps.add('a', at(0))
  sweeps.add('b', at(0))
  expect((await sweeps.nextPage(readsOf(lists)))?.refs).toEqual([{ tenant: 'a', alertId: '1' }])
  lists[openListKey('a')] = [open('1', 1)]
  expect((await sweeps.nextPage(readsOf(lists)))?.refs).toEqual([{ tenant: 'b', alertId: '2' }])
  expect(sweeps.areUnderWay()).toBe(true)
  lists[openListKey('b')] = []
  expect([await sweeps.nextPage(readsOf(lists)), sweeps.areUnderWay()]).toEqual([null, false])
})

test('a tenant that is to be swept again, though the clock stands still, is asked about once more', async () => {
  const sweeps = sweepsOf()
  const lists = { [openListKey('a')]: [open('1', 1)] } // As the sweep before left it.
  sweeps.add('a', at(0))
  expect(await sweeps.nextPage(readsOf(lists))).toBeNull()
  sweeps.add('a', at(0))
  expect((await sweeps.nextPage(readsOf(lists)))?.refs).toEqual([{ tenant: 'a', alertId: '1' }])
})

/** How many alerts of the tenant end for good by this work, of how many that it changes. */
function workOf(
  ending: number,
  others: readonly { readonly tenant: string; readonly isFinal: boolean }[] = [],
) {
  const final = Array.from({ length: ending }, (_, number) => ({
    tenant: 'acme',
    alertId: `end ${number}`,
    isFinal: true,
  }))
  const changed = [
    ...final,
    ...others.map((one, number) => ({ ...one, alertId: `other ${number}` })),
  ]
  const removed: string[] = []
  const work: Pick<Work, 'changed' | 'alert' | 'remove' | 'nowMs'> = {
    nowMs,
    changed: () => changed,
    alert: ({ alertId }) =>
      ({ isFinal: changed.find((one) => one.alertId === alertId)!.isFinal }) as AlertState,
    remove: ({ alertId }) => void removed.push(alertId),
  }
  return { work: work as Work, removed }
}
const ended = (alertId: string, ageMs: number): Member => ({
  member: alertId,
  score: nowMs - ageMs,
})

test.each([
  { rule: 'while there is room', count: 4_999, ending: 1, gone: [] },
  { rule: 'one for each that comes past the limit', count: 4_999, ending: 2, gone: ['a'] },
  { rule: 'as many as are too many', count: 5_001, ending: 2, gone: ['a', 'b', 'c'] },
])(
  'of the history those leave that were done with first: $rule',
  async ({ count, ending, gone }) => {
    const { work, removed } = workOf(ending)
    await evict(
      work,
      'acme',
      readsOf({ [endedListKey('acme')]: ['a', 'b', 'c', 'd'].map((id) => ended(id, 1)) }, count),
    )
    expect(removed).toEqual(gone)
  },
)

test('what is done with for thirty days leaves, a few hundred at a time', async () => {
  const { work, removed } = workOf(1)
  const old = [ended('a', 30 * dayMs + 1), ended('b', 30 * dayMs), ended('c', 30 * dayMs - 1)]
  const reads = readsOf({ [endedListKey('acme')]: old })
  await evict(work, 'acme', reads)
  expect(removed).toEqual(['a', 'b'])
  expect(reads.asked).toEqual([[endedListKey('acme'), 200]])
})

test('where nothing of the tenant ends for good nothing is looked for', async () => {
  const reads = readsOf({}, 9_000)
  const others = [
    { tenant: 'acme', isFinal: false },
    { tenant: 'other', isFinal: true },
  ]
  await evict(workOf(0, others).work, 'acme', reads)
  expect(reads.asked).toEqual([])
})
