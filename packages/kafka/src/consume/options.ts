export type ConsumeTuning = {
  /** Without a heartbeat for so long a member is out, and its partitions go to others: how long a killed process is missed. Brokers allow 6 s at least, unless they are told otherwise. */
  readonly sessionTimeoutMs: number
  /** How soon a member hears that the group changes. */
  readonly heartbeatIntervalMs: number
  /** How long the group waits for a member's running handler when it changes. */
  readonly rebalanceTimeoutMs: number
  /** How long a broker holds a fetch for which it has less than `fetchMinBytes`: at most that late is a record, so many fewer are the commits. */
  readonly fetchWaitMs: number
  readonly fetchMinBytes: number
  /** Of one partition in one fetch, and so of one batch; a larger record comes alone. */
  readonly partitionBytesMax: number
  /** With records waiting and no batch for so long, the consumer is given up, for a supervisor to restart the process. */
  readonly stuckAfterMs: number
}

export const consumeDefaults: ConsumeTuning = {
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 300,
  rebalanceTimeoutMs: 30_000,
  fetchWaitMs: 30,
  fetchMinBytes: 32 * 1024,
  partitionBytesMax: 256 * 1024,
  stuckAfterMs: 60_000,
}
