import {
  type ConfigError,
  decodeKnownKeys,
  encodeKnownKeys,
  type TenantSettings,
} from '@deskpulse/contract'
import { ConfigurationError } from '@deskpulse/runtime'
import {
  customerKeysSpec,
  DeskpulseError,
  type EventLog,
  type Offset,
  type PartitionId,
  type TopicNames,
} from '@deskpulse/stream'
import { type KeyFault, continued } from './known-keys.ts'
import type { CustomerKeys } from './pseudonym.ts'

export type KeyCheckOptions = {
  readonly log: Pick<EventLog, 'ensureTopics' | 'append' | 'read' | 'ends'>
  /** The last record of a tenant there has its known keys. */
  readonly topics: Pick<TopicNames, 'customerKeys'>
  readonly tenants: Readonly<Record<string, TenantSettings>>
  readonly nowMs: () => number
}

const partition = 0 as PartitionId

/**
 * Remembers the keys of the configuration, and that they go on from those that were known: under another one customers that are known would come back as new ones,
 * without a word.
 * @throws ConfigurationError that names the keys which do not go on.
 */
export async function checkKeys({ log, topics, tenants, nowMs }: KeyCheckOptions): Promise<void> {
  const hidden = Object.entries(tenants).flatMap(([name, { pseudonymise }]) =>
    pseudonymise === null ? [] : [{ name, keys: pseudonymise }],
  )
  if (hidden.length === 0) return
  const topic = topics.customerKeys
  await log.ensureTopics([customerKeysSpec(topics)])
  const records = await log.read(topic, partition, 0 as Offset, Number.MAX_SAFE_INTEGER)
  const [end = 0] = await log.ends(topic)
  // A broker that is behind shows less than there is: any key would go on from nothing.
  if ((records.at(-1)?.offset ?? -1) + 1 < end)
    throw new DeskpulseError('LOG_UNAVAILABLE', `${topic} could not be read to its end`)
  const remembered = new Map(
    records.map(({ key, value }) => [Buffer.from(key ?? []).toString(), value]),
  )
  const judged = hidden.map(({ name, keys }) => {
    const value = remembered.get(name) ?? null
    const known = value === null ? null : decodeKnownKeys(value)
    return { name, keys, value, verdict: continued(known, keys, nowMs()) }
  })
  const errors = judged.flatMap(({ name, keys, verdict }) =>
    verdict.ok ? [] : [errorOf(name, keys, verdict.fault)],
  )
  if (errors.length > 0)
    throw new ConfigurationError('beside the keys of customers that are known', errors)
  const news = judged.flatMap(({ name, value, verdict }) => {
    const next = verdict.ok ? encodeKnownKeys(verdict.known) : null
    return next === null || (value !== null && Buffer.from(next).equals(value))
      ? []
      : [{ key: name, value: next }]
  })
  if (news.length > 0) await log.append(topic, partition, news)
}

const page = 'docs/operations.md'

function errorOf(
  tenant: string,
  { previous }: CustomerKeys,
  { kind, untilMs }: KeyFault,
): ConfigError {
  const place = `tenants.${tenant}.pseudonymise`
  const until = untilMs === null ? '' : new Date(untilMs).toISOString()
  const at = previous.findIndex((one) => one.untilMs === untilMs)
  if (kind === 'missing') {
    const expected = `an entry with until: ${until}, also once its key is removed`
    return { path: `${place}.previous`, expected, got: 'none', hint: page }
  }
  if (kind === 'in-force') {
    const expected = 'the key: customers are hidden under it until then'
    return { path: `${place}.previous.${at}.key`, expected, got: 'none', hint: page }
  }
  if (kind === 'late') {
    const expected = 'an instant that is more than 5 minutes ahead when the key is changed'
    return { path: `${place}.previous.${at}.until`, expected, got: until, hint: page }
  }
  const path = at === -1 ? `${place}.key` : `${place}.previous.${at}.key`
  const expected = 'the key under which known customers are hidden, or that one in previous'
  return { path, expected, got: 'another one', hint: page }
}
