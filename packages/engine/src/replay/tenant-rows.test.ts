import type { CanonicalEvent } from '@deskpulse/core/events'
import { contribute, measures } from '@deskpulse/core/kpis'
import { countOf, emptyMerged, mergeRecord } from '@deskpulse/core/measures'
import { keyOfRow } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryEvents, hour, logOf, startMs } from '../testing/arbitrary-logs.ts'
import { dayRecordsOf } from '../testing/measures.ts'
import { OwnRecords } from './own-records.ts'
import { TenantReplay } from './tenant-replay.ts'
import { TenantRows } from './tenant-rows.ts'

const tenant = 'acme'

/** All that the events tell, long after the last of them. */
async function replayed(events: readonly CanonicalEvent[], perRecord: readonly number[]) {
  const rows = new TenantRows()
  const replay = new TenantReplay({ rowChanged: rows.changed })
  const own = new OwnRecords(tenant)
  await replay.fold(logOf(events, perRecord, 30_000, 30 * hour).map((one) => own.next(one)))
  await replay.passTo((startMs + 90 * dayMs) as EpochMs)
  return { rows, store: replay.store }
}

const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
const anyOrder = arbitraryEvents.chain((events) =>
  fc.tuple(
    fc.constant(events),
    fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
  ),
)

test('rows follow from the events alone, past the lifetimes of their subjects too', async () => {
  await fc.assert(
    fc.asyncProperty(anyOrder, cuts, async ([events, more], perRecord) => {
      const once = await replayed(events, [events.length])
      const other = await replayed([...more, ...events], perRecord)
      expect([...other.rows.all()]).toEqual([...once.rows.all()])
      expect([...once.rows.all()]).toHaveLength(once.rows.size)
    }),
    { numRuns: 60 },
  )
})

test('what the rows add comes to what was counted', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEvents, cuts, async (events, perRecord) => {
      const { rows, store } = await replayed(events, perRecord)
      let opened = 0
      for (const { row } of rows.all())
        contribute(row, (measure, _at, value) => {
          if (measure === measures.contactOpened) opened += value
        })
      const counted = emptyMerged()
      for (const { record } of dayRecordsOf(store, tenant, 'all')) mergeRecord(counted, record)
      expect(opened).toBe(countOf(counted, measures.contactOpened))
    }),
    { numRuns: 40 },
  )
})

test('rows that are not wanted are not kept', async () => {
  const rows = new TenantRows(({ grain }) => grain === 'contact')
  const replay = new TenantReplay({ rowChanged: rows.changed })
  const own = new OwnRecords(tenant)
  const events = (['contact.opened', 'contact.resolved'] as const).map((type, n) => ({
    ...{ type, id: `e-${n}`, source: '/test', sequence: '0', tenant },
    timeMs: (startMs + n * 1_000) as EpochMs,
    data: { contactId: 'c-1', channel: 'chat' },
  }))
  await replay.fold(logOf(events, [2], 0, hour).map((one) => own.next(one)))
  expect(Array.from(rows.all(), ({ subject, row }) => [subject, keyOfRow(row)])).toEqual([
    [{ kind: 'contact', id: 'c-1' }, 'contact'],
  ])
})
