import type { EpochMs } from '@deskpulse/core/time'
import { type Decided, type LedgerReads, noChange } from '../partition/ledger.ts'
import { askAbout } from './ask.ts'
import { type AlertRef, dueListKey, openListKey, refOf, timeOf } from './keys.ts'
import { bookLimits } from './limits.ts'
import { newsOf, type TakeDeps } from './take.ts'
import { openWork } from './work.ts'

/** Some alerts, and the moment at which they then count as asked about. None: nothing is due. */
export type Page = { readonly refs: readonly AlertRef[]; readonly askedMs: EpochMs }
/** How many alerts a page asked about, when the first of them is due again, and what to tell once it is written. */
export type PageAsked = {
  readonly alerts: number
  readonly dueMs: EpochMs | null
  readonly told: readonly (() => void)[]
}

/** Alerts of a tenant that were last asked about at `beforeMs`, or earlier. Asked, they are after it, so that the next page is another one. */
export async function sweepPage(
  reads: LedgerReads,
  tenant: string,
  beforeMs: EpochMs,
): Promise<Page> {
  const { first } = await reads.list(openListKey(tenant), bookLimits.askedAtOnceMax)
  const refs = first
    .filter(({ score }) => timeOf(score) <= beforeMs)
    .map(({ member }) => ({ tenant, alertId: member }))
  return { refs, askedMs: Math.max(reads.nowMs, beforeMs + 1) as EpochMs }
}

/** Alerts that are due now; `nextMs`: when the next one is, as far as the list was read, `null`: none. */
export async function duePage(
  reads: LedgerReads,
): Promise<{ readonly page: Page; readonly nextMs: EpochMs | null }> {
  const { first } = await reads.list(dueListKey, bookLimits.askedAtOnceMax)
  const refs = first
    .filter(({ score }) => timeOf(score) <= reads.nowMs)
    .map(({ member }) => refOf(member))
  const next = first[refs.length]
  return {
    page: { refs, askedMs: reads.nowMs },
    nextMs: next === undefined ? null : timeOf(next.score),
  }
}

/** Asks about the alerts of a page; one that is gone leaves the lists. */
export async function askPage(
  { refs, askedMs }: Page,
  reads: LedgerReads,
  deps: TakeDeps,
): Promise<Decided<PageAsked>> {
  const tenants = [...new Set(refs.map(({ tenant }) => tenant))]
  if (tenants.length === 0)
    return { change: noChange, result: { alerts: 0, dueMs: null, told: [] } }
  const contexts = await deps.contexts.read(tenants, reads.nowMs)
  const work = await openWork(reads, refs, tenants)
  const told: (() => void)[] = []
  for (const ref of refs) {
    const known = work.alert(ref)
    if (known === null) {
      work.remove(ref)
      continue
    }
    const { alert, notices, out } = askAbout(
      known,
      work.book(ref.tenant),
      contexts.get(ref.tenant)!,
      deps,
      reads.nowMs,
    )
    work.setAsked(ref, alert, askedMs, out)
    if (notices > 0) told.push(() => deps.telemetry.told(alert.transition.status, notices))
  }
  return {
    change: work.change(),
    result: { alerts: refs.length, dueMs: newsOf(work, tenants).dueMs, told },
  }
}
