import type { CanonicalEvent } from '@deskpulse/core/events'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { decodeAlertRecord } from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { LogRecord } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  agentRule,
  asks,
  at,
  contactRule,
  isIn,
  logOf,
  opened,
  proposals,
  told,
} from '../testing/alert-log.ts'
import { arbitraryEvents, hour, liveLogOf, startMs } from '../testing/arbitrary-logs.ts'
import { foldLog, openOf, recordOf } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import { OwnRecords } from './own-records.ts'
import { replayTopics, TenantReplay, type TenantReplayOptions } from './tenant-replay.ts'

const tenant = 'acme'

async function replayed(
  records: readonly LogRecord[],
  options: TenantReplayOptions = {},
): Promise<TenantReplay> {
  const own = new OwnRecords(tenant)
  const replay = new TenantReplay(options)
  await replay.fold(records.map((record) => own.next(record)))
  return replay
}

/** What is told of alerts while the log is replayed. */
async function alertsOf(
  records: readonly LogRecord[],
  options: TenantReplayOptions = {},
): Promise<{ readonly replay: TenantReplay; readonly alerts: string[] }> {
  const transitions: AlertTransition[] = []
  const replay = await replayed(records, {
    ...options,
    told(entries) {
      for (const { topic, bytes } of entries) {
        const record = topic === replayTopics.alerts ? decodeAlertRecord(bytes) : null
        if (record?.kind === 'transition') transitions.push(record.transition)
      }
    },
  })
  return {
    replay,
    get alerts() {
      return transitions.map(told)
    },
  }
}

test('a tenant alone is counted as among all others', async () => {
  const foreign = arbitraryEvents.map((events) =>
    events.map((event): CanonicalEvent => ({ ...event, tenant: 'other' })),
  )
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents,
      foreign,
      fc.array(fc.constantFrom(0, 40_000, hour), { minLength: 1, maxLength: 3 }),
      async (own, others, delaysMs) => {
        const records = liveLogOf([...own, ...others], delaysMs, hour, 30 * hour)
        const whole = await foldLog(records)
        const { store } = await replayed(records)
        expect(measuresOf(store, tenant)).toEqual(measuresOf(whole, tenant))
        expect(openOf(store, tenant)).toEqual(openOf(whole, tenant))
        expect([...store.records.keys()].filter((key) => key.includes('other'))).toEqual([])
      },
    ),
    { numRuns: 50 },
  )
})

const waits = [
  [0, proposals()(contactRule('waiting'))],
  [1, opened(1, 'c'), asks(1, 'c')],
] as const

test('without records, what becomes due happens when it is', async () => {
  const seen = await alertsOf(logOf(...waits))
  expect(seen.alerts).toEqual([])
  await seen.replay.passTo(at(30))
  expect(seen.alerts).toEqual([])
  await seen.replay.passTo(at(40))
  expect(seen.alerts).toEqual(['waiting contact/c #1 firing 1–31– found 31'])
  expect(seen.replay.nowMs).toBe(at(40))
})

test('time passes over days, each with what ends in it', async () => {
  const { replay } = await alertsOf(logOf([0, isIn(0, 'a-1', 'available')]))
  await replay.passTo((at(0) + 40 * dayMs) as EpochMs)
  expect(replay.nowMs).toBe(at(0) + 40 * dayMs)
  expect(openOf(replay.store, tenant)).toEqual({})
})

test('stepwise, what is due before a record is decided before its entries, also of agents', async () => {
  const log = logOf(
    [0, proposals()(agentRule('break', { limitMs: 60_000 }))],
    [1, isIn(1, 'a-1', 'break')],
    [2],
    [100, isIn(100, 'a-1', 'available')],
  )
  const { alerts } = await alertsOf(log, { isStepwise: true })
  expect(alerts).toEqual([
    'break agent/a-1 #1 firing 1–61– found 100',
    'break agent/a-1 #1 over 1–61–100 found 100',
  ])
})

test('contacts alone have the alerts that they have among all', async () => {
  const log = logOf(...waits, [2, isIn(2, 'a-1', 'break')], [50], [8 * 86_400])
  const { alerts } = await alertsOf(log)
  expect(alerts.length).toBeGreaterThan(0)
  expect((await alertsOf(log, { contactsOnly: true })).alerts).toEqual(alerts)
})

test('no fold begins once it is aborted', async () => {
  const controller = new AbortController()
  const own = new OwnRecords(tenant)
  const replay = new TenantReplay({ signal: controller.signal })
  await replay.fold([own.next(recordOf(0, startMs, []))])
  controller.abort(new Error('nobody waits any more'))
  const next = own.next(recordOf(1, (startMs + hour) as EpochMs, []))
  await expect(replay.fold([next])).rejects.toThrow('nobody waits any more')
  await expect(replay.passTo(next.nowMs)).rejects.toThrow('nobody waits any more')
  expect(replay.nowMs).toBe(startMs)
})

test('a replay closes no periods: nobody reads what would be issued', async () => {
  const event = (id: string, minute: number): CanonicalEvent => ({
    ...{ type: 'contact.opened', id, source: '/t', sequence: '0', tenant },
    timeMs: (startMs + minute * 60_000) as EpochMs,
    data: { contactId: id, channel: 'chat' },
  })
  const log = Array.from({ length: 200 }, (_, minute) =>
    recordOf(minute, (startMs + minute * 60_000) as EpochMs, [event(`c-${minute}`, minute)]),
  )
  const closedIn = (keys: Iterable<string>) => [...keys].filter((key) => /^clos|^issued/.test(key))
  const { store } = await replayed(log)
  expect(closedIn(store.records.keys())).toEqual([])
  expect(closedIn((await foldLog(log)).records.keys())).not.toEqual([])
})
