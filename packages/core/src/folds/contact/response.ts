import type { ResponseLimits, TenantConfig } from '../../config/tenant-config.ts'
import type { Deadline, ReplyRow } from '../../subjects/row.ts'
import { secondMs, type EpochMs } from '../../time/time.ts'
import { creditOf, momentOf, putRow, type ContactContext } from './context.ts'
import { countsAsRequest, type ContactState, type OwedReply } from './state.ts'
import { endOwed, leaveLost } from './waits.ts'

/** The most specific limit of queue + channel + priority, queue + channel, queue, class (semantics 4). */
export function limitOf(
  config: TenantConfig,
  state: ContactState,
  clock: keyof ResponseLimits,
): number {
  let limit = config.limits[state.class][clock]
  let weight = -1
  for (const override of config.limitOverrides) {
    const value = override[clock]
    if (value === undefined) continue
    const matches =
      (override.queue === undefined || override.queue === state.queue) &&
      (override.channel === undefined || override.channel === state.channel) &&
      (override.priority === undefined || override.priority === state.attributes.priority)
    const itsWeight =
      (override.queue === undefined ? 0 : 4) +
      (override.channel === undefined ? 0 : 2) +
      (override.priority === undefined ? 0 : 1)
    if (matches && itsWeight > weight) {
      limit = value
      weight = itsWeight
    }
  }
  return limit
}

/** Opens an owed reply unless one is open: more customer messages meanwhile do not restart it (semantics 6). A lost one is none. Calls and contacts that are over owe none. `sinceMs` may lie before the event that makes it owed. */
export function owe(context: ContactContext, sinceMs: EpochMs): void {
  const { state, config } = context
  if (state.class === 'voice' || state.phase !== 'open' || !countsAsRequest(state)) return
  if (state.lost) leaveLost(state)
  if (state.owed !== null) return
  const first = state.explicit && state.inbound && state.owedCount === 0 && state.reopenings === 0
  state.owed = {
    ordinal: state.owedCount,
    sinceMs,
    dueMs: (sinceMs + limitOf(config, state, first ? 'firstResponseMs' : 'replyMs')) as EpochMs,
    lostAtMs: (sinceMs + config.waitMaxMs[state.class]) as EpochMs,
    first,
    missed: false,
    pendingSeconds: [...config.thresholdsSeconds].sort((a, b) => a - b),
  }
  state.owedCount += 1
}

/** A public, human, not automatic message answers what is owed; credit to the queue of now and to its writer. */
export function answer(context: ContactContext, atMs: EpochMs, writer: string | null): void {
  const { state } = context
  const { owed, queue } = state
  if (owed === null) return
  const answered = { atMs, credit: creditOf(state, { queue, agent: writer }) }
  const within: Deadline = { ...answered, isWithin: true }
  const row = replyRow(context, owed)
  const thresholds = [
    ...row.thresholds,
    ...owed.pendingSeconds.map((seconds) => ({ ...within, seconds })),
  ]
  putRow(context, { ...row, answered, due: row.due ?? within, thresholds, lost: null })
  endOwed(context.state, atMs)
}

/** Abandon, resolve, close, end, or a bot that takes over: before the limit it is neither answered nor missed. */
export function cancelOwed(context: ContactContext, atMs: EpochMs): void {
  const { owed } = context.state
  if (owed === null) return
  const cancelled = owed.missed ? null : momentOf(context, atMs)
  putRow(context, { ...replyRow(context, owed), cancelled, lost: null })
  endOwed(context.state, atMs)
}

/** The next instant at which the owed reply changes by time alone: its limit or a threshold. */
export function nextDueMs(owed: OwedReply): EpochMs | null {
  const threshold = owed.pendingSeconds[0]
  const thresholdMs = threshold === undefined ? Infinity : owed.sinceMs + threshold * secondMs
  const nextMs = Math.min(thresholdMs, owed.missed ? Infinity : owed.dueMs)
  return nextMs === Infinity ? null : (nextMs as EpochMs)
}

/** What passes at `atMs` unanswered is missed, for good. */
export function passDue(context: ContactContext, atMs: EpochMs): void {
  const { owed } = context.state
  if (owed === null) return
  const missed: Deadline = { ...momentOf(context, atMs), isWithin: false }
  if (!owed.missed && owed.dueMs === atMs) {
    owed.missed = true
    putRow(context, { ...replyRow(context, owed), due: missed })
  }
  const seconds = owed.pendingSeconds[0]
  if (seconds === undefined || owed.sinceMs + seconds * secondMs !== atMs) return
  const row = replyRow(context, owed)
  putRow(context, { ...row, thresholds: [...row.thresholds, { ...missed, seconds }] })
  owed.pendingSeconds.shift()
}

/** What is owed is given up at `atMs`. */
export function loseOwed(context: ContactContext, owed: OwedReply, atMs: EpochMs): void {
  putRow(context, { ...replyRow(context, owed), lost: momentOf(context, atMs) })
}

/** The row of what is owed, as it was last told. */
function replyRow(
  { rows }: ContactContext,
  { ordinal, sinceMs, dueMs, first }: OwedReply,
): ReplyRow {
  const told = rows.get(`reply/${ordinal}`)
  if (told?.grain === 'reply') return told
  return {
    grain: 'reply',
    ordinal,
    sinceMs,
    dueMs,
    first,
    answered: null,
    cancelled: null,
    due: null,
    thresholds: [],
    lost: null,
  }
}
