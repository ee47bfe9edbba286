import type { AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { changeOfAlert, removalOf } from './alert-changes.ts'
import type { AlertState } from './alert-state.ts'
import {
  dueListKey,
  endedListKey,
  firingListKey,
  historyListKey,
  openListKey,
  scoreOf,
} from './keys.ts'

const ref = { tenant: 'acme', alertId: 'a-1' }
const nowMs = 5_000 as EpochMs
const firing = { status: 'firing', startedMs: 1_000, endedMs: null } as AlertTransition
const resolved = { status: 'resolved', startedMs: 1_000, endedMs: 4_000 } as AlertTransition

const alert = (change: Partial<AlertState> = {}): AlertState => ({
  ...{
    alertId: 'a-1',
    transition: firing,
    takenMs: nowMs,
    acknowledged: null,
    told: null,
    why: null,
    nextMs: null,
    isFinal: false,
  },
  ...change,
})

/** Where it is put (a score) or taken out (`null`), by list. */
function lists(
  before: AlertState | null,
  after: AlertState,
  askedMs: number | null = null,
): Record<string, number | null> {
  const { lists: changes } = changeOfAlert(ref, before, after, nowMs, askedMs as EpochMs | null)
  return Object.fromEntries(changes.map(({ key, score }) => [key, score]))
}

describe('the lists of an alert', () => {
  const [inFiring, inHistory, inEnded, inOpen] = [
    firingListKey,
    historyListKey,
    endedListKey,
    openListKey,
  ].map((key) => key('acme'))

  test('a new one fires, the newest first, and is open as of now; until it is asked about again it stays where it is', () => {
    expect(lists(null, alert())).toEqual({ [inFiring!]: -1_000, [inOpen!]: scoreOf(nowMs) })
    expect(lists(alert(), alert())).toEqual({ [inFiring!]: -1_000 })
    expect(lists(alert(), alert(), 7_000)).toEqual({
      [inFiring!]: -1_000,
      [inOpen!]: scoreOf(7_000 as EpochMs),
    })
  })

  test('one that ends leaves those that fire and is history as of its end, once', () => {
    const over = alert({ transition: resolved })
    expect(lists(alert(), over)).toEqual({ [inFiring!]: null, [inHistory!]: -4_000 })
    expect(lists(over, over)).toEqual({})
  })

  test('it may be forgotten once it is over and nothing more is told of it', () => {
    const over = alert({ transition: resolved })
    expect(lists(over, { ...over, isFinal: true })).toEqual({ [inEnded!]: nowMs, [inOpen!]: null })
    expect(lists(alert(), alert({ isFinal: true }))).toEqual({
      [inFiring!]: -1_000,
      [inOpen!]: null,
    })
  })

  test('it is due when its next question is, and not any more when it has none', () => {
    const due = alert({ nextMs: 9_000 as EpochMs })
    expect(lists(alert(), due)[dueListKey]).toBe(scoreOf(9_000 as EpochMs))
    expect(lists(due, due)).not.toHaveProperty(dueListKey)
    expect(lists(due, alert())[dueListKey]).toBeNull()
  })

  test('one that is removed is in none of them, and its record is gone', () => {
    const { lists: changes, puts } = removalOf(ref)
    expect(new Set(changes.map(({ key, score }) => [key, score].join()))).toEqual(
      new Set([inFiring, inHistory, inEnded, inOpen, dueListKey].map((key) => `${key},`)),
    )
    expect(puts).toMatchObject([{ bytes: null }])
  })
})
