export type ConsumeTuning = {
  /** Without a heartbeat for so long a member is out, and its partitions go to others: how long a killed process is missed. Brokers allow 6 s at least, unless they are told otherwise. */
  readonly sessionTimeoutMs: number
  /** How soon a member hears that the group changes. */
  readonly heartbeatIntervalMs: number
  /** How long the group waits for a member's running handler when it changes. */
  readonly rebalanceTimeoutMs: number
  /** How long a broker holds a fetch for which it has nothing: so long may a partition be missing from fetches that has just sought, or has room again. */
  readonly fetchWaitMs: number
  /** From a fetch that brought something to the next one. What comes meanwhile comes, and is committed, together: a commit costs much the same for one record as for a hundred. */
  readonly paceMs: number
  /** Of one partition in one fetch: where that much waits, the next fetch is made at once. */
  readonly muchBytes: number
  /** Of one partition in one fetch, and of one batch; a larger record comes alone. */
  readonly partitionBytesMax: number
  /** Of one partition, fetched and waiting for its handler: past it, it is not fetched. */
  readonly inboxBytesMax: number
  /** How late the group may learn what was consumed: what a member without a store of its own does again after a kill. */
  readonly consumedEveryMs: number
  /** With records waiting and no batch for so long, or without a sign of life from a handler, the consumer is given up, for a supervisor to restart the process. */
  readonly stuckAfterMs: number
}

export const consumeDefaults: ConsumeTuning = {
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 300,
  rebalanceTimeoutMs: 30_000,
  fetchWaitMs: 50,
  paceMs: 25,
  muchBytes: 128 * 1024,
  partitionBytesMax: 256 * 1024,
  inboxBytesMax: 512 * 1024,
  consumedEveryMs: 200,
  stuckAfterMs: 60_000,
}
