import type { CanonicalEvent, EpochMs, EventData, EventType } from '@deskpulse/core'
import { lettersOf, recordOf, startWorker, type TestWorker } from '../../../services/aggregator/src/testing/fold-log.ts'
import type { OpenCase } from './case.ts'

const entriesPerRecord = 100
/** Between two events: 2,000 a second, of 40 queues. */
const stepMs = 0.5
const queues = 40
const startMs = Date.parse('2026-03-02T08:00:00.000Z')

const contactsPerEvent = 5
const contactsPerAgent = 50

/**
 * Messages of five times as many open contacts, in turn: each is met after all others were. Before, each was opened, assigned and written to once, which is
 * not measured.
 */
export const openOpenContacts: OpenCase = async (count) => {
  const contacts = contactsPerEvent * count
  const agents = Math.ceil(contacts / contactsPerAgent)
  const worker = startWorker()
  const feed = feeder(worker)
  for (let contact = 0; contact < contacts; contact += 1) {
    const of = { contactId: `c-${contact}` }
    await feed('contact.opened', { ...of, customerId: `u-${contact}`, channel: 'chat', queue: `q-${contact % queues}` })
    await feed('contact.assigned', { ...of, agentId: `a-${contact % agents}` })
    await feed('message.sent', { ...of, from: 'customer' })
  }
  let messages = 0
  return {
    async run() {
      for (let sent = 0; sent < count; sent += 1, messages += 1) {
        const contact = (messages * 7_919) % contacts
        const isReply = Math.floor(messages / contacts) % 2 === 0
        const by = isReply ? { from: 'agent', agentId: `a-${contact % agents}` } : { from: 'customer' }
        await feed('message.sent', { contactId: `c-${contact}`, ...by })
      }
      if (lettersOf(worker.store).length > 0) throw new Error('the fold refuses events')
      return count
    },
  }
}

/** Gives the worker events at an even pace, in frames; each is a commit. */
function feeder(worker: TestWorker): (type: EventType, data: EventData) => Promise<void> {
  let events = 0
  let offset = 0
  let frame: CanonicalEvent[] = []
  return async (type, data) => {
    const timeMs = Math.floor(startMs + events * stepMs) as EpochMs
    frame.push({ type, id: `e-${(events += 1)}`, source: '/bench', timeMs, sequence: '0', tenant: 'bench', data })
    if (frame.length < entriesPerRecord) return
    const record = recordOf(offset, (timeMs + 5) as EpochMs, frame)
    offset += 1
    frame = []
    while ((await worker.fold([record])) === 0); // Until the wakes before it have passed.
  }
}
