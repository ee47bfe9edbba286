import type { EpochMs } from '@deskpulse/core/time'
import type { ListChange } from '@deskpulse/stream'
import type { LedgerChange } from '../partition/ledger.ts'
import { type AlertState, encodeAlert } from './alert-state.ts'
import {
  alertKey,
  type AlertRef,
  dueListKey,
  endedListKey,
  firingListKey,
  historyListKey,
  memberOf,
  openListKey,
  scoreOf,
} from './keys.ts'
import { recordKeptMs } from './limits.ts'

const isFiring = (alert: AlertState | null): boolean => alert?.transition.status === 'firing'

const isDone = (alert: AlertState | null): boolean =>
  alert?.transition.status === 'resolved' && alert.isFinal

/** What is written so that record and lists say `after`; `askedMs`: when it was asked about, `null` if it was not. */
export function changeOfAlert(
  ref: AlertRef,
  before: AlertState | null,
  after: AlertState,
  nowMs: EpochMs,
  askedMs: EpochMs | null,
): LedgerChange {
  const { tenant, alertId } = ref
  const { status, startedMs, endedMs } = after.transition
  const lists: ListChange[] = []
  const list = (key: string, score: number | null): void =>
    void lists.push({ key, member: alertId, score })

  if (status === 'firing') list(firingListKey(tenant), 0 - startedMs)
  else if (isFiring(before)) list(firingListKey(tenant), null)
  if (status === 'resolved' && before?.transition.status !== 'resolved') {
    list(historyListKey(tenant), 0 - (endedMs ?? startedMs))
  }
  // While its end is still to be told, it must not leave.
  if (isDone(after) && !isDone(before)) list(endedListKey(tenant), nowMs)
  if (after.isFinal) list(openListKey(tenant), null)
  else if (askedMs !== null || before === null) list(openListKey(tenant), scoreOf(askedMs ?? nowMs))
  if (after.nextMs !== (before?.nextMs ?? null)) {
    lists.push({
      key: dueListKey,
      member: memberOf(ref),
      score: after.nextMs === null ? null : scoreOf(after.nextMs),
    })
  }
  const bytes = encodeAlert(after)
  const put = {
    key: alertKey(tenant, alertId),
    bytes,
    ...(status === 'resolved' && { expiresInMs: recordKeptMs }),
  }
  return { puts: [put], lists, out: [] }
}

/** What is written so that nothing of the alert is left. */
export function removalOf(ref: AlertRef): LedgerChange {
  const { tenant, alertId } = ref
  const keys = [
    firingListKey(tenant),
    historyListKey(tenant),
    endedListKey(tenant),
    openListKey(tenant),
  ]
  const lists = keys.map((key): ListChange => ({ key, member: alertId, score: null }))
  return {
    puts: [{ key: alertKey(tenant, alertId), bytes: null }],
    lists: [...lists, { key: dueListKey, member: memberOf(ref), score: null }],
    out: [],
  }
}
