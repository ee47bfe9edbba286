import { hashOf, heldOpen, type OpenAnswer, type OpenQuestion } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { HashQuery, Snapshot } from '@deskpulse/stream'

/** Answers from hashes as one read brought them, the first ones of it being those that were asked for. */
export function openAnswers(
  asked: readonly HashQuery[],
  hashes: Snapshot['hashes'],
  logTimeMs: EpochMs,
): (question: OpenQuestion) => OpenAnswer {
  const held = new Map(
    asked.map(({ key }, place) => {
      const one = heldOpen(key)
      for (const [field, bytes] of hashes[place]?.fields ?? []) one.put(field, bytes)
      return [key, one]
    }),
  )
  return (question) => held.get(hashOf(question))!.answer(question, logTimeMs)
}
