import type { EpochMs } from '@deskpulse/core/time'
import type { NoticeRef } from './notice-ref.ts'

/** An alert that the endpoint took in and keeps being told of. */
export type RenewedAlert = {
  readonly ref: NoticeRef
  /** When the endpoint was told of it last; 0 = nobody knows, so it is due. */
  readonly renewedMs: number
  /** When renewing an alert that is over ends. `null`: it fires. */
  readonly untilMs: EpochMs | null
}

/** The alerts that one endpoint is renewed, in the order of their last renewals. Memory alone holds when those were. */
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

  /** The clock was put back: a renewal later than now counts as one of now. */
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
