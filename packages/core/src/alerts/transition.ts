import type { KpiUnit } from '../kpis/kpi.ts'
import type { EpochMs } from '../time/time.ts'
import type { AlertSeverity } from './rule.ts'

/** Stands where a tenant would: alerts of the installation itself (an endpoint that was disabled). No tenant can have this name. */
export const installationTenant = '_installation'

/** `number` counts the alerts of this rule on this subject, from 1: together they are the alert's identity, the same again in a repeat of the fold. */
export type AlertKey = {
  readonly tenant: string
  readonly rule: string
  readonly subject: string
  readonly number: number
}

/** Why an alert ended: it is over; it never was (an answer in time came late: `retracted`); or the rule no longer asks. */
export type AlertEnd = 'over' | 'retracted' | 'withdrawn'

/** What an alert is about, all that a text or a receiver may say of it. Absent = does not apply. */
export type AlertFacts = {
  readonly kind: 'deadline' | 'windowed'
  readonly severity: AlertSeverity
  /** Where it stands: the contact's queue, the agent, or the slice that was evaluated; canonical text. */
  readonly slice: string
  readonly contactId?: string
  readonly agentId?: string
  /** Of an agent alert: in which state. */
  readonly state?: string
  readonly channel?: string
  readonly kpi: string | null
  /** Deadlines: ms waited, at the start or the end; windowed: the statistic. `null`: no data. */
  readonly value: number | null
  readonly limit: number
  readonly unit: KpiUnit
  readonly labels: Readonly<Record<string, string>>
}

/** One alert began or ended. `sinceMs`: since when what it is about goes on (the wait's start); `startedMs`: when it passed its limit. */
export type AlertTransition = AlertKey &
  AlertFacts & {
    readonly status: 'firing' | 'resolved'
    readonly sinceMs: EpochMs
    readonly startedMs: EpochMs
    /** `null` while it fires. */
    readonly endedMs: EpochMs | null
    readonly end: AlertEnd | null
    /** Log time at which the transition was found. */
    readonly detectedMs: EpochMs
    /** Its start was found more than `lateAfterMs` after it. */
    readonly late: boolean
  }
