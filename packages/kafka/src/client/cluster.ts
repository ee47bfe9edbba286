import kafkajs from 'kafkajs'
import type { Broker, Cluster, Kafka, PartitionMetadata } from 'kafkajs'
import { DeskpulseError } from '@deskpulse/stream'
import { logError } from '../errors.ts'
import { withRetry } from './retry.ts'

/** Requests that KafkaJS' own clients do not make: metadata without retries, and fetches without a group. */
export type ClusterAccess = {
  /** Runs `ask` with the leader of the partition; again on new connections when a try fails. */
  withLeader<Answer>(
    topic: string,
    partition: number,
    ask: (broker: Broker, cluster: Cluster) => Promise<Answer>,
  ): Promise<Answer>
  /** By partition, how many replicas it has. @throws DeskpulseError LOG_TOPIC_UNKNOWN, LOG_UNAVAILABLE. */
  replicas(topic: string): Promise<readonly number[]>
  /** By partition, the broker that leads it; −1: none does now. @throws DeskpulseError LOG_TOPIC_UNKNOWN, LOG_UNAVAILABLE. */
  leaders(topic: string): Promise<readonly number[]>
  /** @throws DeskpulseError LOG_TOPIC_UNKNOWN, LOG_UNAVAILABLE. */
  partitionCount(topic: string): Promise<number>
  /** `true` when a broker answers now. @throws when none does. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

export function clusterAccess(kafka: Kafka): ClusterAccess {
  let current: Promise<Opened> | null = null

  /** Every try after a failed one is made on new connections. */
  function attempt<Answer>(ask: (cluster: Cluster) => Promise<Answer>): Promise<Answer> {
    return withRetry('asking Kafka', async () => {
      const opening = (current ??= openCluster(kafka))
      try {
        return await ask((await opening).cluster)
      } catch (error) {
        if (logError(error, 'asking Kafka').code === 'LOG_UNAVAILABLE') await drop(opening)
        throw error
      }
    })
  }

  async function drop(opening: Promise<Opened>): Promise<void> {
    if (current === opening) current = null
    await close(opening)
  }

  const partitions = (topic: string): Promise<readonly PartitionMetadata[]> =>
    attempt(async (cluster) => {
      await cluster.addTargetTopic(topic)
      await cluster.refreshMetadata()
      return cluster.findTopicPartitionMetadata(topic)
    })

  return {
    replicas: async (topic) =>
      (await partitions(topic)).map((partition) => partition.replicas.length),
    leaders: async (topic) => byPartition(await partitions(topic)),
    partitionCount: async (topic) => (await partitions(topic)).length,
    withLeader: (topic, partition, ask) =>
      attempt(async (cluster) => {
        await cluster.addTargetTopic(topic)
        await cluster.refreshMetadataIfNecessary()
        const nodeId = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))[0]
        if (nodeId === undefined)
          throw new DeskpulseError(
            'LOG_TOPIC_UNKNOWN',
            `topic ${topic} has no partition ${partition}`,
          )
        return ask(await cluster.findBroker({ nodeId }), cluster)
      }),
    answers: () =>
      attempt(async (cluster) => {
        await cluster.refreshMetadata()
        return true
      }),
    async close() {
      if (current) await close(current)
      current = null
    },
  }
}

/** Brokers list them in any order. */
function byPartition(partitions: readonly PartitionMetadata[]): number[] {
  const leaders: number[] = []
  for (const { partitionId, leader } of partitions) leaders[partitionId] = leader
  return leaders
}

type Opened = { readonly cluster: Cluster; disconnect(): Promise<void> }

/** KafkaJS hands its cluster to a consumer's assigner: a consumer that never joins a group is the public way to one. */
async function openCluster(kafka: Kafka): Promise<Opened> {
  let cluster: Cluster | undefined
  const consumer = kafka.consumer({
    groupId: 'never-joined',
    allowAutoTopicCreation: false,
    retry: { retries: 2 },
    partitionAssigners: [
      (config) => {
        cluster = config.cluster
        return kafkajs.PartitionAssigners.roundRobin(config)
      },
    ],
  })
  await consumer.connect()
  if (!cluster) throw new Error('KafkaJS asks for its assigners when a consumer is made')
  return { cluster, disconnect: () => consumer.disconnect() }
}

async function close(opening: Promise<Opened>): Promise<void> {
  await opening.then((opened) => opened.disconnect()).catch(() => {}) // What cannot be reached needs no goodbye.
}
