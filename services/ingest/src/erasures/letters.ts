import { contentOf, type DeadLetter, identityOf, withoutLetters } from '@deskpulse/contract'
import { DeskpulseError, type Offset, type RewritableTopic } from '@deskpulse/stream'
import { inTurns } from '../imports/in-turns.ts'

type Topic = Pick<RewritableTopic, 'read' | 'rewrite'>

/** What is asked about letters. */
export type Sought = {
  /** Whether letters of the tenant go at all; `null`: of no tenant. */
  readonly isTheirs: (tenant: string | null) => boolean
  /** Asked of those alone, for it takes its time; equal letters get the same answer. */
  readonly isNamed: (letter: DeadLetter) => boolean
}

export type FoundLetters = {
  readonly letters: number
  /** Records of which nobody knows what letters they have. */
  readonly unreadable: number
}

type Found = FoundLetters & {
  /** Of the letters (`identityOf`). */
  readonly identities: ReadonlySet<string>
}

const pageRecords = 20
const rewritingsMax = 10

export async function findLetters(topic: Topic, { isTheirs, isNamed }: Sought): Promise<Found> {
  const identities = new Set<string>()
  let [letters, unreadable] = [0, 0]
  for (let next = 0 as Offset; ;) {
    const page = await topic.read(next, pageRecords)
    if (page.length === 0) return { letters, unreadable, identities }
    for await (const record of inTurns(page)) {
      const content = contentOf(record)
      if (content === null) unreadable += 1
      const theirs =
        content?.kind === 'letters' ? content.letters.filter((one) => isTheirs(one.tenant)) : []
      for await (const letter of inTurns(theirs)) {
        if (!isNamed(letter)) continue
        letters += 1
        identities.add(identityOf(letter))
      }
      next = (record.offset + 1) as Offset
    }
  }
}

/**
 * Removes letters until none is left: on Kafka another process that rewrites the topic, or replays, may write them again meanwhile.
 * @returns what was found at first.
 * @throws DeskpulseError LOG_UNAVAILABLE, also when they come back again and again.
 */
export async function removeLetters(topic: Topic, sought: Sought): Promise<FoundLetters> {
  const first = await findLetters(topic, sought)
  let found = first
  for (let rewritings = 0; found.letters > 0; rewritings += 1) {
    if (rewritings === rewritingsMax)
      throw new DeskpulseError('LOG_UNAVAILABLE', 'dead letters that were removed come back')
    const { identities } = found
    // A rewriting decides without a pause, so it knows the letters again instead of looking into them.
    const isFound = (letter: DeadLetter): boolean =>
      sought.isTheirs(letter.tenant) && identities.has(identityOf(letter))
    await topic.rewrite((record) => withoutLetters(record, isFound))
    found = await findLetters(topic, sought)
  }
  return first
}
