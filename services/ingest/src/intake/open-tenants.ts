import type { EventLog, Offset, PartitionId } from '@deskpulse/stream'

export type OpenTenantsOptions = {
  readonly log: Pick<EventLog, 'ensureTopics' | 'append' | 'read'>
  /** One record for each tenant that was ever admitted: its name. */
  readonly topic: string
  /** How many there may be. */
  readonly most: number
}

/** Tenants that nobody named: whoever sends makes one, up to a limit. Who was admitted once stays, over restarts and rebuilds. */
export type OpenTenants = {
  /** Reads who was admitted; `seen`: those of a store that is older than the topic. Called before anything is taken in. */
  load(seen: readonly string[]): Promise<void>
  has(tenant: string): boolean
  isFull(): boolean
  /** Admits it, when it was not yet. `null`: the topic has it; else resolves when it does, rejects with the log's error, and it is to be tried again. */
  admit(tenant: string): Promise<void> | null
}

const partition = 0 as PartitionId

export function openTenants({ log, topic, most }: OpenTenantsOptions): OpenTenants {
  /** By name: what `admit` returns. */
  const known = new Map<string, Promise<void> | null>()

  let ensured: Promise<void> | null = null

  /** Again where it failed. */
  function topicThere(): Promise<void> {
    ensured ??= log
      .ensureTopics([{ name: topic, partitions: 1, settings: { 'cleanup.policy': 'compact' } }])
      .catch((error: unknown) => {
        ensured = null
        throw error
      })
    return ensured
  }

  async function write(tenant: string): Promise<void> {
    try {
      await topicThere()
      await log.append(topic, partition, [{ key: tenant, value: Buffer.from(tenant) }])
      known.set(tenant, null)
    } catch (error) {
      known.delete(tenant)
      throw error
    }
  }

  return {
    async load(seen) {
      await topicThere()
      for (const { value } of await log.read(
        topic,
        partition,
        0 as Offset,
        Number.MAX_SAFE_INTEGER,
      )) {
        if (value !== null) known.set(Buffer.from(value).toString(), null)
      }
      for (const tenant of seen) if (!known.has(tenant)) await write(tenant)
    },
    has: (tenant) => known.has(tenant),
    isFull: () => known.size >= most,
    admit(tenant) {
      const admitted = known.get(tenant)
      if (admitted !== undefined) return admitted
      const written = write(tenant)
      known.set(tenant, written)
      return written
    },
  }
}
