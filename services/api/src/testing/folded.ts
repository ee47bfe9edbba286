import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { MemoryStore } from '@deskpulse/engine'
import { foldLog, recordOf, startWorker } from '@deskpulse/engine/testing'
import type { LogRecord } from '@deskpulse/stream'
import { logIn, readsOf } from './memory-reads.ts'
import { type Api, openApi } from './server.ts'

/** The API over what folds have made of events. */
export type Folded = Api & {
  readonly store: MemoryStore
  /** Folds what comes next, at a log time. */
  fold(events: readonly CanonicalEvent[], logTimeMs: number): Promise<void>
}

export async function openFolded(): Promise<Folded> {
  const worker = startWorker()
  const records: LogRecord[] = []
  const read = readsOf(worker.store, () => records.length)
  const api = await openApi({
    wrap: (store) => ({ ...store, read: (_, query) => read(query) }),
    log: logIn(records),
  })
  return {
    ...api,
    store: worker.store,
    async fold(events, logTimeMs) {
      const record = recordOf(records.length, logTimeMs as EpochMs, events)
      records.push(record)
      await foldLog([record], { worker })
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
