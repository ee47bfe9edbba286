import { DeskpulseError } from '@deskpulse/stream'
import { beforeEach, expect, test } from 'vitest'
import { checkTopics, ensureTopics, type TopicAccess, type TopicAdmin } from './topics.ts'

type Topic = {
  readonly replicas: readonly number[]
  readonly settings: Readonly<Record<string, string>>
}

const spec = { name: 'deskpulse.log', partitions: 2, settings: { 'cleanup.policy': 'delete' } }
const brokerDefaults = { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' }

let topics: Map<string, Topic>
let replicationByDefault: number | Error
/** What a broker says of the leaders of a new topic, one answer after the other, before it has them. */
let answers: (DeskpulseError | readonly number[])[]

beforeEach(() => {
  topics = new Map()
  replicationByDefault = 3
  answers = []
})

const access: TopicAccess = {
  replicas(name) {
    const topic = topics.get(name)
    if (topic === undefined) return Promise.reject(new DeskpulseError('LOG_TOPIC_UNKNOWN', name))
    return Promise.resolve(topic.replicas)
  },
  leaders(name) {
    const answer = answers.shift() ?? topics.get(name)!.replicas.map(() => 1)
    return answer instanceof DeskpulseError ? Promise.reject(answer) : Promise.resolve(answer)
  },
}

const admin = {
  describeCluster: () => Promise.resolve({ brokers: [{ nodeId: 1 }] }),
  describeConfigs({
    resources,
  }: {
    resources: readonly { name: string; configNames: readonly string[] }[]
  }) {
    const described = resources.map(({ name, configNames }) => {
      if (configNames.includes('default.replication.factor')) {
        if (replicationByDefault instanceof Error) throw replicationByDefault
        return {
          resourceName: name,
          configEntries: [{ configName: '', configValue: String(replicationByDefault) }],
        }
      }
      const found: Readonly<Record<string, string>> = {
        ...brokerDefaults,
        ...topics.get(name)?.settings,
      }
      return {
        resourceName: name,
        configEntries: configNames.map((configName) => ({
          configName,
          configValue: found[configName],
        })),
      }
    })
    return Promise.resolve({ resources: described })
  },
  createTopics({ topics: created }: Parameters<TopicAdmin['createTopics']>[0]) {
    for (const {
      topic,
      numPartitions = 1,
      replicationFactor = -1,
      configEntries = [],
    } of created) {
      const byDefault = replicationByDefault instanceof Error ? 3 : replicationByDefault
      const replicas = Array.from({ length: numPartitions }, () =>
        replicationFactor === -1 ? byDefault : replicationFactor,
      )
      topics.set(topic, {
        replicas,
        settings: Object.fromEntries(configEntries.map(({ name, value }) => [name, value])),
      })
    }
    return Promise.resolve(true)
  },
} as unknown as TopicAdmin

const refused = (message: string) => ({
  code: 'LOG_TOPIC_SETTINGS',
  message: `topic deskpulse.log: ${message}`,
})

test.each([
  { what: 'three replicas that were asked for', replication: 3, byDefault: 1, minInsync: '2' },
  { what: 'three by the default of the cluster', replication: -1, byDefault: 3, minInsync: '2' },
  { what: 'two', replication: 2, byDefault: 3, minInsync: undefined },
  {
    what: 'one by the default of the cluster',
    replication: -1,
    byDefault: 1,
    minInsync: undefined,
  },
])(
  'a topic that is created with $what keeps what it can of an acknowledged record',
  async ({ replication, byDefault, minInsync }) => {
    replicationByDefault = byDefault
    await ensureTopics(admin, access, [spec], replication)
    expect(topics.get(spec.name)?.settings['min.insync.replicas']).toBe(minInsync)
    expect(topics.get(spec.name)?.settings['unclean.leader.election.enable']).toBe('false')
  },
)

test('a topic that is created is waited for until brokers know it, and it has its leaders', async () => {
  answers = [new DeskpulseError('LOG_TOPIC_UNKNOWN', spec.name), [-1, -1], [1, -1]]
  await ensureTopics(admin, access, [spec], 3)
  expect(answers).toEqual([])
})

test('a topic that is created where nobody may ask for the default is checked all the same', async () => {
  replicationByDefault = new Error('CLUSTER_AUTHORIZATION_FAILED')
  await expect(ensureTopics(admin, access, [spec], -1)).rejects.toMatchObject(
    refused('min.insync.replicas is 1 and must be 2 or more, as it has 3 replicas'),
  )
})

type Case = { readonly what: string; readonly message: string | null } & Topic

test.each<Case>([
  { what: 'one replica', replicas: [1, 1], settings: {}, message: null },
  {
    what: 'two replicas',
    replicas: [2, 2],
    settings: { 'unclean.leader.election.enable': 'false' },
    message: null,
  },
  {
    what: 'two replicas of which one may lead that is behind',
    ...{
      replicas: [2, 2],
      settings: {},
      message: 'unclean.leader.election.enable is true and must be false',
    },
  },
  {
    what: 'three replicas of which two are in step with any acknowledged record',
    ...{
      replicas: [3, 3],
      settings: { 'unclean.leader.election.enable': 'false', 'min.insync.replicas': '2' },
      message: null,
    },
  },
  {
    what: 'three replicas of which one is enough',
    ...{ replicas: [3, 3], settings: { 'unclean.leader.election.enable': 'false' } },
    message: 'min.insync.replicas is 1 and must be 2 or more, as it has 3 replicas',
  },
  {
    what: 'another number of partitions',
    replicas: [1, 1, 1],
    settings: {},
    message: 'partitions is 3 and must be 2',
  },
])('a topic of $what', async ({ replicas, settings, message }) => {
  topics.set(spec.name, { replicas, settings: { ...spec.settings, ...settings } })
  const checked = checkTopics(admin, access, [spec])
  await (message === null ? checked : expect(checked).rejects.toMatchObject(refused(message)))
})
