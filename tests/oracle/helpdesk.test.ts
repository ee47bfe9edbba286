import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { measures } from '@deskpulse/core/kpis'
import { countOf, durationOf, emptyMerged, mergeRecord } from '@deskpulse/core/measures'
import { calendarOf, closedKinds, type EpochMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { closedMessages } from '../../packages/engine/src/testing/closed.ts'
import { foldLog, recordOf } from '../../packages/engine/src/testing/fold-log.ts'
import { dayRecordsOf } from '../../packages/engine/src/testing/measures.ts'
import {
  appendedAtMs,
  helpdeskEvents,
  helpdeskLog,
  helpdeskPath,
  tenant,
} from './support/helpdesk.ts'

type Month = {
  opened: number
  resolutions: number
  resolved: number
  resolutionMs: number
  reopened: number
}

async function countedByMonth(events: readonly CanonicalEvent[]): Promise<Map<string, Month>> {
  const store = await foldLog(helpdeskLog(events), { batchSizes: [3, 1, 7] })
  expect(store.out.filter(({ topic }) => topic !== 'deskpulse.closed')).toEqual([])
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

/** A back-fill of a quarter of an hour of log time, then nothing but time. */
function backfill(events: readonly CanonicalEvent[], perRecord: number): LogRecord[] {
  const [config] = helpdeskLog([])
  const records = [config!]
  const add = (afterMs: number, some: readonly CanonicalEvent[]): void =>
    void records.push(recordOf(records.length, (appendedAtMs + afterMs) as EpochMs, some))
  for (let at = 0; at < events.length; at += perRecord)
    add((at / perRecord) * 2_000, events.slice(at, at + perRecord))
  const lastMs = records.at(-1)!.appendedAtMs - appendedAtMs
  for (let minute = 1; minute <= 120; minute += 1) add(lastMs + minute * 60_000, [])
  return records
}

describe.skipIf(!existsSync(helpdeskPath))('a back-fill of ten years', () => {
  test('issues each period a bounded number of times, all of it within the hour, and ends in what is counted', async () => {
    const events = await helpdeskEvents()
    const store = await foldLog(backfill(events, 50), { batchSizes: [10] })
    const issued = closedMessages(store)
    const revisions = new Map<string, number>()
    for (const { kind, start, slice } of issued) {
      const place = `${kind} ${start} ${slice}`
      revisions.set(place, (revisions.get(place) ?? 0) + 1)
    }
    const figures = Object.fromEntries(
      closedKinds.map((kind) => {
        const counts = [...revisions].flatMap(([place, n]) => (place.startsWith(kind) ? [n] : []))
        return [kind, { slices: counts.length, issues: counts.reduce((a, b) => a + b, 0) }]
      }),
    )
    if (process.env['FIGURES'] !== undefined) console.log(figures, Math.max(...revisions.values()))
    expect(figures['hour']).toEqual({ slices: 0, issues: 0 }) // Their quarters are no longer kept.
    expect(Math.max(...revisions.values())).toBeLessThanOrEqual(8) // It takes a quarter of an hour, and no day twice in two minutes.
    const opened = issued
      .filter(({ kind, slice }) => kind === 'year' && slice === 'all')
      .reduce(
        (last, { start, measures: held }) => last.set(start, Number(held['contactOpened'])),
        new Map<string, number>(),
      )
    expect(opened.values().reduce((sum, n) => sum + n, 0)).toBe(4_580)
  })
})

function sorted(months: ReadonlyMap<string, Month>): [string, Month][] {
  return [...months].sort(([a], [b]) => (a < b ? -1 : 1))
}
