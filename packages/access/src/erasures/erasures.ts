import { randomBytes } from 'node:crypto'
import { decodeAccessRecord, type ErasureRecord } from '@deskpulse/contract'
import { refuse } from '@deskpulse/runtime'
import { DeskpulseError, type EventLog, type Offset, type PartitionId } from '@deskpulse/stream'

/** Customers whom answers no longer name. Values count them as before. */
export type Erasures = {
  /** The word in the place of a customer; `undefined`: the customer was not erased. */
  shownAs(tenant: string, pseudonym: string): string | undefined
  /** The customer in whose place the word stands. */
  pseudonymOf(tenant: string, shownAs: string): string | undefined
  /** It changes with every customer who is erased: answers from before are not to be given again. */
  revision(): number
  /** Of a tenant. */
  count(tenant: string): number
  /** Resolves when the topic has it, and this process, too. Again changes nothing. @returns the word. @throws Refused limit-reached, the log's error */
  erase(tenant: string, pseudonym: string): Promise<string>
  /** Takes over what the topic has. */
  take(record: ErasureRecord): void
}

export type ErasuresDeps = {
  readonly put: (record: ErasureRecord) => Promise<void>
  readonly nowMs: () => number
  /** Of a tenant. Those that the topic has past it, since several processes erased at once, are taken over. Default: 100,000. */
  readonly pseudonymsMax?: number
}

/** Every process has them all in memory, some 15 MB. */
const pseudonymsDefaultMax = 100_000

/** A word of its own for each, so that rows of two customers stay those of two. Nothing of the customer follows from it. */
const newWord = (): string => `erased-${randomBytes(8).toString('hex')}`

export function erasures(deps: ErasuresDeps): Erasures {
  const { put, nowMs, pseudonymsMax = pseudonymsDefaultMax } = deps
  /** By tenant. */
  const words = new Map<string, Map<string, string>>()
  const pseudonyms = new Map<string, Map<string, string>>()
  let revision = 0
  const shownAs = (tenant: string, pseudonym: string): string | undefined =>
    words.get(tenant)?.get(pseudonym)

  const count = (tenant: string): number => words.get(tenant)?.size ?? 0

  return {
    shownAs,
    pseudonymOf: (tenant, word) => pseudonyms.get(tenant)?.get(word),
    revision: () => revision,
    count,
    async erase(tenant, pseudonym) {
      const known = shownAs(tenant, pseudonym)
      if (known !== undefined) return known
      if (count(tenant) >= pseudonymsMax)
        refuse('limit-reached', `${pseudonymsMax} pseudonyms of the tenant are erased already`)
      const word = newWord()
      await put({ kind: 'erasure', tenant, pseudonym, shownAs: word, atMs: nowMs() })
      return shownAs(tenant, pseudonym) ?? word
    },
    take({ tenant, pseudonym, shownAs: word }) {
      words.getOrInsertComputed(tenant, () => new Map()).set(pseudonym, word)
      pseudonyms.getOrInsertComputed(tenant, () => new Map()).set(word, pseudonym)
      revision += 1
    },
  }
}

/** Of a process that has no topic of them. */
export const noErasures = (): Erasures =>
  erasures({ put: () => Promise.reject(new Error('nobody is erased here')), nowMs: Date.now })

const partition = 0 as PartitionId
const pageRecords = 1_000

/** Those that a log has now: none where it has no such topic. @throws the log's error */
export async function readErasures(
  log: Pick<EventLog, 'read'>,
  topic: string,
): Promise<Pick<Erasures, 'shownAs'>> {
  const found = noErasures()
  try {
    for (let next = 0 as Offset; ;) {
      const records = await log.read(topic, partition, next, pageRecords)
      if (records.length === 0) return found
      for (const { value, offset } of records) {
        const record = value === null ? null : decodeAccessRecord(value)
        if (record?.kind === 'erasure') found.take(record)
        next = (offset + 1) as Offset
      }
    }
  } catch (error) {
    if (error instanceof DeskpulseError && error.code === 'LOG_TOPIC_UNKNOWN') return found
    throw error
  }
}
