import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import { expect, test } from 'vitest'
import type { ClusterAccess } from './client/cluster.ts'
import { ensureTopics } from './topics.ts'

const spec = {
  name: 'letters',
  partitions: 1,
  settings: { 'cleanup.policy': 'delete' },
  tuned: { 'retention.ms': '2000', 'segment.ms': '9' },
}
const own = kafkajs.ConfigSource.TOPIC_CONFIG
const entries = (values: Readonly<Record<string, string>>, configSource = own) =>
  Object.entries(values).map(([configName, configValue]) => ({
    configName,
    configValue,
    configSource,
  }))

/** A cluster that has the topic with these settings; `alter` stands for the request that changes them. */
function cluster(has: Readonly<Record<string, string>>, alter: Admin['alterConfigs']) {
  const inherited = entries({ 'min.insync.replicas': '1' }, kafkajs.ConfigSource.DEFAULT_CONFIG)
  const configEntries = [...entries(has), ...inherited]
  const admin = {
    describeConfigs: async () => ({ resources: [{ resourceName: spec.name, configEntries }] }),
    alterConfigs: alter,
  }
  const access: Pick<ClusterAccess, 'leaders' | 'replicas'> = {
    replicas: async () => [1],
    leaders: async () => [1],
  }
  return [admin as unknown as Admin, access as ClusterAccess] as const
}

test('a topic that is tuned keeps what else was set on it, and is left alone when it is as it must be', async () => {
  const asked: unknown[] = []
  const alter = async (request: unknown) => void asked.push(request)
  await ensureTopics(
    ...cluster(
      { 'cleanup.policy': 'delete', 'retention.ms': '1000', 'max.message.bytes': '7' },
      alter,
    ),
    [spec],
    -1,
  )
  const configEntries = [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: '2000' },
    { name: 'max.message.bytes', value: '7' },
    { name: 'segment.ms', value: '9' },
  ]
  expect(asked).toMatchObject([{ resources: [{ name: 'letters', configEntries }] }])
  await ensureTopics(...cluster({ 'cleanup.policy': 'delete', ...spec.tuned }, alter), [spec], -1)
  expect(asked).toHaveLength(1)
})

test('where this client may not change the topic, what it must be is said', async () => {
  const refuse = async () => {
    throw Object.assign(new Error('not allowed'), { type: 'TOPIC_AUTHORIZATION_FAILED' })
  }
  await expect(
    ensureTopics(...cluster({ 'cleanup.policy': 'delete' }, refuse), [spec], -1),
  ).rejects.toMatchObject({
    code: 'LOG_TOPIC_SETTINGS',
    message:
      'topic letters: retention.ms must be 2000, segment.ms must be 9, and this client may not change it',
  })
})
