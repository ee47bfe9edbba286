import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { AgentTimeRow, StaffingRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { inProportion, inTurns, shareOut, type Piece } from './share-out.ts'

/**
 * The staffed time of an agent's quarter-hour that is over, by the queues that it went to: in proportion to the handling in each, every millisecond of which is
 * shared out among the contacts of that moment. Where no contact says where the agent handled, the agent's own queues have equal parts; `null`: no queue.
 * @param rows of the agent's time in the quarter-hour
 * @param creditIn of the agent in a queue
 */
export function staffingRows(
  startMs: EpochMs,
  rows: readonly AgentTimeRow[],
  pieces: readonly Piece[],
  creditIn: (queue: string | null) => DimensionSet,
): StaffingRow[] {
  const staffed = rows.filter((row) => row.class !== 'not_ready')
  if (staffed.length === 0) return []
  const handled = handledIn(staffed, pieces)
  const parts = handled.size > 0 ? byHandling(staffed, handled) : byOwnQueues(staffed)
  return [...parts]
    .filter(([, staffedMs]) => staffedMs > 0)
    .map(([queue, staffedMs]) => ({
      grain: 'staffing',
      startMs,
      queue,
      staffedMs,
      credit: creditIn(queue),
    }))
}

type ByQueue = Map<string | null, number>

function handledIn(staffed: readonly AgentTimeRow[], pieces: readonly Piece[]): ByQueue {
  const handled: ByQueue = new Map()
  for (const { contacts, fromMs, toMs } of staffed) {
    if (contacts === 0) continue
    shareOut(pieces, fromMs, toMs, ({ queue }, ms) => add(handled, queue, ms))
  }
  return handled
}

function byHandling(staffed: readonly AgentTimeRow[], handled: ByQueue): ByQueue {
  const staffedMs = staffed.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0)
  const queues = inOrder([...handled.keys()])
  const parts = inProportion(
    staffedMs,
    queues.map((queue) => handled.get(queue)!),
  )
  return new Map(queues.map((queue, place) => [queue, parts[place]!]))
}

function byOwnQueues(staffed: readonly AgentTimeRow[]): ByQueue {
  const parts: ByQueue = new Map()
  for (const { fromMs, toMs, credit } of staffed) {
    const queues = [credit.queue ?? null].flat()
    const equal = inTurns(fromMs, toMs, queues.length) // Wherever rows are cut.
    for (const [place, queue] of queues.entries()) add(parts, queue, equal[place]!)
  }
  return parts
}

function add(parts: ByQueue, queue: string | null, ms: number): void {
  if (ms > 0) parts.set(queue, (parts.get(queue) ?? 0) + ms)
}

/** No queue comes first. */
const inOrder = (queues: readonly (string | null)[]): (string | null)[] =>
  queues.toSorted((a, b) => (a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1))
