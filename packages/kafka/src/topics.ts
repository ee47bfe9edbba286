import { setTimeout as pause } from 'node:timers/promises'
import { DeskpulseError } from '@deskpulse/stream'
import type { TopicSpec } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import type { ClusterAccess } from './client/cluster.ts'
import { protocolErrors } from './errors.ts'

export type TopicAdmin = Pick<
  Admin,
  'alterConfigs' | 'createTopics' | 'describeCluster' | 'describeConfigs'
>
export type TopicAccess = Pick<ClusterAccess, 'leaders' | 'replicas'>

/** How long a new topic may take until brokers know it and it has its leaders: a broker that is deleting others takes its time. */
const visibleWithinMs = 30_000

const minInsync = 'min.insync.replicas'
const uncleanElection = 'unclean.leader.election.enable'
/** Of so many replicas on, an acknowledged record must be in two: the loss of one broker then loses nothing. */
const replicasOfDurable = 3
const minInsyncOfDurable = 2

/** Creates the topics that are missing, and tunes those that are there. @throws DeskpulseError LOG_TOPIC_SETTINGS where one is not as it must be. */
export async function ensureTopics(
  admin: TopicAdmin,
  access: TopicAccess,
  specs: readonly TopicSpec[],
  replicationFactor: number,
): Promise<void> {
  const found = await Promise.all(specs.map(({ name }) => unlessUnknown(access.replicas(name))))
  const missing = specs.filter((_, index) => found[index] === null)
  if (missing.length > 0) await create(admin, access, missing, replicationFactor)
  await checkTopics(admin, access, specs)
  for (const spec of specs) if (spec.tuned) await tune(admin, spec.name, spec.tuned)
}

/** @throws DeskpulseError LOG_TOPIC_SETTINGS where one is not as it must be, LOG_TOPIC_UNKNOWN where it is not there. */
export async function checkTopics(
  admin: TopicAdmin,
  access: TopicAccess,
  specs: readonly TopicSpec[],
): Promise<void> {
  if (specs.length === 0) return
  const settingsOf = await settings(admin, specs)
  for (const spec of specs) {
    const replicas = await access.replicas(spec.name)
    refuseOther(spec, 'partitions', String(replicas.length), String(spec.partitions))
    const found = settingsOf(spec)
    for (const [setting, must] of Object.entries(spec.settings))
      refuseOther(spec, setting, found(setting), must)
    refuseFragile(spec, Math.min(...replicas), found)
  }
}

/** What one broker's end must not take: an acknowledged record. A topic with fewer replicas cannot promise it. */
function refuseFragile(
  spec: TopicSpec,
  replicas: number,
  found: (setting: string) => string,
): void {
  if (replicas > 1) refuseOther(spec, uncleanElection, found(uncleanElection), 'false')
  if (replicas >= replicasOfDurable && Number(found(minInsync)) < minInsyncOfDurable)
    refuseOther(
      spec,
      minInsync,
      found(minInsync),
      `${minInsyncOfDurable} or more, as it has ${replicas} replicas`,
    )
}

async function create(
  admin: TopicAdmin,
  access: TopicAccess,
  missing: readonly TopicSpec[],
  replicationFactor: number,
): Promise<void> {
  const replicas = replicationFactor === -1 ? await replicasByDefault(admin) : replicationFactor
  const durable = {
    [uncleanElection]: 'false',
    ...(replicas >= replicasOfDurable && { [minInsync]: String(minInsyncOfDurable) }),
  }
  // `false`, another process was first, is as good: what is there is checked next. KafkaJS would take a broker that does not know the topic yet for a failure.
  await admin.createTopics({
    waitForLeaders: false,
    topics: missing.map(({ name: topic, partitions: numPartitions, settings: own, tuned }) => ({
      ...{ topic, numPartitions, replicationFactor },
      configEntries: Object.entries({ ...durable, ...own, ...tuned }).map(([name, value]) => ({
        name,
        value,
      })),
    })),
  })
  await Promise.all(missing.map(({ name }) => untilVisible(access, name)))
}

/** Set on the topic itself, not inherited from the broker. */
const ofTopic = kafkajs.ConfigSource.TOPIC_CONFIG

/** KafkaJS knows only the request that replaces all of a topic's own settings: they go along. */
async function tune(
  admin: TopicAdmin,
  topic: string,
  tuned: Readonly<Record<string, string>>,
): Promise<void> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [resource],
  })
  const entries = resources[0]?.configEntries ?? []
  const isTuned = ([setting, must]: [string, string]) =>
    entries.some(({ configName, configValue }) => configName === setting && configValue === must)
  if (Object.entries(tuned).every(isTuned)) return
  const own = entries.filter(({ configSource }) => configSource === ofTopic)
  const settings = {
    ...Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue])),
    ...tuned,
  }
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  try {
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
  } catch (error) {
    if (!protocolErrors(error).some((type) => refusals.includes(type))) throw error
    const are = Object.entries(tuned).map(([setting, must]) => `${setting} must be ${must}`)
    throw new DeskpulseError(
      'LOG_TOPIC_SETTINGS',
      `topic ${topic}: ${are.join(', ')}, and this client may not change it`,
      { cause: error },
    )
  }
}

/** A cluster that lets nobody, or not this client, change a topic. */
const refusals = ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION']

/** What the cluster gives a topic that asks for no number. Not everybody may ask: 1 then, and the check that follows says what is missing. */
async function replicasByDefault(admin: TopicAdmin): Promise<number> {
  try {
    const { brokers } = await admin.describeCluster()
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          ...{ type: kafkajs.ConfigResourceTypes.BROKER, name: String(brokers[0]?.nodeId) },
          configNames: ['default.replication.factor'],
        },
      ],
    })
    return Number(resources[0]?.configEntries[0]?.configValue ?? 1)
  } catch {
    return 1
  }
}

/** The settings that are in force, the broker's own among them. */
async function settings(
  admin: TopicAdmin,
  specs: readonly TopicSpec[],
): Promise<(spec: TopicSpec) => (setting: string) => string> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ name, settings: must }) => ({
      ...{ type: kafkajs.ConfigResourceTypes.TOPIC, name },
      configNames: [...Object.keys(must), minInsync, uncleanElection],
    })),
  })
  return ({ name }) => {
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? []
    return (setting) =>
      entries.find(({ configName }) => configName === setting)?.configValue ?? 'not set'
  }
}

function refuseOther({ name }: TopicSpec, setting: string, is: string, must: string): void {
  if (is !== must)
    throw new DeskpulseError(
      'LOG_TOPIC_SETTINGS',
      `topic ${name}: ${setting} is ${is} and must be ${must}`,
    )
}

/** `null`: there is no such topic, as far as the broker knows. */
async function unlessUnknown(asked: Promise<readonly number[]>): Promise<readonly number[] | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof DeskpulseError && error.code === 'LOG_TOPIC_UNKNOWN') return null
    throw error
  }
}

async function untilVisible(access: TopicAccess, topic: string): Promise<void> {
  for (const givesUpAt = Date.now() + visibleWithinMs; Date.now() < givesUpAt; await pause(50)) {
    const leaders = await unlessUnknown(access.leaders(topic))
    if (leaders !== null && leaders.every((leader) => leader >= 0)) return
  }
  throw new DeskpulseError(
    'LOG_UNAVAILABLE',
    `topic ${topic} was created ${visibleWithinMs} ms ago and is still not visible`,
  )
}
