import type { EpochMs } from '@deskpulse/core/time'
import { PartitionLost, storeIsAway, type Timer } from '@deskpulse/stream'
import type { Ledger, LedgerReads } from '../partition/ledger.ts'
import { askPage, duePage, type Page } from './ask-page.ts'
import { askAgainMs, lookAtLeastEveryMs } from './limits.ts'
import { sweepsOf } from './sweeps.ts'
import type { TakeDeps } from './take.ts'

export type AskingDeps = TakeDeps & {
  readonly timer: Timer
  readonly nowMs: () => number
  readonly fail: (error: unknown) => void
}

/** Asks about alerts because time has passed, or because something changed that concerns all alerts of a tenant. Remembers none of them: the lists do. */
export type Asking = {
  begin(ledger: Ledger): void
  /** Something is due at `atMs`, or earlier. */
  due(atMs: EpochMs): void
  /** All alerts of the tenant that were last asked about at `atMs`, or earlier, are to be asked about again. */
  sweep(tenant: string, atMs: EpochMs): void
  /** Ends after the page under way. */
  stop(): Promise<void>
}

export function asking(deps: AskingDeps): Asking {
  const { timer, nowMs, fail } = deps
  const sweeps = sweepsOf()
  let ledger: Ledger | null = null
  let dueMs = Number.NEGATIVE_INFINITY // Unknown: the first look finds out.
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  let callOff = (): void => {}
  let running: Promise<void> | null = null
  let isStopping = false

  function arm(): void {
    callOff()
    if (ledger === null || isStopping || running !== null) return
    const atMs = Math.max(sweeps.areUnderWay() ? Number.NEGATIVE_INFINITY : dueMs, pausedUntilMs)
    callOff = timer.after(Math.min(Math.max(atMs - nowMs(), 0), lookAtLeastEveryMs), run)
  }

  function run(): void {
    if (running !== null || isStopping) return
    running = work(ledger!).finally(() => {
      running = null
      arm()
    })
  }

  async function work(held: Ledger): Promise<void> {
    try {
      for (let alerts = 1; alerts > 0 && !isStopping;) {
        const asked = await held.change(async (reads) =>
          askPage(await nextPage(reads), reads, deps),
        )
        for (const report of asked.told) report()
        if (asked.dueMs !== null) dueMs = Math.min(dueMs, asked.dueMs)
        alerts = asked.alerts
      }
    } catch (error) {
      if (error instanceof PartitionLost) isStopping = true
      else if (storeIsAway(error)) {
        deps.telemetry.unreadable(error)
        pausedUntilMs = nowMs() + askAgainMs
      } else fail(error)
    }
  }

  async function nextPage(reads: LedgerReads): Promise<Page> {
    const sweeping = await sweeps.nextPage(reads)
    if (sweeping !== null) return sweeping
    const { page, nextMs } = await duePage(reads)
    dueMs = nextMs ?? Number.POSITIVE_INFINITY
    return page
  }

  return {
    begin(held) {
      ledger = held
      arm()
    },
    due(atMs) {
      if (atMs >= dueMs) return
      dueMs = atMs
      arm()
    },
    sweep(tenant, atMs) {
      sweeps.add(tenant, atMs)
      arm()
    },
    async stop() {
      isStopping = true
      callOff()
      await running
    },
  }
}
