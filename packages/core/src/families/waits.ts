import type { Finding, OpenNeed, OpenRead, Reading } from '../kpis/kpi.ts'
import { nothing, now, total } from '../kpis/shapes.ts'
import type { EpochMs } from '../time/time.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Customers who wait for a human: owed replies and calls in a queue. */
export const waits = family('waits', 3, {
  /** Given up, as nothing ended them within the longest wait; at that instant, until an end comes after all. */
  lostWait: count(1, on('reply', { at: (row) => row.lost }), on('pass', { at: (row) => row.lost })),
})

/** The same in SQL. */
export const waitSql: FamilySql<keyof typeof waits.measures> = {
  lostWait: [rowsOf('reply', 'lost'), rowsOf('pass', 'lost')],
}

/** Who waits for a human now: owed replies of the live class, and callers in a queue. A contact is in one of them at most. */
const waitingKinds = ['reply.live', 'queue.voice'] as const
const overdueKinds = ['reply.live.due', 'queue.voice.due'] as const

const counted = (kinds: readonly OpenNeed['kind'][], members: number): OpenNeed[] =>
  kinds.map((kind) => ({ kind, members }))
const countOf = (reading: Reading, kinds: readonly OpenNeed['kind'][]): number =>
  kinds.reduce((sum, kind) => sum + reading.open(kind).count, 0)

const waitingNow = now('waiting_now', {
  name: { en: 'Waiting now', zh: '当前等待' },
  description: {
    en: 'Contacts whose customer waits for a human now: owed live replies and callers in a queue.',
    zh: '当前等待人工的会话数：在线渠道的待回复与语音排队。',
  },
  direction: 'lower',
  unit: 'count',
  open: counted(waitingKinds, 0),
  find: (reading) => ({ value: countOf(reading, waitingKinds) }),
  docs: {
    formula: 'open owed replies of live contacts + open queue waits of voice contacts',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0',
    note: 'each contact once',
  },
})

const longestWait = now('longest_wait', {
  name: { en: 'Longest wait', zh: '最长等待' },
  description: {
    en: 'How long the customer who waits longest now has waited.',
    zh: '当前等待最久的客户已等待的时间。',
  },
  direction: 'lower',
  unit: 'ms',
  open: counted(waitingKinds, 1),
  terms: { shape: 'longest', kinds: waitingKinds },
  find: (reading) => longestOf(reading, waitingKinds),
  docs: {
    formula: '`asOf − since` of the oldest of `waiting_now`, with `since` beside it',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '`null`, `nothing-happened`: nobody waits',
    note: 'it grows by itself: show it from `since`',
  },
})

const queuedNow = now('queued_now', {
  name: { en: 'Queued now', zh: '排队数' },
  description: {
    en: 'Callers who wait for an agent now.',
    zh: '当前等待坐席接听的来电数。',
  },
  direction: 'lower',
  unit: 'count',
  open: counted(['queue.voice'], 0),
  find: (reading) => ({ value: countOf(reading, ['queue.voice']) }),
  docs: {
    formula: 'open queue waits of voice contacts',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0',
    note: 'the calls among `waiting_now`; one that is in no queue yet waits in `queue=none`',
  },
})

const longestQueueWait = now('longest_queue_wait', {
  name: { en: 'Longest queue wait', zh: '最长排队等待' },
  description: {
    en: 'How long the caller who waits longest now has waited.',
    zh: '当前排队最久的来电已等待的时间。',
  },
  direction: 'lower',
  unit: 'ms',
  open: counted(['queue.voice'], 1),
  terms: { shape: 'longest', kinds: ['queue.voice'] },
  find: (reading) => longestOf(reading, ['queue.voice']),
  docs: {
    formula: '`asOf − since` of the oldest of `queued_now`, with `since` beside it',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '`null`, `nothing-happened`: nobody waits',
    note: 'it grows by itself: show it from `since`; the wait in this queue, not that of the call in all of them',
  },
})

const waitingOverTarget = now('waiting_over_target', {
  name: { en: 'Waiting over limit', zh: '超时等待' },
  description: {
    en: 'Contacts that have waited longer than their limit, now.',
    zh: '当前等待已超过时限的会话数。',
  },
  direction: 'lower',
  targets: { any: { max: 0 } },
  unit: 'count',
  open: counted(overdueKinds, 0),
  find: (reading) => ({ value: countOf(reading, overdueKinds) }),
  docs: {
    formula: 'those of `waiting_now` whose since + limit has come',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0',
    note: 'each contact by its own limit',
  },
})

const lostWaits = total('lost_waits', {
  name: { en: 'Lost waits', zh: '失联等待' },
  description: {
    en: 'Waits without an end for so long that they are given up: owed replies and callers in a queue.',
    zh: '长时间没有结束记录、视为失联的等待：待回复会话与语音排队。',
  },
  direction: 'lower',
  targets: { any: { max: 0 } },
  of: waits.measures.lostWait,
  docs: {
    formula:
      'waits that nothing ended within the tenant’s `waitMax` (voice 4 h, live 24 h, deferred 35 days)',
    countedAt: 'since + `waitMax`',
    whenEmpty: '0',
    note: 'a lost wait is in no other figure of this chapter, and a lost call leaves the backlog; an end that comes later takes it back; `GET …/waiting?lost=true` lists them',
  },
})

function longestOf(reading: Reading, kinds: readonly OpenNeed['kind'][]): Finding {
  const sinceMs = oldestOf(kinds.map((kind) => reading.open(kind)))
  if (sinceMs === null) return nothing('nothing-happened')
  return { value: reading.asOfMs - sinceMs, since: new Date(sinceMs).toISOString() }
}

function oldestOf(reads: readonly OpenRead[]): EpochMs | null {
  let oldest: EpochMs | null = null
  for (const { oldest: members } of reads) {
    const sinceMs = members[0]?.sinceMs
    if (sinceMs !== undefined && (oldest === null || sinceMs < oldest)) oldest = sinceMs
  }
  return oldest
}

export const waitKpis = [
  waitingNow,
  longestWait,
  waitingOverTarget,
  queuedNow,
  longestQueueWait,
  lostWaits,
]
