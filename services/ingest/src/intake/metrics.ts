import { type Metrics, refusalCounter, type RefusalLabels } from '@deskpulse/runtime'

export type Via = 'http' | 'kafka'

/** What ingest tells about itself: counts, once a request or batch. */
export type IngestMetrics = {
  /** Inputs that came in, accepted or not. */
  received(via: Via, count: number): void
  /** Events that the log has. */
  accepted(via: Via, count: number): void
  /** An input was refused. */
  refused(refused: RefusalLabels): void
  /** The log has a frame for good, after so long. */
  appended(ms: number): void
  /** Records of a partition of the raw topic that are not yet forwarded. */
  lag(partition: number, records: number): void
  /** Records of the raw topic are gone, and were not forwarded. */
  lost(records: number): void
  /** How to learn the age of the oldest raw input that is not yet forwarded. */
  backlog(ageMs: () => number): void
}

export const noMetrics: IngestMetrics = {
  received() {},
  accepted() {},
  refused() {},
  appended() {},
  lag() {},
  lost() {},
  backlog() {},
}

export function metricsOf(
  metrics: Pick<
    Metrics,
    | 'eventsReceived'
    | 'eventsAccepted'
    | 'eventsRefused'
    | 'framesAppended'
    | 'rawLagRecords'
    | 'recordsLost'
    | 'readAtScrape'
  >,
): IngestMetrics {
  return {
    received: (via, count) => metrics.eventsReceived.inc({ via }, count),
    accepted: (via, count) => metrics.eventsAccepted.inc({ via }, count),
    refused: refusalCounter(metrics.eventsRefused),
    appended: (ms) => metrics.framesAppended.observe(ms / 1_000),
    lag: (partition, records) =>
      metrics.rawLagRecords.set({ partition: String(partition) }, records),
    lost: (records) => metrics.recordsLost.inc({ topic: 'raw' }, records),
    backlog: (ageMs) => metrics.readAtScrape('rawBacklog', () => ageMs() / 1_000),
  }
}
