import { habits } from './catalogue.ts'
import type { Contact, Desk } from './desk.ts'
import type { Process } from './processes.ts'

const reopenAfterMs = [11 * 60_000, 3 * 3_600_000] as const // Past the ten minutes in which a message is a mere "thank you".

/** What follows on a resolution: mostly it is archived after a while; now and then the customer is not content and writes again. */
export function* afterResolution(desk: Desk, contact: Contact): Process<'reopened' | 'closed'> {
  const { random } = desk
  if (random.chance(habits.reopenShare)) {
    yield random.between(...reopenAfterMs)
    desk.emit('contact.reopened', { contactId: contact.id, by: 'customer' })
    desk.emit('message.sent', { contactId: contact.id, from: 'customer' })
    return 'reopened'
  }
  if (random.chance(habits.thanksShare)) {
    yield random.between(3_000, 15_000)
    desk.emit('message.sent', { contactId: contact.id, from: 'customer' })
  }
  yield* close(desk, contact)
  return 'closed'
}

/** Archived after a while; nothing comes after it. */
export function* close(desk: Desk, contact: Contact): Process {
  yield desk.random.between(...habits.closeAfterMs)
  desk.emit('contact.closed', { contactId: contact.id })
}

/** The customer was not served in time and leaves. */
export function* giveUp(desk: Desk, contact: Contact): Process {
  desk.emit('contact.abandoned', { contactId: contact.id })
  yield* close(desk, contact)
}
