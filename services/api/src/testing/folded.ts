import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { MemoryStore } from '@deskpulse/engine'
import { startWorker, recordOf, type TestWorker } from '@deskpulse/engine/testing'
import { readsOf } from './memory-reads.ts'
import { type Api, openApi } from './server.ts'

/** The API over what folds have made of events. */
export type Folded = Api & {
  readonly store: MemoryStore
  /** Folds what comes next, at a log time. */
  fold(events: readonly CanonicalEvent[], logTimeMs: number): Promise<void>
}

export async function openFolded(worker: TestWorker = startWorker()): Promise<Folded> {
  const read = readsOf(worker.store)
  const api = await openApi({ wrap: (store) => ({ ...store, read: (_, query) => read(query) }) })
  let offset = 0
  return {
    ...api,
    store: worker.store,
    async fold(events, logTimeMs) {
      await worker.fold([recordOf(offset, logTimeMs as EpochMs, events)])
      offset += 1
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
