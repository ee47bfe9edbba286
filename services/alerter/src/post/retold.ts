import type { EpochMs } from '@deskpulse/core'
import type { NoticeRef } from './notice-ref.ts'

/** An alert that the endpoint took in and is told again. */
export type RetoldAlert = {
  readonly ref: NoticeRef
  /** When it was told last; 0 = nobody knows, so it is due. */
  readonly toldMs: number
  /** Of one that is over: from then on it is told no more. `null`: for as long as it fires. */
  readonly untilMs: EpochMs | null
}

/** The alerts that one endpoint is told again, in the order in which they were told last. When that was is held in memory alone. */
export class RetoldAlerts {
  private readonly alerts = new Map<string, RetoldAlert>()
  private latestMs = 0

  get size(): number {
    return this.alerts.size
  }

  get(alertId: string): RetoldAlert | undefined {
    return this.alerts.get(alertId)
  }

  /** Replaces what is known of the alert. `toldMs` is not before that of any other. */
  add(alert: RetoldAlert): void {
    this.alerts.delete(alert.ref.alertId)
    this.alerts.set(alert.ref.alertId, alert)
    this.latestMs = Math.max(this.latestMs, alert.toldMs)
  }

  /** One that is not here: nothing. */
  toldAt(alertId: string, toldMs: EpochMs): void {
    const alert = this.alerts.get(alertId)
    if (alert !== undefined) this.add({ ...alert, toldMs })
  }

  remove(alertId: string): void {
    this.alerts.delete(alertId)
  }

  /** Whoever is there now may have heard nothing. */
  allDue(): void {
    for (const [alertId, alert] of this.alerts) this.alerts.set(alertId, { ...alert, toldMs: 0 })
  }

  /** The clock was put back: what was told later than now was told now. */
  forgiveClock(nowMs: EpochMs): void {
    if (this.latestMs <= nowMs) return
    this.latestMs = nowMs
    for (const [alertId, alert] of this.alerts)
      if (alert.toldMs > nowMs) this.alerts.set(alertId, { ...alert, toldMs: nowMs })
  }

  /** What is due first comes first. */
  inTurn(): Iterable<RetoldAlert> {
    return this.alerts.values()
  }
}
