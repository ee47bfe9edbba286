import type { LedgerReads } from '../partition/ledger.ts'
import { endedListKey } from './keys.ts'
import { bookLimits } from './limits.ts'
import type { Work } from './work.ts'

const { historyMax, historyKeptMs, evictedAtOnceMax } = bookLimits

/** Where alerts of the tenant end, as many leave the history as are too many or too old, those first that have long been done with. One whose end is to be told yet stays. */
export async function evict(work: Work, tenant: string, reads: LedgerReads): Promise<void> {
  const ending = work
    .changed()
    .filter((ref) => ref.tenant === tenant && work.alert(ref)?.isFinal === true).length
  if (ending === 0) return
  const { count, first } = await reads.list(endedListKey(tenant), evictedAtOnceMax)
  const excess = count + ending - historyMax
  first.forEach(({ member, score }, index) => {
    if (index < excess || score <= work.nowMs - historyKeptMs)
      work.remove({ tenant, alertId: member })
  })
}
