import type { Announcement } from '@deskpulse/contract'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { alertRecordsOf, foldLog, type FoldOptions, recordOf } from '../testing/fold-log.ts'

const tenant = 'acme'
const startMs = Date.UTC(2026, 2, 2)
const at = (day: number): EpochMs => (startMs + day * dayMs) as EpochMs

let events = 0
const event = (timeMs: EpochMs, type: EventType, data: EventData): CanonicalEvent => ({
  ...{ type, id: `e-${(events += 1)}`, source: '/crm', timeMs, sequence: '0', tenant, data },
})
const period = { start: '2026-02-01', end: '2026-02-28' }
const items = { contactIds: ['c', 'd'], kpis: ['csat'] }
const filed = (appealId = 'p', day = 1) =>
  event(at(day), 'appeal.filed', {
    ...{ appealId, agentId: 'a-1', period, ...items, reason: 'not mine', filedBy: 'lin' },
  })
const decided = (decision: string, day = 2, data: EventData = {}) =>
  event(at(day), 'appeal.decided', { appealId: 'p', decision, decidedBy: 'lead', ...data })

type Step = readonly [day: number, ...events: CanonicalEvent[]]
type Told = { readonly id: string; readonly record: Extract<Announcement, { kind: 'appeal' }> }

/** What is told of appeals, which is the same however the log was cut, by whatever workers. */
async function told(...steps: readonly Step[]): Promise<readonly Told[]> {
  const log = steps.map(([day, ...held], offset) => recordOf(offset, at(day), held))
  const ways: FoldOptions[] = [
    { batchSizes: [1] },
    { batchSizes: [log.length] },
    { batchSizes: [1], restartAt: new Set(log.keys()) },
    { batchSizes: [2, 1], restartAt: new Set([1, 3]) },
  ]
  const all = await Promise.all(
    ways.map(async (way) =>
      alertRecordsOf(await foldLog(log, way)).flatMap(({ id, record }): Told[] =>
        record.kind === 'appeal' ? [{ id, record }] : [],
      ),
    ),
  )
  for (const other of all) expect(other).toEqual(all[0])
  return all[0]!
}

/** `p granted @2.0`: what happened, and the record of the log and the place that say it. */
const inShort = (all: readonly Told[]): string[] =>
  all.map(({ record: { announced, appeal } }) => {
    const what = appeal.decided?.decision ?? 'filed'
    return `${appeal.appealId} ${what} @${announced.offset}.${announced.index}`
  })

describe('people are told', () => {
  test('whose appeal it is, about what and why, and who decided it', async () => {
    const all = await told([1, filed()], [2, decided('granted', 2, { note: 'right' })])
    const appeal = {
      ...{ tenant, appealId: 'p', agentId: 'a-1', ...period, contacts: 2, scores: 0 },
      ...{ kpis: ['csat'], reason: 'not mine', filedMs: at(1), filedBy: 'lin' },
    }
    const granted = { atMs: at(2), by: 'lead', decision: 'granted', note: 'right' }
    expect(all).toEqual([
      {
        id: '0-0-acme-appeal-0',
        record: {
          ...{ kind: 'appeal', announced: { atMs: at(1), offset: 0, index: 0 } },
          appeal: { ...appeal, decided: null },
        },
      },
      {
        id: '0-1-acme-appeal-0',
        record: {
          ...{ kind: 'appeal', announced: { atMs: at(2), offset: 1, index: 0 } },
          appeal: { ...appeal, decided: granted },
        },
      },
    ])
  })

  test('of what each entry changed, also within one record of the log', async () => {
    const all = await told([2, filed('q'), filed(), decided('refused')], [3, filed('r')])
    expect(inShort(all)).toEqual(['q filed @0.0', 'p filed @0.1', 'p refused @0.2', 'r filed @1.0'])
  })

  test('of the last decision, of each that replaces it, and of what is granted in part', async () => {
    const all = await told(
      [1, filed()],
      [3, decided('refused', 3)],
      [4, decided('granted', 2)], // Before it: the last one stands.
      [5, decided('granted', 4, { contactIds: ['d'] })],
    )
    expect(inShort(all)).toEqual(['p filed @0.0', 'p refused @1.0', 'p partly-granted @3.0'])
  })

  test('nothing of a decision before there is an appeal: how it stands once it is filed', async () => {
    expect(inShort(await told([2, decided('granted')], [3, filed()]))).toEqual(['p granted @1.0'])
  })

  test('nothing again of an appeal that is filed again, or an event that is repeated', async () => {
    const [first, again, refused] = [filed(), filed('p', 2), decided('refused')]
    const all = await told([1, first], [2, again, first], [3, refused], [4, refused])
    expect(inShort(all)).toEqual(['p filed @0.0', 'p refused @2.0'])
  })
})
