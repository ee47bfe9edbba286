import type { EpochMs } from '@deskpulse/core/time'
import type { LedgerReads } from '../partition/ledger.ts'
import { type Page, sweepPage } from './ask-page.ts'

/** Tenants of which every alert is to be asked about again. */
export type Sweeps = {
  areUnderWay(): boolean
  /** All alerts of the tenant that were last asked about at `atMs`, or earlier. */
  add(tenant: string, atMs: EpochMs): void
  /** `null`: none is left. */
  nextPage(reads: LedgerReads): Promise<Page | null>
}

export function sweepsOf(): Sweeps {
  const underWay = new Map<string, EpochMs>()
  /** The last sweep of each tenant: what it asked about counts as asked after it. */
  const lastMs = new Map<string, EpochMs>()
  return {
    areUnderWay: () => underWay.size > 0,
    add(tenant, atMs) {
      const before = lastMs.get(tenant)
      const beforeMs = (before === undefined ? atMs : Math.max(atMs, before + 1)) as EpochMs // The clock may stand still.
      lastMs.set(tenant, beforeMs)
      underWay.set(tenant, beforeMs)
    },
    async nextPage(reads) {
      for (const [tenant, beforeMs] of underWay) {
        const page = await sweepPage(reads, tenant, beforeMs)
        if (page.refs.length > 0) return page
        if (underWay.get(tenant) === beforeMs) underWay.delete(tenant)
      }
      return null
    },
  }
}
