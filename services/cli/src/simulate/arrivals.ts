import { channelWeights, demandFactor, habits, type Channel } from './catalogue.ts'
import { chat } from './chat.ts'
import type { Contact, Desk } from './desk.ts'
import { email } from './email.ts'
import type { Process } from './processes.ts'
import { voice } from './voice.ts'
import { anyQueue, anyTopic } from './waiting.ts'

const courses: Readonly<Record<Channel, (desk: Desk, contact: Contact) => Process>> = {
  chat,
  voice,
  email,
}

/** New customers, independently of each other, more by day than by night; for ever. */
export function* arrivals(desk: Desk, contactsPerMinute: number): Process {
  const { random } = desk
  for (;;) {
    yield random.exponential(60_000 / (contactsPerMinute * demandFactor(desk.nowMs())))
    const queue = anyQueue(random)
    desk.start(
      visits(
        desk,
        desk.newContact(random.weighted(channelWeights), queue, anyTopic(random, queue), null),
      ),
    )
  }
}

/** A contact and, now and then, the same customer's return for the same thing: soon, or in up to two and a half days. */
function* visits(desk: Desk, contact: Contact): Process {
  yield* courses[contact.channel](desk, contact)
  if (!desk.random.chance(habits.returnShare)) return
  const [soonestMs, latestMs] = habits.returnWithinMs
  yield soonestMs * (latestMs / soonestMs) ** desk.random.next()
  yield* visits(
    desk,
    desk.newContact(contact.channel, contact.queue, contact.topic, contact.customerId),
  )
}
