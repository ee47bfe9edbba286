import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { foldLog, recordOf, recordOfEntries, startWorker } from '@deskpulse/engine/testing'
import type { Folded as StreamFolded, LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import { logIn } from './memory-reads.ts'
import { type Api, openApi } from './server.ts'

/** The API over a store that folds have written. */
export type Folded = Api & {
  /** Folds what comes next, at a log time, and commits it. */
  fold(events: readonly CanonicalEvent[], logTimeMs: number): Promise<void>
  /** Writes beside what is folded. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Folds another configuration of the tenant. */
  configure(config: TenantConfig, logTimeMs: number): Promise<void>
}

export async function openFolded(): Promise<Folded> {
  const records: LogRecord[] = []
  const api = await openApi({ log: logIn(records) })
  const { store } = api.floor
  const partition = 0 as PartitionId
  const { epoch } = await store.acquire(partition)
  const folds: StreamFolded[] = []
  const worker = startWorker({ folded: (fold) => void folds.push(fold) })
  let offset = 0
  let configuration: string | null = null

  async function take(record: LogRecord): Promise<void> {
    records.push(record)
    await foldLog([record], { worker })
    for (const { taken, change } of folds.splice(0)) {
      const range = { fromOffset: offset as Offset, toOffset: (offset + taken) as Offset }
      const outcome = await store.commit(partition, { epoch, ...range, ...change })
      if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.kind}`)
      offset += taken
    }
  }

  return {
    ...api,
    fold: (events, logTimeMs) => take(recordOf(records.length, logTimeMs as EpochMs, events)),
    async put(key, bytes) {
      const { logTimeMs, watermarkMs } = await store.read(partition, { keys: [] })
      const range = { fromOffset: offset as Offset, toOffset: offset as Offset }
      const outcome = await store.commit(partition, {
        ...{ epoch, ...range, logTimeMs, watermarkMs },
        ...{ puts: [{ key, bytes }], appends: [], fields: [], wakes: [], out: [] },
      })
      if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.kind}`)
    },
    configure(config, logTimeMs) {
      const entry = configEntry(config, configuration)
      configuration = entry.id
      const bytes = encodeConfigEntry(entry)
      const entries = [{ tenant: 'acme', kind: entryKinds.config, bytes }]
      return take(recordOfEntries(records.length, logTimeMs as EpochMs, entries))
    },
  }
}

export const folding = { startMs: Date.UTC(2026, 2, 2, 9) }
let ids = 0
/** `second` of the test's morning. */
export const happened = (second: number, type: EventType, data: EventData): CanonicalEvent => ({
  ...{ type, data, id: `e-${(ids += 1)}`, source: '/chat', sequence: '0', tenant: 'acme' },
  timeMs: (folding.startMs + second * 1_000) as EpochMs,
})

/** A chat that a customer opened, and who wrote then; agent a-1 answers after these seconds. */
export function answeredAfter(contactId: string, seconds: number, begins = 0): CanonicalEvent[] {
  const queue = 'billing'
  return [
    happened(begins, 'contact.opened', {
      ...{
        contactId,
        queue,
        channel: 'chat',
        openedBy: 'customer',
        customerId: `u-of-${contactId}`,
      },
    }),
    happened(begins, 'message.sent', { contactId, from: 'customer' }),
    happened(begins + seconds, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }),
  ]
}
