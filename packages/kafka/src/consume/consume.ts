import { setTimeout as pause } from 'node:timers/promises'
import { DeskpulseError } from '@deskpulse/stream'
import type { ConsumeOptions, Consumption, PartitionId } from '@deskpulse/stream'
import type { Consumer, Kafka } from 'kafkajs'
import { retry } from '../client/retry.ts'
import type { ClusterAccess } from '../client/cluster.ts'
import type { KafkaLogger } from '../client/logger.ts'
import { batchRunner } from './batch-runner.ts'
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

export async function kafkaConsume(context: ConsumeContext, { topic, group, handle }: ConsumeOptions): Promise<Consumption> {
  const { kafka, access, logger, tuning } = context
  const partitions = await access.partitionCount(topic)
  const consumer = memberOf(kafka, group, tuning)
  const runner = batchRunner(topic, handle, logger)
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
    const disconnected = consumer
      .disconnect()
      .catch((error: unknown) => logger('warn', `consumer of ${topic} did not disconnect`, { error }))
    // What failed may never disconnect; what is told to stop waits for its handlers.
    await (failure ? Promise.race([disconnected, pause(goodbyeMs, undefined, { ref: false })]) : disconnected)
    assigned = []
    if (failure) ended.reject(failure.error)
    else ended.resolve()
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = (payload.memberAssignment[topic] ?? []) as PartitionId[]
    runner.forget()
  })
  consumer.on(consumer.events.REBALANCING, () => void (assigned = []))
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => runner.passed(payload))
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    assigned = []
    if (payload.restart) return
    const gone = new DeskpulseError('LOG_UNAVAILABLE', `consumer of ${topic} gave up: ${payload.error.message}`, { cause: payload.error })
    void end(runner.failure() ?? { error: gone })
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

function memberOf(kafka: Kafka, group: string, tuning: ConsumeTuning): Consumer {
  return kafka.consumer({
    groupId: group,
    sessionTimeout: tuning.sessionTimeoutMs,
    rebalanceTimeout: tuning.rebalanceTimeoutMs,
    heartbeatInterval: tuning.heartbeatIntervalMs,
    maxWaitTimeInMs: tuning.fetchWaitMs,
    minBytes: tuning.fetchMinBytes,
    maxBytesPerPartition: tuning.partitionBytesMax,
    maxBytes: responseBytesMax,
    allowAutoTopicCreation: false,
    // Never give up on a broker that is away: waiting is the answer, and readiness says so.
    retry: { ...retry, restartOnFailure: async () => true },
  })
}
