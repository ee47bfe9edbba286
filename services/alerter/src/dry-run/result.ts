import type { AlertEnd } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'

/** An alert that the rule would have begun. `endedMs: null`: it would still fire. `value`: of a deadline, how long it went on, in ms. */
export type DryRunAlert = {
  readonly subject: string
  /** Canonical text. */
  readonly slice: string
  readonly sinceMs: EpochMs
  readonly startedMs: EpochMs
  readonly endedMs: EpochMs | null
  readonly end: AlertEnd | null
  readonly value: number | null
  /** Found so long after its start that nobody would have been told. */
  readonly late: boolean
}

/** What a reader must know to believe the count. */
export const dryRunNotes = {
  'stopped-at-entries': 'more entries than one dry run reads: it stopped where they were read',
  'stopped-at-time': 'it took too long: it stopped where it had come',
  'minutes-kept':
    'minutes are kept for two hours: the rule was stepped minute by minute over those',
  'quarter-hours': 'a rule of today was stepped over the quarter-hours that are kept',
  'slices-left-out': 'more slices than one dry run looks at: the rest was left out',
  'begun-before':
    'contacts that began before what was read were left out, as their channel and owner are not known',
  'config-of-now': 'the configuration of now was used for the whole time, though it changed in it',
  'nothing-read': 'nothing of this tenant is kept for this time',
} as const
export type DryRunNote = keyof typeof dryRunNotes

/** `[fromMs, toMs)` is what was looked at; `entries`: of the log, `null` when measures were read instead. */
export type Covered = {
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  readonly entries: number | null
}

export type DryRun = {
  readonly count: number
  /** How many of them would have notified somebody: neither late nor retracted. */
  readonly notified: number
  /** The first `alertsListedMax`: those that would have notified somebody, then the others, each by their start. */
  readonly alerts: readonly DryRunAlert[]
  readonly covered: Covered
  readonly notes: readonly DryRunNote[]
}

export const alertsListedMax = 100

export function dryRunOf(
  found: readonly DryRunAlert[],
  covered: Covered,
  notes: Iterable<DryRunNote>,
): DryRun {
  const ordered = found.toSorted(
    (a, b) =>
      Number(!isNotified(a)) - Number(!isNotified(b)) ||
      a.startedMs - b.startedMs ||
      (a.subject < b.subject ? -1 : 1),
  )
  const alerts = ordered.slice(0, alertsListedMax)
  return {
    count: found.length,
    notified: found.filter(isNotified).length,
    alerts,
    covered,
    notes: [...new Set(notes)],
  }
}

const isNotified = ({ late, end }: DryRunAlert): boolean => !late && end !== 'retracted'
