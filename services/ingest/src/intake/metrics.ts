/** What ingest tells about itself. The runtime makes Prometheus series of it; labels are bounded. */
export type IngestMetrics = {
  /** Events that the log has. */
  eventsIn(tenant: string, count: number): void
  /** Inputs written to the dead-letter topic, by refusal code. */
  refused(code: string, count: number): void
  /** Age of the oldest raw input not yet forwarded, in milliseconds; 0 = none. */
  backlog(ms: number): void
}

export const noMetrics: IngestMetrics = { eventsIn() {}, refused() {}, backlog() {} }
