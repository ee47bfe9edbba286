import { habits } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import type { Process } from './processes.ts'
import { askForRating } from './rating.ts'

const reopenAfterMs = [11 * 60_000, 3 * 3_600_000] as const // Past the ten minutes in which a message is a mere "thank you".

/** What follows on a resolution: the customer may rate it. Mostly it is archived after a while; now and then the customer is not content and writes again. */
export function* afterResolution(floor: Floor, contact: Contact): Process<'reopened' | 'closed'> {
  const { random } = floor
  floor.start(askForRating(floor, contact))
  if (random.chance(habits.reopenShare)) {
    yield random.between(...reopenAfterMs)
    floor.emit('contact.reopened', { contactId: contact.id, by: 'customer' })
    floor.emit('message.sent', { contactId: contact.id, from: 'customer' })
    return 'reopened'
  }
  if (random.chance(habits.thanksShare)) {
    yield random.between(3_000, 15_000)
    floor.emit('message.sent', { contactId: contact.id, from: 'customer' })
  }
  yield* close(floor, contact)
  return 'closed'
}

/** Archived after a while; nothing comes after it. */
export function* close(floor: Floor, contact: Contact): Process {
  yield floor.random.between(...habits.closeAfterMs)
  floor.emit('contact.closed', { contactId: contact.id })
}

/** The customer was not served in time and leaves. */
export function* giveUp(floor: Floor, contact: Contact): Process {
  floor.emit('contact.abandoned', { contactId: contact.id })
  yield* close(floor, contact)
}
