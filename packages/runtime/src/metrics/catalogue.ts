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
  eventsAccepted: {
    type: 'counter',
    name: 'deskpulse_events_accepted_total',
    help: 'Events that the log has for good.',
    labels: ['via'],
  },
  eventsRefused: {
    type: 'counter',
    name: 'deskpulse_events_refused_total',
    help: 'Inputs refused by ingest, by tenant, source and code (docs/errors.md).',
    labels: ['tenant', 'source', 'code'],
  },
  deadLettersDropped: {
    type: 'counter',
    name: 'deskpulse_dead_letters_dropped_total',
    help: 'Refused inputs whose dead letters went before their time because the embedded file was full (deadLetters.bytesMax, or the disk).',
    labels: [],
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
    help: 'Age of the oldest record of the raw topic that this process has not yet forwarded; NaN while it does not know.',
    labels: [],
  },
  recordsLost: {
    type: 'counter',
    name: 'deskpulse_records_lost_total',
    help: 'Records that were gone from the raw topic or the log before they were counted.',
    labels: ['topic'],
  },
  proposalsReplaced: {
    type: 'gauge',
    name: 'deskpulse_proposals_replaced_tenants',
    help: 'Tenants for which a process with another file has replaced what the file of this one says, by what it is about.',
    labels: ['what'],
  },
  recordsRead: {
    type: 'counter',
    name: 'deskpulse_records_read_total',
    help: 'Log records read.',
    labels: [],
  },
  entriesFolded: {
    type: 'counter',
    name: 'deskpulse_entries_folded_total',
    help: 'Entries of log records taken in by the folds.',
    labels: [],
  },
  entriesRefused: {
    type: 'counter',
    name: 'deskpulse_entries_refused_total',
    help: 'Entries refused by the folds, by tenant, source and code (docs/errors.md).',
    labels: ['tenant', 'source', 'code'],
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
  logClockOff: {
    type: 'gauge',
    name: 'deskpulse_log_clock_off_seconds',
    help: 'How far the clocks in the log are off, when that began; 0: they agree. Negative: back.',
    labels: ['partition'],
  },
  logClockJumps: {
    type: 'counter',
    name: 'deskpulse_log_clock_jumps_total',
    help: 'Jumps of the clocks in the log, by outcome: followed by log time, or undone before that.',
    labels: ['outcome'],
  },
  partitionsOwned: {
    type: 'gauge',
    name: 'deskpulse_partitions_owned',
    help: 'Partitions that this process works on.',
    labels: [],
  },
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
    help: 'Times that a partition was dropped, by reason: fenced, behind, reassigned, stopped.',
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
  alertsDecided: {
    type: 'counter',
    name: 'deskpulse_alerts_decided_total',
    help: 'Deadline alerts that the folds found to begin (`firing`) or to end (`resolved`).',
    labels: ['status'],
  },
  alertsFiring: {
    type: 'gauge',
    name: 'deskpulse_alerts_firing',
    help: 'Alerts that fire now, of the partitions of this process.',
    labels: ['severity'],
  },
  alertTransitions: {
    type: 'counter',
    name: 'deskpulse_alerts_taken_total',
    help: 'Alerts that the alerter took in as begun (`firing`) or ended (`resolved`), each once.',
    labels: ['status'],
  },
  alertNotices: {
    type: 'counter',
    name: 'deskpulse_alerts_told_total',
    help: 'Notices put out for endpoints, repeats included.',
    labels: ['status'],
  },
  alertRulesEvaluated: {
    type: 'counter',
    name: 'deskpulse_alert_rules_evaluated_total',
    help: 'Evaluations of a windowed rule on a slice.',
    labels: [],
  },
  alertSlicesSkipped: {
    type: 'counter',
    name: 'deskpulse_alert_slices_skipped_total',
    help: 'Evaluations left out because a rule of every slice has too many.',
    labels: [],
  },
  alertEvaluationLag: {
    type: 'gauge',
    name: 'deskpulse_alert_evaluation_lag_seconds',
    help: 'Longest time since new values of a partition of this process were evaluated.',
    labels: [],
  },
  alertRecordsTaken: {
    type: 'counter',
    name: 'deskpulse_alert_records_taken_total',
    help: 'Records of the topic of alerts taken in.',
    labels: [],
  },
  alertRecordsRefused: {
    type: 'counter',
    name: 'deskpulse_alert_records_refused_total',
    help: 'Records of the topic of alerts that change nothing, by code: unreadable, unknown-alert, too-many-silences, other-tenant.',
    labels: ['code'],
  },
  alertCommitTime: {
    type: 'histogram',
    name: 'deskpulse_alert_records_commit_seconds',
    help: 'Time of a commit of the alerter, by outcome: committed, fenced, behind.',
    labels: ['outcome'],
    buckets: seconds,
  },
  alertLagRecords: {
    type: 'gauge',
    name: 'deskpulse_alert_records_lag_records',
    help: 'Records of a partition of the topic of alerts that are not yet taken in.',
    labels: ['partition'],
  },
  alertLogGaps: {
    type: 'counter',
    name: 'deskpulse_alert_records_missed_total',
    help: 'Times that records of the topic of alerts were gone before they were taken in.',
    labels: ['partition'],
  },
  alertPartitionsOwned: {
    type: 'gauge',
    name: 'deskpulse_alert_partitions_owned',
    help: 'Partitions whose alerts this process keeps.',
    labels: [],
  },
  alertPartitionsLost: {
    type: 'counter',
    name: 'deskpulse_alert_partitions_lost_total',
    help: 'Times that such a partition was let go, by reason: fenced, behind, reassigned, store-away, stopped.',
    labels: ['why'],
  },
  deliveriesAttempted: {
    type: 'histogram',
    name: 'deskpulse_alert_messages_send_seconds',
    help: 'Time of a request to an endpoint, by the kind of endpoint and the outcome.',
    labels: ['kind', 'outcome'],
    buckets: seconds,
  },
  deliveriesFailed: {
    type: 'counter',
    name: 'deskpulse_alert_messages_failed_total',
    help: 'Requests to an endpoint that did not succeed, by endpoint and reason.',
    labels: ['endpoint', 'reason'],
  },
  noticesGivenUp: {
    type: 'counter',
    name: 'deskpulse_alert_notices_dropped_total',
    help: 'Notices given up because the queue of their endpoint was full.',
    labels: ['endpoint'],
  },
  alertsNotRetold: {
    type: 'counter',
    name: 'deskpulse_alert_retells_dropped_total',
    help: 'Alerts that an endpoint which must be told again is not, because it has too many.',
    labels: ['endpoint'],
  },
  endpointsDisabled: {
    type: 'counter',
    name: 'deskpulse_alert_endpoints_disabled_total',
    help: 'Times that an endpoint was disabled, by reason.',
    labels: ['endpoint', 'reason'],
  },
  buildInfo: {
    type: 'gauge',
    name: 'deskpulse_build_info',
    help: '1; the label says which version runs.',
    labels: ['version'],
  },
  dependencyUp: {
    type: 'gauge',
    name: 'deskpulse_dependency_up',
    help: '1 when the last readiness check of the dependency (log, store, …) passed, else 0.',
    labels: ['dependency'],
  },
} as const satisfies Readonly<Record<string, MetricSpec>>

export type MetricCatalogue = typeof metricCatalogue
