import type { EpochMs } from '../../time/time.ts'

/** A contact engages an agent, [startMs, endMs), in a queue; `null`: in none. */
export type Piece = {
  readonly contactId: string
  readonly queue: string | null
  readonly startMs: number
  readonly endMs: number
}

/**
 * Shares [fromMs, toMs) out equally among the pieces that it lies in, at most one of each contact: its milliseconds are whole, and go to the contacts of the moment
 * in turns, in the order of their ids. What a piece gets follows from the pieces alone, wherever the time is cut; together it is all that they cover.
 * @param pieces in any order
 */
export function shareOut<Of extends Piece>(
  pieces: Iterable<Of>,
  fromMs: EpochMs,
  toMs: EpochMs,
  give: (piece: Of, ms: number) => void,
): void {
  const inside: Of[] = []
  const cuts: number[] = []
  for (const piece of pieces) {
    const { startMs, endMs } = piece
    if (startMs >= toMs || endMs <= fromMs) continue
    inside.push(piece)
    cuts.push(Math.max(startMs, fromMs), Math.min(endMs, toMs))
  }
  inside.sort((a, b) => (a.contactId < b.contactId ? -1 : a.contactId > b.contactId ? 1 : 0))
  cuts.sort((a, b) => a - b)
  for (let at = 1; at < cuts.length; at += 1) {
    const [startMs, endMs] = [cuts[at - 1]!, cuts[at]!]
    if (startMs === endMs) continue
    let of = 0
    for (const piece of inside) if (covers(piece, startMs, endMs)) of += 1
    let turn = 0
    for (const piece of inside) {
      if (!covers(piece, startMs, endMs)) continue
      give(piece, turnsBefore(endMs, turn, of) - turnsBefore(startMs, turn, of))
      turn += 1
    }
  }
}

const covers = (piece: Piece, startMs: number, endMs: number): boolean =>
  piece.startMs <= startMs && piece.endMs >= endMs

/** What each of so many gets of [fromMs, toMs) by equal turns, wherever the time is cut. */
export const inTurns = (fromMs: EpochMs, toMs: EpochMs, of: number): number[] =>
  Array.from(
    { length: of },
    (_, turn) => turnsBefore(toMs, turn, of) - turnsBefore(fromMs, turn, of),
  )

/** How many milliseconds before an instant have this turn of so many. */
const turnsBefore = (atMs: number, turn: number, of: number): number =>
  Math.ceil((atMs - turn) / of)

/** Parts of a whole amount in proportion to weights that are not all 0, whole themselves: together they are the amount. */
export function inProportion(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let [before, given] = [0, 0]
  return weights.map((weight) => {
    before += weight
    const byThen = Math.floor((amount * before) / total)
    const part = byThen - given
    given = byThen
    return part
  })
}
