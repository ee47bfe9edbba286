import { formatTime, type Original, originalHeaders, reasonOfRefusal, type Refusal, tenantName } from '@deskpulse/contract'
import type { EventLog, NewRecord, PartitionId } from '@deskpulse/stream'

export const deadLetterLimits = {
  /** Records of one append. */
  appendBytesMax: 1024 * 1024,
  /** What a letter weighs beside its original, in an append as in memory: its headers are longer than the garbage of a flood. */
  headersBytes: 512,
} as const

export type DeadLetter = {
  readonly original: Original
  readonly refusal: Refusal
  readonly tenant?: string
  readonly receivedAtMs: number
}

/** The record of the dead-letter topic: the original bytes as its value, what is known of them in its headers. */
export function deadLetterRecord({ original, refusal, tenant, receivedAtMs }: DeadLetter): NewRecord {
  const known = tenant !== undefined && tenantName.safeParse(tenant).success ? tenant : null
  const headers: Record<string, string> = {
    ...originalHeaders(original),
    code: refusal.code,
    path: refusal.path,
    reason: reasonOfRefusal(refusal),
    receivedAt: formatTime(receivedAtMs),
  }
  if (known !== null) headers['tenant'] = known
  return { key: known, value: original.bytes, headers }
}

/** Resolves when the topic has the letter. */
export type DeadLetters = { write(letter: DeadLetter): Promise<void> }

type Waiting = { readonly record: NewRecord; readonly done: PromiseWithResolvers<void> }

function take(waiting: Waiting[]): Waiting[] {
  let bytes = 0
  const end = waiting.findIndex(
    ({ record }) => (bytes += (record.value?.length ?? 0) + deadLetterLimits.headersBytes) > deadLetterLimits.appendBytesMax,
  )
  return waiting.splice(0, end < 0 ? waiting.length : Math.max(1, end))
}

/** One append at a time; what comes meanwhile goes with the next, so that a flood of garbage costs few appends. */
export function deadLetters(log: Pick<EventLog, 'append'>, topic: string): DeadLetters {
  const waiting: Waiting[] = []
  let isAppending = false

  async function drain(): Promise<void> {
    isAppending = true
    while (waiting.length > 0) {
      const batch = take(waiting)
      try {
        await log.append(
          topic,
          0 as PartitionId,
          batch.map(({ record }) => record),
        )
        for (const { done } of batch) done.resolve()
      } catch (error) {
        for (const { done } of batch) done.reject(error)
      }
    }
    isAppending = false
  }

  return {
    write(letter) {
      const done = Promise.withResolvers<void>()
      waiting.push({ record: deadLetterRecord(letter), done })
      if (!isAppending) void drain()
      return done.promise
    },
  }
}
