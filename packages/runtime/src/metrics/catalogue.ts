export type MetricSpec = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** `deskpulse_<noun>_<verb>_<unit>_total`; gauges and histograms without `_total`. Base units: seconds, bytes. */
  readonly name: string
  readonly help: string
  /** Every label has few values: never a contact or an agent. */
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const sizes = [1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]

/** All metrics of the pipeline, compared with docs/metrics.md both ways by a test. KPI gauges are the API's own. */
export const metricCatalogue = {
  eventsReceived: {
    type: 'counter',
    name: 'deskpulse_events_received_total',
    help: 'Inputs that came in, accepted or not.',
    labels: ['via'],
  },
  eventsAccepted: { type: 'counter', name: 'deskpulse_events_accepted_total', help: 'Events that the log has for good.', labels: ['via'] },
  eventsRefused: {
    type: 'counter',
    name: 'deskpulse_events_refused_total',
    help: 'Inputs refused, by code (docs/errors.md).',
    labels: ['code'],
  },
  requestsAnswered: {
    type: 'histogram',
    name: 'deskpulse_requests_answered_seconds',
    help: 'Time to answer an HTTP request.',
    labels: ['route', 'status'],
    buckets: seconds,
  },
  framesAppended: {
    type: 'histogram',
    name: 'deskpulse_frames_append_seconds',
    help: 'Time until the log has a frame for good.',
    labels: [],
    buckets: seconds,
  },
  rawLagRecords: {
    type: 'gauge',
    name: 'deskpulse_raw_lag_records',
    help: 'Records of a partition of the raw topic that ingest has not yet forwarded.',
    labels: ['partition'],
  },
  rawBacklog: {
    type: 'gauge',
    name: 'deskpulse_raw_backlog_seconds',
    help: 'Age of the oldest record of the raw topic that this process has not yet forwarded.',
    labels: [],
  },
  recordsRead: { type: 'counter', name: 'deskpulse_records_read_total', help: 'Log records read.', labels: [] },
  entriesFolded: {
    type: 'counter',
    name: 'deskpulse_entries_folded_total',
    help: 'Entries of log records taken in by the folds.',
    labels: [],
  },
  entriesRefused: {
    type: 'counter',
    name: 'deskpulse_entries_refused_total',
    help: 'Entries refused by the folds, by code (docs/errors.md).',
    labels: ['code'],
  },
  batchEntries: {
    type: 'histogram',
    name: 'deskpulse_batches_fold_entries',
    help: 'Entries per committed batch.',
    labels: [],
    buckets: sizes,
  },
  batchFold: {
    type: 'histogram',
    name: 'deskpulse_batches_fold_seconds',
    help: 'Time to load and fold a batch.',
    labels: [],
    buckets: seconds,
  },
  commitTime: {
    type: 'histogram',
    name: 'deskpulse_batches_commit_seconds',
    help: 'Time of a commit, by outcome: committed, fenced, behind.',
    labels: ['outcome'],
    buckets: seconds,
  },
  lagRecords: {
    type: 'gauge',
    name: 'deskpulse_log_lag_records',
    help: 'Records of the partition that are not yet committed.',
    labels: ['partition'],
  },
  lagSeconds: {
    type: 'gauge',
    name: 'deskpulse_log_lag_seconds',
    help: 'Now minus the log time of the last commit.',
    labels: ['partition'],
  },
  watermarkDelay: {
    type: 'gauge',
    name: 'deskpulse_watermark_delay_seconds',
    help: 'Log time minus watermark: how long closing waits for slow senders.',
    labels: ['partition'],
  },
  partitionsOwned: { type: 'gauge', name: 'deskpulse_partitions_owned', help: 'Partitions that this process works on.', labels: [] },
  outboxPublished: {
    type: 'counter',
    name: 'deskpulse_outbox_published_total',
    help: 'Outbox entries published; a repeat after a failure counts again.',
    labels: ['topic'],
  },
  logGaps: {
    type: 'counter',
    name: 'deskpulse_log_gaps_total',
    help: 'Times that records were gone from the log before they were folded.',
    labels: ['partition'],
  },
  partitionsLost: {
    type: 'counter',
    name: 'deskpulse_partitions_lost_total',
    help: 'Times that a partition was dropped, by reason: fenced, behind, reassigned.',
    labels: ['why'],
  },
  repliesDue: {
    type: 'counter',
    name: 'deskpulse_replies_due_total',
    help: 'Owed replies that became due, by tenant and queue; for burn rates.',
    labels: ['tenant', 'queue'],
  },
  repliesWithin: {
    type: 'counter',
    name: 'deskpulse_replies_within_target_total',
    help: 'Owed replies that became due and were answered within their limit.',
    labels: ['tenant', 'queue'],
  },
  repliesCorrections: {
    type: 'counter',
    name: 'deskpulse_replies_corrections_total',
    help: 'What late or discarded events took back from the two above, by kind: due, within.',
    labels: ['tenant', 'queue', 'kind'],
  },
  dependencyUp: {
    type: 'gauge',
    name: 'deskpulse_dependency_up',
    help: '1 when the last readiness check of the dependency (log, store, …) passed, else 0.',
    labels: ['dependency'],
  },
} as const satisfies Readonly<Record<string, MetricSpec>>

export type MetricCatalogue = typeof metricCatalogue
