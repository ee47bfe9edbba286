import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import {
  foldLog,
  lettersOf,
  recordOf,
  startWorker,
  type TestWorker,
} from '../../../packages/engine/src/testing/fold-log.ts'
import type { BenchCase, OpenCase } from './case.ts'

const entriesPerRecord = 100
/** In which every contact is met once: 100,000 of them are 2,000 messages a second. */
const turnMs = 50_000
const queues = 40
const startMs = Date.parse('2026-03-02T08:00:00.000Z')

const contactsPerAgent = 50
/** Then all of them are new ones: a contact is as long where there are few as where there are many. */
const messagesPerContactMax = 4

/**
 * Messages of open contacts, in turn: each is met after all others were. Before, each was opened, assigned and written to once, which is not measured.
 * `contactsOf`: how many are open, for a case of so many events.
 */
export function openContacts(contactsOf: (events: number) => number): OpenCase {
  return (count): BenchCase => {
    const contacts = contactsOf(count)
    const messages = Math.min(count, messagesPerContactMax * contacts)
    let center: Center | null = null
    return {
      async prepare() {
        if (center === null || center.messages() + messages > messagesPerContactMax * contacts)
          center = await openCenter(contacts)
      },
      async run() {
        await center!.talk(messages)
        return messages
      },
    }
  }
}

type Center = {
  /** So many messages more. */
  talk(count: number): Promise<void>
  /** So far. */
  messages(): number
}

async function openCenter(contacts: number): Promise<Center> {
  const agents = Math.ceil(contacts / contactsPerAgent)
  const worker = startWorker()
  const feed = feeder(worker, turnMs / contacts)
  for (let contact = 0; contact < contacts; contact += 1) {
    const of = { contactId: `c-${contact}` }
    await feed('contact.opened', {
      ...of,
      customerId: `u-${contact}`,
      channel: 'chat',
      queue: `q-${contact % queues}`,
    })
    await feed('contact.assigned', { ...of, agentId: `a-${contact % agents}` })
    await feed('message.sent', { ...of, from: 'customer' })
  }
  let messages = 0
  return {
    messages: () => messages,
    async talk(count) {
      for (let sent = 0; sent < count; sent += 1, messages += 1) {
        const contact = (messages * 7_919) % contacts
        const isReply = Math.floor(messages / contacts) % 2 === 0
        const by = isReply
          ? { from: 'agent', agentId: `a-${contact % agents}` }
          : { from: 'customer' }
        await feed('message.sent', { contactId: `c-${contact}`, ...by })
      }
      if (lettersOf(worker.store).length > 0) throw new Error('the fold refuses events')
    },
  }
}

/** Gives the worker events at an even pace, in frames; each is a commit. */
function feeder(
  worker: TestWorker,
  stepMs: number,
): (type: EventType, data: EventData) => Promise<void> {
  let events = 0
  let offset = 0
  let frame: CanonicalEvent[] = []
  return async (type, data) => {
    const timeMs = Math.floor(startMs + events * stepMs) as EpochMs
    frame.push({
      type,
      id: `e-${(events += 1)}`,
      source: '/bench',
      timeMs,
      sequence: '0',
      tenant: 'bench',
      data,
    })
    if (frame.length < entriesPerRecord) return
    const record = recordOf(offset, (timeMs + 5) as EpochMs, frame)
    offset += 1
    frame = []
    await foldLog([record], { worker })
  }
}
