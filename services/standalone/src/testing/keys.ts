import { join } from 'node:path'
import { createKey, keyStore } from '@deskpulse/access'
import type { Scope } from '@deskpulse/contract'
import { accessTopicSpecs, embeddedEventLog, topicNames } from '@deskpulse/stream'

type Wanted = { readonly tenant: string | null; readonly scopes: readonly Scope[] }

/** Makes keys in the data directory of a product that does not run. @returns their texts, by name */
export async function makeKeys<Name extends string>(
  dataDir: string,
  wanted: Readonly<Record<Name, Wanted>>,
): Promise<Record<Name, string>> {
  const log = embeddedEventLog({ file: join(dataDir, 'log.sqlite') })
  try {
    const topics = topicNames()
    await log.ensureTopics(accessTopicSpecs(topics))
    const timer = { after: () => () => {} }
    const keys = keyStore({ log, topic: topics.access, timer, onFailure: () => {} })
    await keys.open()
    const doing = { by: 'the test', atMs: Date.now() }
    const made: [string, string][] = []
    for (const [name, { tenant, scopes }] of Object.entries<Wanted>(wanted)) {
      const { text } = await createKey(keys, { name, tenant, scopes: [...scopes] }, doing)
      made.push([name, text])
    }
    await keys.stop()
    return Object.fromEntries(made) as Record<Name, string>
  } finally {
    await log.close()
  }
}
