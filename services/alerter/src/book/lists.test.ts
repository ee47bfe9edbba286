import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { LedgerReads } from '../partition/ledger.ts'
import { duePage, sweepPage } from './ask-page.ts'
import { evict } from './evict.ts'
import { type AlertRef, dueListKey, endedListKey, openListKey, scoreOf } from './keys.ts'
import { sweepsOf } from './sweeps.ts'
import type { Work } from './work.ts'

const at = (ms: number): EpochMs => ms as EpochMs
const nowMs = at(100 * dayMs)

type Member = readonly [member: string, score: number]

/** Of lists that hold these, in their order; `counts`: how many a list has in all, where that is more. */
function readsOf(
  lists: Readonly<Record<string, readonly Member[]>>,
  counts: Record<string, number> = {},
): LedgerReads {
  return {
    nowMs,
    list: async (key: string, members: number) => {
      const all = (lists[key] ?? []).map(([member, score]) => ({ member, score }))
      return { count: counts[key] ?? all.length, first: all.slice(0, members) }
    },
  } as unknown as LedgerReads
}

const due = (ms: number, alert: string): Member => [`acme/${alert}`, scoreOf(at(ms))]
const asked = (ms: number, alert: string): Member => [alert, scoreOf(at(ms))]

test.each<{ rule: string; members: readonly Member[]; page: string[]; nextMs: number | null }>([
  { rule: 'nothing, where no alert has a time', members: [], page: [], nextMs: null },
  {
    rule: 'what is due now, and says when more is',
    members: [due(nowMs - 1, 'a'), due(nowMs, 'b'), due(nowMs + 1, 'c'), due(nowMs + 2, 'd')],
    page: ['a', 'b'],
    nextMs: nowMs + 1,
  },
  {
    rule: 'all that is due',
    members: [due(nowMs - 1, 'a'), due(nowMs, 'b')],
    page: ['a', 'b'],
    nextMs: null,
  },
])('a page of due alerts has $rule', async ({ members, page, nextMs }) => {
  const found = await duePage(readsOf({ [dueListKey]: members }))
  expect(found).toEqual({
    page: { refs: page.map((alertId) => ({ tenant: 'acme', alertId })), askedMs: nowMs },
    nextMs,
  })
})

test.each([
  { beforeMs: nowMs - 5, refs: ['a'], askedMs: nowMs, rule: 'they are asked about now' },
  { beforeMs: nowMs - 4, refs: ['a', 'b'], askedMs: nowMs, rule: 'also those of that instant' },
  { beforeMs: nowMs, refs: ['a', 'b', 'c'], askedMs: nowMs + 1, rule: 'or else just after it' },
])(
  'a sweep asks about alerts that were last asked about before an instant; $rule',
  async ({ beforeMs, refs, askedMs }) => {
    const members = [asked(nowMs - 5, 'a'), asked(nowMs - 4, 'b'), asked(nowMs, 'c')]
    const page = await sweepPage(readsOf({ [openListKey('acme')]: members }), 'acme', at(beforeMs))
    expect(page).toEqual({ refs: refs.map((alertId) => ({ tenant: 'acme', alertId })), askedMs })
  },
)

test('sweeps end tenant by tenant, when nothing is left that was asked about before', async () => {
  const lists: Record<string, readonly Member[]> = {
    [openListKey('acme')]: [asked(nowMs - 5, 'a')],
    [openListKey('other')]: [asked(nowMs - 5, 'b')],
  }
  const [sweeps, reads] = [sweepsOf(), readsOf(lists)]
  expect([sweeps.areUnderWay(), await sweeps.nextPage(reads)]).toEqual([false, null])
  for (const tenant of ['acme', 'other']) sweeps.add(tenant, nowMs)
  const next = async () => (await sweeps.nextPage(reads))?.refs.map(({ alertId }) => alertId)
  expect(await next()).toEqual(['a'])
  lists[openListKey('acme')] = [asked(nowMs + 1, 'a')]
  expect([sweeps.areUnderWay(), await next()]).toEqual([true, ['b']])
  lists[openListKey('other')] = []
  expect([await next(), sweeps.areUnderWay()]).toEqual([undefined, false])
})

test('a sweep that is asked for again asks about all of them again, though the clock stands still', async () => {
  const sweeps = sweepsOf()
  const page = () => sweeps.nextPage(readsOf({ [openListKey('acme')]: [asked(nowMs - 5, 'a')] }))
  const times: unknown[] = []
  for (const addedMs of [nowMs, nowMs, nowMs - 9, nowMs + 9]) {
    sweeps.add('acme', at(addedMs))
    times.push((await page())?.askedMs)
  }
  expect(times).toEqual([1, 2, 3, 10].map((ms) => nowMs + ms))
})

/** Of a history that holds `count` alerts, of which the first ones ended at these moments: those that leave. */
async function evicted(count: number, endedMs: readonly number[], ending = 1): Promise<string[]> {
  const key = endedListKey('acme')
  const members = endedMs.map((ms, nth): Member => [`a-${nth}`, ms])
  const left: AlertRef[] = []
  const changed = Array.from({ length: ending }, (_, nth) => ({
    tenant: 'acme',
    alertId: `${nth}`,
  }))
  const work = {
    nowMs,
    changed: () => [
      ...changed,
      { tenant: 'other', alertId: 'x' },
      { tenant: 'acme', alertId: 'y' },
    ],
    alert: ({ alertId }: AlertRef) => ({ isFinal: alertId !== 'y' }),
    remove: (ref: AlertRef) => left.push(ref),
  } as unknown as Work
  await evict(work, 'acme', readsOf({ [key]: members }, { [key]: count }))
  expect(left.every(({ tenant }) => tenant === 'acme')).toBe(true)
  return left.map(({ alertId }) => alertId)
}

test.each([
  { rule: 'none leaves of 5,000', count: 4_999, ending: 1, is: [] },
  { rule: 'one leaves for one more', count: 5_000, ending: 1, is: ['a-0'] },
  { rule: 'as many leave as are too many', count: 5_000, ending: 2, is: ['a-0', 'a-1'] },
  { rule: 'none leaves where none has ended', count: 6_000, ending: 0, is: [] },
])('history: $rule', async ({ count, ending, is }) => {
  expect(await evicted(count, [nowMs - 3, nowMs - 2, nowMs - 1], ending)).toEqual(is)
})

test('history: what has been over for 30 days leaves, and nothing before', async () => {
  const kept = 30 * dayMs
  expect(await evicted(9, [nowMs - kept - 1, nowMs - kept, nowMs - kept + 1])).toEqual([
    'a-0',
    'a-1',
  ])
})
