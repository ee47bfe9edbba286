import { closestMatch } from 'leven'

/** Longer words are compared by their beginning: what a sender made up must not cost much. */
const comparedMax = 64

/**
 * The known word that a mistyped or unfinished one most likely means; `null` when none is near: more than a third of it would have to change (of a short
 * one more than two letters, or all). Case is no difference. Of equally near words the first.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const typed = word.slice(0, comparedMax).toLowerCase()
  if (typed.length < 2) return null
  const candidates = known.map((candidate) => candidate.toLowerCase())
  const finished = candidates.findIndex((candidate) => candidate.startsWith(typed))
  if (finished >= 0) return known[finished]!
  const maxDistance = Math.min(Math.max(2, Math.floor(typed.length / 3)), typed.length - 1)
  const found = closestMatch(typed, candidates, { maxDistance })
  return found === undefined ? null : known[candidates.indexOf(found)]!
}
