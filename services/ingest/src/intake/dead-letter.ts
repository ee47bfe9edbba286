import {
  type DeadLetter,
  type Original,
  reasonOfRefusal,
  type RefusedInput,
  tenantName,
} from '@deskpulse/contract'
import type { EventLog, PartitionId } from '@deskpulse/stream'
import { type LetterGroup, letterGroup } from './letter-group.ts'

/** What a refused input weighs in memory beside its original until it is durable: of a flood of tiny ones the most. */
export const refusedInputBytes = 512

export type NewLetter = {
  readonly original: Original
  readonly refusal: RefusedInput
  /** That it was sent to; else the one that it names counts. */
  readonly tenant: string | undefined
  readonly receivedAtMs: number
}

/** Resolves when the topic has the letter. */
export type DeadLetters = { write(letter: NewLetter): Promise<void> }

function letterOf({
  original,
  refusal,
  tenant = refusal.tenant,
  receivedAtMs,
}: NewLetter): DeadLetter {
  const { code, path, source = null } = refusal
  return {
    ...{ original, code, path, reason: reasonOfRefusal(refusal), source },
    tenant: tenantName.safeParse(tenant).data ?? null,
    ...{ firstMs: receivedAtMs, lastMs: receivedAtMs, times: 1, place: null },
  }
}

/** One append of one group at a time; what comes meanwhile, and what comes in one turn of the event loop, is grouped: a flood of garbage costs few bytes. */
export function deadLetters(log: Pick<EventLog, 'append'>, topic: string): DeadLetters {
  /** The last one is being filled. */
  const groups: LetterGroup[] = []
  let isDraining = false

  async function drain(): Promise<void> {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      try {
        await log.append(topic, 0 as PartitionId, [group.record()])
        group.done.resolve()
      } catch (error) {
        group.done.reject(error)
      }
    }
    isDraining = false
  }

  function groupWith(letter: DeadLetter): LetterGroup {
    const filling = groups.at(-1)
    if (filling?.add(letter) === true) return filling
    const next = letterGroup()
    next.add(letter)
    groups.push(next)
    return next
  }

  return {
    write(letter) {
      const group = groupWith(letterOf(letter))
      if (!isDraining) setImmediate(() => void drain())
      isDraining = true
      return group.done.promise
    },
  }
}
