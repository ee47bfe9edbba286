import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { measures } from '@deskpulse/core/kpis'
import { countOf, durationOf, emptyMerged, mergeRecord } from '@deskpulse/core/measures'
import { calendarOf } from '@deskpulse/core/time'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import { dayRecordsOf } from '../../packages/engine/src/testing/measures.ts'
import { helpdeskEvents, helpdeskLog, helpdeskPath, tenant } from './support/helpdesk.ts'

type Month = {
  opened: number
  resolutions: number
  resolved: number
  resolutionMs: number
  reopened: number
}

async function countedByMonth(events: readonly CanonicalEvent[]): Promise<Map<string, Month>> {
  const store = await foldLog(helpdeskLog(events), { batchSizes: [3, 1, 7] })
  expect(store.out).toEqual([])
  const calendar = calendarOf('Europe/Rome')
  const months = new Map<string, Month>()
  for (const { bucketStartMs, record } of dayRecordsOf(store, tenant, 'all')) {
    expect(calendar.dayStart(bucketStartMs)).toBe(bucketStartMs)
    const name = Temporal.Instant.fromEpochMilliseconds(bucketStartMs)
      .toZonedDateTimeISO('Europe/Rome')
      .toPlainDate()
      .toPlainYearMonth()
      .toString()
    const month = months.get(name) ?? {
      opened: 0,
      resolutions: 0,
      resolved: 0,
      resolutionMs: 0,
      reopened: 0,
    }
    const merged = emptyMerged()
    mergeRecord(merged, record)
    month.opened += Number(countOf(merged, measures.contactOpened))
    month.resolutions += Number(countOf(merged, measures.resolution))
    month.resolved += Number(countOf(merged, measures.contactResolved))
    month.reopened += Number(countOf(merged, measures.reopening))
    month.resolutionMs += Number(durationOf(merged, measures.resolutionTimeFromRequest).sum)
    months.set(name, month)
  }
  return months
}

describe.skipIf(!existsSync(helpdeskPath))('the help desk log', () => {
  test('folds to the figures that were computed independently, month by month in Rome, in any order and however often it comes', async () => {
    const events = await helpdeskEvents()
    const once = await countedByMonth(events)
    const total = (field: keyof Month): number =>
      once.values().reduce((sum, month) => sum + month[field], 0)
    expect([total('opened'), total('resolutions'), total('resolved'), total('reopened')]).toEqual([
      4_580, 4_983, 4_569, 158,
    ])
    expect(once.get('2010-01')).toMatchObject({
      opened: 22,
      resolutions: 14,
      resolved: 13,
      resolutionMs: 5_721_561_000,
    })
    expect(once.get('2012-10')).toMatchObject({
      opened: 42,
      resolutions: 39,
      resolved: 36,
      resolutionMs: 82_863_626_000,
    })

    expect(await countedByMonth([...events, ...events])).toEqual(once)
    expect(sorted(await countedByMonth([...events].reverse()))).toEqual(sorted(once))
  })
})

function sorted(months: ReadonlyMap<string, Month>): [string, Month][] {
  return [...months].sort(([a], [b]) => (a < b ? -1 : 1))
}
