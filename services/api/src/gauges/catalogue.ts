/** What one gauge, or one of each queue, shows of a KPI. */
export type GaugeSpec = {
  /** Behind `deskpulse_` for the tenant, behind `deskpulse_queue_` for a queue: a metric never holds both the total and its parts. */
  readonly name: string
  readonly help: string
  readonly kpi: string
  /** Label `window`. `null`: of the moment. */
  readonly window: Window | null
  /** One series for each class: chats and letters have limits of their own, and no average of both means anything. */
  readonly byClass: boolean
  /** How a value becomes samples: itself; in seconds, by `stat`; the instant `since`; its breakdown, by `state`. */
  readonly shows: 'value' | 'duration' | 'since' | 'breakdown'
  readonly ofQueues: boolean
}

export type Window = '5m' | 'today'

/** Classes in which replies are owed. */
export const replyClasses = ['live', 'deferred'] as const

const now = { window: null, byClass: false, shows: 'value', ofQueues: true } as const
const recent = { ...now, window: '5m' } as const

/** The KPI gauges, compared with docs/metrics.md both ways by a test. */
export const gaugeCatalogue: readonly GaugeSpec[] = [
  {
    ...{ ...recent, byClass: true, shows: 'duration' },
    name: 'kpi_response_time_seconds',
    help: 'Response time of the last five minutes, by statistic: avg, p50, p90, p95, p99.',
    kpi: 'response_time',
  },
  {
    ...{ ...recent, byClass: true },
    name: 'kpi_answered_within_target_of_due_ratio',
    help: 'Share of owed replies of the last five minutes that were answered within their limit.',
    kpi: 'answered_within_target_of_due',
  },
  {
    ...recent,
    name: 'kpi_service_level_of_offered_ratio',
    help: 'Share of stays of calls in a queue that came due in the last five minutes and were answered within their limit.',
    kpi: 'service_level_of_offered',
  },
  {
    ...recent,
    name: 'kpi_abandon_rate_ratio',
    help: 'Share of stays of calls in a queue that ended in the last five minutes with a caller who hung up, but for those of at most five seconds.',
    kpi: 'abandon_rate',
  },
  {
    ...now,
    name: 'kpi_waiting_now',
    help: 'Contacts whose customer waits for a human now.',
    kpi: 'waiting_now',
  },
  {
    ...now,
    name: 'kpi_waiting_over_target',
    help: 'Contacts that have waited longer than their limit, now.',
    kpi: 'waiting_over_target',
  },
  {
    ...{ ...now, shows: 'since' },
    name: 'oldest_wait_start_timestamp_seconds',
    help: 'Since when the customer waits who waits longest.',
    kpi: 'longest_wait',
  },
  { ...now, name: 'kpi_backlog', help: 'Contacts that are open now.', kpi: 'backlog' },
  {
    ...recent,
    name: 'kpi_occupancy_ratio',
    help: 'Handling time ÷ (handling + available time) of agents in the last five minutes.',
    kpi: 'occupancy',
  },
  {
    ...{ ...now, shows: 'breakdown', ofQueues: false },
    name: 'kpi_agents_by_state',
    help: 'Agents in each state now, signed out ones included.',
    kpi: 'agents_by_state',
  },
  {
    ...{ ...now, window: 'today' },
    name: 'kpi_fcr_gross_ratio',
    help: 'Share of contacts first resolved today that were solved at first contact, as far as is known now.',
    kpi: 'fcr_gross',
  },
]
