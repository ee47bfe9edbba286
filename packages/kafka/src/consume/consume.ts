import { setTimeout as pause } from 'node:timers/promises'
import { DeskpulseError } from '@deskpulse/stream'
import type { ConsumeOptions, Consumption, PartitionId } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import type { Cluster, Consumer, Kafka } from 'kafkajs'
import { retry } from '../client/retry.ts'
import type { ClusterAccess } from '../client/cluster.ts'
import type { KafkaLogger } from '../client/logger.ts'
import { handOver } from './hand-over.ts'
import { endOffsets, startOffsets } from './lag.ts'
import type { ConsumeTuning } from './options.ts'
import { watchForSilence } from './watchdog.ts'

export type ConsumeContext = {
  readonly kafka: Kafka
  readonly access: ClusterAccess
  readonly logger: KafkaLogger
  readonly tuning: ConsumeTuning
}

const goodbyeMs = 5_000
const responseBytesMax = 8 * 1024 * 1024

export async function kafkaConsume(
  context: ConsumeContext,
  { topic, group, handle }: ConsumeOptions,
): Promise<Consumption> {
  const { kafka, access, logger, tuning } = context
  const partitions = await access.partitionCount(topic)
  const consumer = memberOf(kafka, group, tuning, () => runner.settle())
  const runner = handOver({
    topic,
    handle,
    consumer,
    tuning,
    logger,
    failed: (error) => void end({ error }),
  })
  const ended = Promise.withResolvers<void>()
  let assigned: readonly PartitionId[] = []
  let ending: Promise<void> | null = null
  let stopWatching = () => {}

  /** Once: lets running handlers finish, leaves the group, settles. */
  function end(failure?: { readonly error: unknown }): Promise<void> {
    ending ??= finish(failure)
    return ending
  }

  async function finish(failure?: { readonly error: unknown }): Promise<void> {
    stopWatching()
    consumer.pause([{ topic }]) // What is not handed over any more need not be fetched.
    // After a failure handlers may never return, and the consumer never disconnect; what is told to stop waits for them.
    const patiently = (done: Promise<void>) =>
      failure ? Promise.race([done, pause(goodbyeMs, undefined, { ref: false })]) : done
    await patiently(runner.settle())
    await patiently(
      consumer
        .disconnect()
        .catch((error: unknown) =>
          logger('warn', `consumer of ${topic} did not disconnect`, { error }),
        ),
    )
    assigned = []
    if (failure) ended.reject(failure.error)
    else ended.resolve()
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = (payload.memberAssignment[topic] ?? []) as PartitionId[]
    if (ending === null) runner.begin()
  })
  consumer.on(consumer.events.REBALANCING, () => void (assigned = []))
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => runner.passed(payload))
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    assigned = []
    if (payload.restart) return
    const gone = new DeskpulseError(
      'LOG_UNAVAILABLE',
      `consumer of ${topic} gave up: ${payload.error.message}`,
      { cause: payload.error },
    )
    void end({ error: gone })
  })

  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitions,
      eachBatch: runner.eachBatch,
    })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  stopWatching = watchForSilence({
    topic,
    group,
    stuckAfterMs: tuning.stuckAfterMs,
    logger,
    runner,
    assigned: () => assigned,
    endOffsets: (partitions) => endOffsets(access, topic, partitions),
    startOffsets: (partitions) => startOffsets(kafka, access, group, topic, partitions),
    onStuck: (error) => void end({ error }),
  })
  return { assigned: () => assigned, ended: ended.promise, stop: () => end() }
}

/** `beforeJoin`: the group waits for it, up to the rebalance timeout, so that what is under way is not done by two members. */
function memberOf(
  kafka: Kafka,
  group: string,
  tuning: ConsumeTuning,
  beforeJoin: () => Promise<void>,
): Consumer {
  return kafka.consumer({
    groupId: group,
    sessionTimeout: tuning.sessionTimeoutMs,
    rebalanceTimeout: tuning.rebalanceTimeoutMs,
    heartbeatInterval: tuning.heartbeatIntervalMs,
    maxWaitTimeInMs: tuning.fetchWaitMs,
    minBytes: 1,
    maxBytesPerPartition: tuning.partitionBytesMax,
    maxBytes: responseBytesMax,
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (config) => {
        waitBeforeJoin(config.cluster, beforeJoin)
        return kafkajs.PartitionAssigners.roundRobin(config)
      },
    ],
    // Never give up on a broker that is away: waiting is the answer, and readiness says so.
    retry: { ...retry, restartOnFailure: async () => true },
  })
}

const waiting = new WeakSet<Cluster>()

/** KafkaJS has no hook before a join that is awaited, and begins each one by asking who coordinates the group. */
function waitBeforeJoin(cluster: Cluster, beforeJoin: () => Promise<void>): void {
  if (waiting.has(cluster)) return // A consumer that starts again asks for its assigners again.
  waiting.add(cluster)
  const find = cluster.findGroupCoordinator.bind(cluster)
  cluster.findGroupCoordinator = async (request) => {
    await beforeJoin()
    return find(request)
  }
}
