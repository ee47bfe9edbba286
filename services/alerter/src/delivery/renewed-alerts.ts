import type { EpochMs } from '@deskpulse/core'
import type { NoticeRef } from './notice-ref.ts'

/** An alert that the endpoint took in and is told again. */
export type RenewedAlert = {
  readonly ref: NoticeRef
  /** When it was told last; 0 = nobody knows, so it is due. */
  readonly renewedMs: number
  /** Of one that is over: from then on it is told no more. `null`: for as long as it fires. */
  readonly untilMs: EpochMs | null
}

/** The alerts that one endpoint is told again, in the order in which they were told last. When that was is held in memory alone. */
export class RenewedAlerts {
  private readonly alerts = new Map<string, RenewedAlert>()
  private latestMs = 0

  get size(): number {
    return this.alerts.size
  }

  get(alertId: string): RenewedAlert | undefined {
    return this.alerts.get(alertId)
  }

  /** Replaces what is known of the alert. `renewedMs` is not before that of any other. */
  add(alert: RenewedAlert): void {
    this.alerts.delete(alert.ref.alertId)
    this.alerts.set(alert.ref.alertId, alert)
    this.latestMs = Math.max(this.latestMs, alert.renewedMs)
  }

  /** One that is not here: nothing. */
  setRenewed(alertId: string, renewedMs: EpochMs): void {
    const alert = this.alerts.get(alertId)
    if (alert !== undefined) this.add({ ...alert, renewedMs })
  }

  remove(alertId: string): void {
    this.alerts.delete(alertId)
  }

  /** Whoever is there now may have heard nothing. */
  allDue(): void {
    for (const [alertId, alert] of this.alerts) this.alerts.set(alertId, { ...alert, renewedMs: 0 })
  }

  /** The clock was put back: what was told later than now was told now. */
  forgiveClock(nowMs: EpochMs): void {
    if (this.latestMs <= nowMs) return
    this.latestMs = nowMs
    for (const [alertId, alert] of this.alerts)
      if (alert.renewedMs > nowMs) this.alerts.set(alertId, { ...alert, renewedMs: nowMs })
  }

  /** What is due first comes first. */
  inTurn(): Iterable<RenewedAlert> {
    return this.alerts.values()
  }
}
