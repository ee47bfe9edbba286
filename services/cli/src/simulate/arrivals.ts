import { channelWeights, demandFactor, habits, type Channel } from './catalogue.ts'
import { chat } from './chat.ts'
import type { Contact, Floor } from './floor.ts'
import { email } from './email.ts'
import type { Process } from './processes.ts'
import { voice } from './voice.ts'
import { anyQueue, anyTopic } from './waiting.ts'

const courses: Readonly<Record<Channel, (floor: Floor, contact: Contact) => Process>> = {
  chat,
  voice,
  email,
}

/** New customers, independently of each other, more by day than by night; for ever. */
export function* arrivals(floor: Floor, contactsPerMinute: number): Process {
  const { random } = floor
  for (;;) {
    yield random.exponential(60_000 / (contactsPerMinute * demandFactor(floor.nowMs())))
    const queue = anyQueue(random)
    floor.start(
      visits(
        floor,
        floor.newContact(random.weighted(channelWeights), queue, anyTopic(random, queue), null),
      ),
    )
  }
}

/** A contact and, now and then, the same customer's return for the same thing: soon, or in up to two and a half days. */
function* visits(floor: Floor, contact: Contact): Process {
  yield* courses[contact.channel](floor, contact)
  if (!floor.random.chance(habits.returnShare)) return
  const [soonestMs, latestMs] = habits.returnWithinMs
  yield soonestMs * (latestMs / soonestMs) ** floor.random.next()
  yield* visits(
    floor,
    floor.newContact(contact.channel, contact.queue, contact.topic, contact.customerId),
  )
}
