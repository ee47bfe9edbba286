import { setTimeout as pause } from 'node:timers/promises'
import { DeskpulseError } from '@deskpulse/stream'
import type { TopicSpec } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import type { ClusterAccess } from './client/cluster.ts'
import { protocolErrors } from './errors.ts'

/** How long a new topic may take until every broker knows it. */
const visibleWithinMs = 10_000

/** Creates the topics that are missing, and tunes those that are there. @throws DeskpulseError LOG_TOPIC_SETTINGS where one is not as it must be. */
export async function ensureTopics(
  admin: Admin,
  access: ClusterAccess,
  specs: readonly TopicSpec[],
  replicationFactor: number,
): Promise<void> {
  const counts = await Promise.all(specs.map(({ name }) => countOrNull(access, name)))
  const missing = specs.filter((_, index) => counts[index] === null)
  if (missing.length > 0) await create(admin, missing, replicationFactor)
  for (const spec of specs) refuseOther(spec, 'partitions', String(await countWhenVisible(access, spec.name)), String(spec.partitions))
  await checkSettings(admin, specs)
  for (const spec of specs) if (spec.tuned) await tune(admin, spec.name, spec.tuned)
}

async function create(admin: Admin, specs: readonly TopicSpec[], replicationFactor: number): Promise<void> {
  // `false`, another process was first, is as good: what is there is checked next.
  await admin.createTopics({
    waitForLeaders: true,
    topics: specs.map(({ name, partitions, settings, tuned }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries({ ...settings, ...tuned }).map(([setting, value]) => ({ name: setting, value })),
    })),
  })
}

/** Set on the topic itself, not inherited from the broker. */
const ofTopic = kafkajs.ConfigSource.TOPIC_CONFIG

/** KafkaJS knows only the request that replaces all of a topic's own settings: they go along. */
async function tune(admin: Admin, topic: string, tuned: Readonly<Record<string, string>>): Promise<void> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
  const entries = resources[0]?.configEntries ?? []
  const isTuned = ([setting, must]: [string, string]) =>
    entries.some(({ configName, configValue }) => configName === setting && configValue === must)
  if (Object.entries(tuned).every(isTuned)) return
  const own = entries.filter(({ configSource }) => configSource === ofTopic)
  const settings = { ...Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue])), ...tuned }
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  try {
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
  } catch (error) {
    if (!protocolErrors(error).some((type) => refusals.includes(type))) throw error
    const are = Object.entries(tuned).map(([setting, must]) => `${setting} must be ${must}`)
    throw new DeskpulseError('LOG_TOPIC_SETTINGS', `topic ${topic}: ${are.join(', ')}, and this client may not change it`, { cause: error })
  }
}

/** A cluster that lets nobody, or not this client, change a topic. */
const refusals = ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION']

async function checkSettings(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  if (specs.length === 0) return
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ name, settings }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: Object.keys(settings) })),
  })
  for (const spec of specs) {
    const entries = resources.find(({ resourceName }) => resourceName === spec.name)?.configEntries ?? []
    for (const [setting, must] of Object.entries(spec.settings)) {
      refuseOther(spec, setting, entries.find(({ configName }) => configName === setting)?.configValue ?? 'not set', must)
    }
  }
}

function refuseOther({ name }: TopicSpec, setting: string, is: string, must: string): void {
  if (is !== must) throw new DeskpulseError('LOG_TOPIC_SETTINGS', `topic ${name}: ${setting} is ${is} and must be ${must}`)
}

async function countOrNull(access: ClusterAccess, topic: string): Promise<number | null> {
  try {
    return await access.partitionCount(topic)
  } catch (error) {
    if (error instanceof DeskpulseError && error.code === 'LOG_TOPIC_UNKNOWN') return null
    throw error
  }
}

async function countWhenVisible(access: ClusterAccess, topic: string): Promise<number> {
  for (const givesUpAt = Date.now() + visibleWithinMs; Date.now() < givesUpAt; await pause(50)) {
    const count = await countOrNull(access, topic)
    if (count !== null) return count
  }
  throw new DeskpulseError('LOG_UNAVAILABLE', `topic ${topic} was created ${visibleWithinMs} ms ago and is still not visible`)
}
