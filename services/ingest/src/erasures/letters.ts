import { contentOf, type DeadLetter, withoutLetters } from '@deskpulse/contract'
import { DeskpulseError, type Offset, type RewritableTopic } from '@deskpulse/stream'
import { inTurns } from '../imports/in-turns.ts'

type Topic = Pick<RewritableTopic, 'read' | 'rewrite'>
type IsErased = (letter: DeadLetter) => boolean

export type FoundLetters = {
  readonly letters: number
  /** Records of which nobody knows what letters they have. */
  readonly unreadable: number
}

const pageRecords = 20
const rewritingsMax = 10

export async function findLetters(topic: Topic, isErased: IsErased): Promise<FoundLetters> {
  let [letters, unreadable] = [0, 0]
  for (let next = 0 as Offset; ;) {
    const page = await topic.read(next, pageRecords)
    if (page.length === 0) return { letters, unreadable }
    for await (const record of inTurns(page)) {
      const content = contentOf(record)
      if (content === null) unreadable += 1
      if (content?.kind === 'letters') letters += content.letters.filter(isErased).length
      next = (record.offset + 1) as Offset
    }
  }
}

/**
 * Removes letters until none is left: on Kafka another process that rewrites the topic, or replays, may write them again meanwhile.
 * @returns what was found at first.
 * @throws DeskpulseError LOG_UNAVAILABLE, also when they come back again and again.
 */
export async function removeLetters(topic: Topic, isErased: IsErased): Promise<FoundLetters> {
  const found = await findLetters(topic, isErased)
  let left = found.letters
  for (let rewritings = 0; left > 0; rewritings += 1) {
    if (rewritings === rewritingsMax)
      throw new DeskpulseError('LOG_UNAVAILABLE', 'dead letters that were removed come back')
    await topic.rewrite((record) => withoutLetters(record, isErased))
    left = (await findLetters(topic, isErased)).letters
  }
  return found
}
