import type { AlertSeverity, AlertTransition } from '@deskpulse/core/alerts'

/** What the alert book tells about itself, once what it tells is written. */
export type BookTelemetry = {
  /** How many alerts of the partition fire. */
  firing(counts: Readonly<Record<AlertSeverity, number>>): void
  /** A transition that said something new. */
  taken(status: AlertTransition['status']): void
  /** Notices that were put out, one for each endpoint. */
  told(status: AlertTransition['status'], notices: number): void
  /** A command that changes nothing, with the reason. */
  refused(code: 'unknown-alert' | 'too-many-silences' | 'other-tenant', commandId: string): void
  /** Windowed rules on slices that were evaluated at one look. */
  evaluated(count: number): void
  /** Slices of a `dimension=*` past the limit, which were not evaluated. */
  cut(tenant: string, rule: string, slices: number): void
  /** The aggregator's store does not answer. */
  unreadable(error: unknown): void
}
