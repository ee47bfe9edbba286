import { measures } from '../measures/measure.ts'
import type { EpochMs } from '../time/time.ts'
import type { OpenNeed, OpenRead, Reading } from './kpi.ts'
import { count, nothing, now } from './shapes.ts'

/** Who waits for a human now: owed replies of the live class, and callers in a queue. A contact is in one of them at most. */
const waitingKinds = ['reply.live', 'queue.voice'] as const
const overdueKinds = ['reply.live.due', 'queue.voice.due'] as const

const counted = (kinds: readonly OpenNeed['kind'][], members: number): OpenNeed[] => kinds.map((kind) => ({ kind, members }))
const total = (reading: Reading, kinds: readonly OpenNeed['kind'][]): number =>
  kinds.reduce((sum, kind) => sum + reading.open(kind).count, 0)

/**
 * Contacts whose customer waits for a human at this moment, each once: owed replies (live class) and queue waits (voice).
 * @returns 0 when nobody waits.
 * @see docs/kpis.md#waiting_now
 */
export const waitingNow = now('waiting_now', {
  name: { en: 'Waiting now', zh: '当前等待' },
  description: {
    en: 'Contacts whose customer waits for a human now: owed live replies and callers in a queue.',
    zh: '当前等待人工的会话数：在线渠道的待回复与语音排队。',
  },
  direction: 'lower',
  unit: 'count',
  open: counted(waitingKinds, 0),
  find: (reading) => ({ value: total(reading, waitingKinds) }),
})

/**
 * How long the customer who waits longest has waited: `asOf − since`, in ms, with `since`.
 * @returns `null` when nobody waits.
 * @see docs/kpis.md#longest_wait
 */
export const longestWait = now('longest_wait', {
  name: { en: 'Longest wait', zh: '最长等待' },
  description: { en: 'How long the customer who waits longest now has waited.', zh: '当前等待最久的客户已等待的时间。' },
  direction: 'lower',
  unit: 'ms',
  open: counted(waitingKinds, 1),
  find: (reading) => {
    const sinceMs = oldestOf(waitingKinds.map((kind) => reading.open(kind)))
    if (sinceMs === null) return nothing('nothing-happened')
    return { value: reading.asOfMs - sinceMs, since: new Date(sinceMs).toISOString() }
  },
})

/**
 * Contacts in `waiting_now` that have waited longer than their own limit.
 * @returns 0 when nobody does.
 * @see docs/kpis.md#waiting_over_target
 */
export const waitingOverTarget = now('waiting_over_target', {
  name: { en: 'Waiting over limit', zh: '超时等待' },
  description: { en: 'Contacts that have waited longer than their limit, now.', zh: '当前等待已超过时限的会话数。' },
  direction: 'lower',
  targets: { any: { max: 0 } },
  unit: 'count',
  open: counted(overdueKinds, 0),
  find: (reading) => ({ value: total(reading, overdueKinds) }),
})

/**
 * Waits that were given up as lost: nothing ended them within the tenant's longest wait. Counted at that instant, until an end comes after all.
 * @returns 0 when none was.
 * @see docs/kpis.md#lost_waits
 */
export const lostWaits = count('lost_waits', {
  name: { en: 'Lost waits', zh: '失联等待' },
  description: {
    en: 'Waits without an end for so long that they are given up: owed replies and callers in a queue.',
    zh: '长时间没有结束记录、视为失联的等待：待回复会话与语音排队。',
  },
  direction: 'lower',
  targets: { any: { max: 0 } },
  measure: measures.lostWait,
})

function oldestOf(reads: readonly OpenRead[]): EpochMs | null {
  let oldest: EpochMs | null = null
  for (const { oldest: members } of reads) {
    const sinceMs = members[0]?.sinceMs
    if (sinceMs !== undefined && (oldest === null || sinceMs < oldest)) oldest = sinceMs
  }
  return oldest
}
