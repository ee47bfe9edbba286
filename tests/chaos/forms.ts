import type { FaultKind, KillTarget, ServerName } from './plan/faults.ts'
import { startCluster } from './plant/cluster.ts'
import { redisClusterServer } from './plant/redis-cluster-server.ts'
import { startEmbeddedPlant } from './plant/embedded.ts'
import type { Plant } from './plant/plant.ts'
import { kafkaServer, redisServer } from './plant/servers.ts'

export const formNames = ['one', 'many', 'embedded'] as const
export type FormName = (typeof formNames)[number]

/** A form of the product, and what can go wrong with it. */
export type Form = {
  readonly start: () => Promise<Plant>
  /** How likely each is to be ended hard. */
  readonly targets: Readonly<Record<KillTarget, number>>
  /** Ways that lead through proxies. */
  readonly links: readonly ServerName[]
  readonly kinds: readonly FaultKind[]
  readonly usualKinds: readonly FaultKind[]
}

const distributed = [
  'kill',
  'freeze',
  'older-snapshot',
  'empty',
  'pause-writes',
  'cut',
  'black-hole',
  'slow',
] as const
const replicated = ['kill', 'freeze', 'empty', 'pause-writes', 'cut', 'black-hole', 'slow'] as const
const inOneProcess = ['kill', 'freeze', 'disk-full'] as const

export const forms: Readonly<Record<FormName, Form>> = {
  /** One Kafka and one Redis, two of each service. */
  one: {
    start: () => startCluster({ kafka: (stack) => kafkaServer(stack, 1), redis: redisServer }),
    targets: { aggregator: 36, ingest: 14, alerter: 10, api: 8, kafka: 10, redis: 22 },
    links: ['kafka', 'redis'],
    kinds: [...distributed, 'clock'],
    usualKinds: distributed,
  },
  /** Three brokers, of which two must have an append, and a Redis Cluster of three masters with a replica each: who is lost is taken over from. */
  many: {
    start: () =>
      startCluster({ kafka: (stack) => kafkaServer(stack, 3), redis: redisClusterServer }),
    targets: { aggregator: 25, ingest: 12, alerter: 8, api: 5, kafka: 30, redis: 20 },
    links: ['kafka'],
    kinds: [...replicated, 'clock'],
    usualKinds: replicated,
  },
  /** Everything in one process. */
  embedded: {
    start: startEmbeddedPlant,
    targets: { aggregator: 1, ingest: 0, alerter: 0, api: 0, kafka: 0, redis: 0 },
    links: [],
    kinds: [...inOneProcess, 'clock'],
    usualKinds: inOneProcess,
  },
}
