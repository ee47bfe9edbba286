import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { alertsListedMax, type DryRunAlert, dryRunOf } from './result.ts'

const covered = { fromMs: 0 as EpochMs, toMs: 1_000 as EpochMs, entries: 3 }

function alertOf(
  subject: string,
  startedMs: number,
  changes: Partial<DryRunAlert> = {},
): DryRunAlert {
  const times = { sinceMs: 0 as EpochMs, startedMs: startedMs as EpochMs, endedMs: null }
  return { subject, slice: 'all', ...times, end: null, value: 1, late: false, ...changes }
}

test('those that would have notified somebody are counted for themselves: neither late nor retracted', () => {
  const alerts = [
    alertOf('late', 1, { late: true }),
    alertOf('retracted', 2, { end: 'retracted' }),
    alertOf('both', 3, { late: true, end: 'retracted' }),
    alertOf('over', 4, { end: 'over' }),
    alertOf('firing', 5),
  ]
  expect(dryRunOf(alerts, covered, [])).toMatchObject({ count: 5, notified: 2 })
})

test('they are listed first, each part by its start, so that no crowd of late ones hides them', () => {
  const crowd = Array.from({ length: alertsListedMax }, (_, n) =>
    alertOf(`late-${n}`, n, { late: true }),
  )
  const { alerts } = dryRunOf(
    [...crowd, alertOf('second', 900), alertOf('first', 800)],
    covered,
    [],
  )
  expect(alerts.slice(0, 3).map(({ subject }) => subject)).toEqual(['first', 'second', 'late-0'])
  expect(alerts).toHaveLength(alertsListedMax)
})
