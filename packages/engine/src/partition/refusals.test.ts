import {
  configEntry,
  encodeConfigEntry,
  entryKinds,
  refusalKeys,
  refusalLimits,
} from '@deskpulse/contract'
import { defaultTenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import {
  eventEntry,
  foldLog,
  lettersOf,
  recordOf,
  recordOfEntries,
  type FoldOptions,
} from '../testing/fold-log.ts'
import type { MemoryStore } from '../replay/memory-store.ts'
import { listOf as listOfTenant } from '../testing/refusals.ts'

const startMs = Date.UTC(2026, 2, 2, 8)
const tenant = 'acme'
const tooLateMs = 300_001
const { listedMax, dataBytesMax } = refusalLimits

function opened(id: string, atMs = 0, data: EventData = {}, source = '/test'): CanonicalEvent {
  const all = { contactId: `c-${id}`, channel: 'chat', ...data }
  return {
    type: 'contact.opened',
    id,
    source,
    timeMs: (startMs + atMs) as EpochMs,
    sequence: '0',
    tenant,
    data: all,
  }
}

/** Refused at once: each is ahead of the log by more than five minutes. */
const future = (id: string, data?: EventData): CanonicalEvent => opened(id, tooLateMs, data)

/** A record for each list of events, all appended when the first begins. */
const logOf = (...records: readonly (readonly CanonicalEvent[])[]): LogRecord[] =>
  records.map((events, offset) => recordOf(offset, startMs as EpochMs, events))

const listOf = (store: MemoryStore, name = tenant): ReturnType<typeof listOfTenant> =>
  listOfTenant(store, name)
const idsOf = (store: MemoryStore): (string | undefined)[] =>
  listOf(store).refusals.map(({ event }) => event?.id)
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n))

test('what the folds refuse is listed with its code and reason, its event and its place, the newest first', async () => {
  const store = await foldLog(
    logOf([opened('1'), future('2')], [opened('1', 60_000, { queue: 'billing' })]),
  )
  expect(listOf(store)).toEqual({
    total: 2,
    refusals: [
      {
        atMs: startMs,
        code: 'id-conflict',
        reason: 'the same source and id came with other content, which stays',
        ...{ partition: 0, offset: 1, index: 0 },
        event: {
          ...{
            type: 'contact.opened',
            source: '/test',
            id: '1',
            timeMs: startMs + 60_000,
            sequence: '0',
          },
          data: { contactId: 'c-1', channel: 'chat', queue: 'billing' },
        },
      },
      expect.objectContaining({
        code: 'future-time',
        reason: 'time is 300001 ms ahead of the log',
        offset: 0,
        index: 1,
      }),
    ],
  })
})

test('an event that is displaced by a later one of its identity is the one that is listed, at the entry that displaced it', async () => {
  const [early, late] = [opened('1'), opened('1', 60_000)]
  const store = await foldLog(logOf([late], [early]))
  expect(listOf(store).refusals).toMatchObject([
    { code: 'id-conflict', offset: 1, index: 0, event: { timeMs: late.timeMs } },
  ])
  expect(lettersOf(store).map(({ id, bytes }) => [id, Buffer.from(bytes)])).toEqual([
    ['0-1-0', Buffer.from(eventEntry(late).bytes)],
  ])
  expect(lettersOf(store)[0]!.headers).toMatchObject({
    receivedAt: new Date(startMs).toISOString(),
  })
})

test('the list is of the log alone: neither batches nor restarts change it', async () => {
  const records = logOf(
    ...numbers(40).map((n) => [opened(n), ...numbers(7).map((m) => future(`${n}/${m}`))]),
  )
  const run = async (options: FoldOptions) => listOf(await foldLog(records, options))
  const whole = await run({})
  expect(whole.total).toBe(280)
  expect(await run({ batchSizes: [1] })).toEqual(whole)
  expect(await run({ batchSizes: [3, 1, 5], restartAt: new Set([2, 3, 7, 9]) })).toEqual(whole)
})

test('a tenant that repeats its list after a restart goes on with it', async () => {
  const store = await foldLog(logOf(numbers(60).map((n) => future(n))))
  const records = [recordOf(0, startMs as EpochMs, [future('60')])]
  expect(idsOf(await foldLog(records, { store }))).toEqual(numbers(61).toReversed())
})

describe('the list is bounded', () => {
  test.each([listedMax - 1, listedMax, listedMax + 1, 2 * listedMax + 49])(
    'of %i refusals the last ones are listed, all are counted',
    async (count) => {
      const records = numbers(Math.ceil(count / 100)).map((n) =>
        numbers(Math.min(100, count - 100 * Number(n))).map((m) => future(`${n}/${m}`)),
      )
      const all = records.flat().map(({ id }) => id)
      const store = await foldLog(logOf(...records), { batchSizes: [7, 1] })
      expect(listOf(store).total).toBe(count)
      expect(idsOf(store)).toEqual(all.toReversed().slice(0, listedMax))
    },
  )

  test('the data of a large event is left out, its names are not', async () => {
    const labels = (length: number) => ({
      labels: Object.fromEntries(numbers(8).map((n) => [`label-${n}`, 'x'.repeat(length)])),
    })
    const store = await foldLog(
      logOf([future('small', labels(8)), future('large', labels(dataBytesMax / 8))]),
    )
    expect(listOf(store).refusals).toMatchObject([
      { event: { id: 'large', data: null } },
      { event: { id: 'small', data: labels(8) } },
    ])
  })

  test('a flood of large events with long names writes at most a few MB', async () => {
    const name = '😀'.repeat(128)
    const flood = logOf(
      ...numbers(15).map((n) =>
        numbers(100).map((m) => opened(`${name}${n}/${m}`, tooLateMs, {}, name.repeat(2))),
      ),
    )
    const store = await foldLog(flood)
    const bytes = refusalKeys(tenant).reduce(
      (sum, key) => sum + (store.records.get(key)?.length ?? 0),
      0,
    )
    expect(bytes).toBeLessThan(2_700_000)
  })
})

describe('a commit', () => {
  const keysPut = async (records: readonly LogRecord[], store?: MemoryStore): Promise<string[]> => {
    const keys: string[] = []
    await foldLog(records, {
      store,
      folded: ({ change }) => keys.push(...change.puts.map(({ key }) => key)),
    })
    return keys.filter((key) => key.startsWith('refusals:'))
  }

  test('without refusals touches no list', async () =>
    expect(await keysPut(logOf([opened('1')]))).toEqual([]))

  test('with a refusal writes the page that is being filled, and no other', async () => {
    const store = await foldLog(logOf(numbers(130).map((n) => future(n))))
    expect(await keysPut([recordOf(0, startMs as EpochMs, [future('130')])], store)).toEqual([
      'refusals:acme',
    ])
  })

  test('with a flood of refusals writes each page of the list once', async () => {
    const keys = await keysPut(logOf(numbers(5_000).map((n) => future(n))))
    expect(keys.length).toBe(new Set(keys).size)
    expect(keys.length).toBe(refusalKeys(tenant).length)
  })
})

test('an entry that is no event is listed without one, and none of its bytes are', async () => {
  const entry = configEntry({ ...defaultTenantConfig, timeZone: 'UTC' }, 'another')
  const entries: Entry[] = [
    eventEntry(opened('1')),
    { tenant, kind: entryKinds.config, bytes: encodeConfigEntry(entry) },
    { tenant, kind: entryKinds.event, bytes: Buffer.from('garbage') },
  ]
  const store = await foldLog([recordOfEntries(0, startMs as EpochMs, entries)])
  expect(listOf(store).refusals).toMatchObject([
    { code: 'entry-unreadable', event: null, index: 2 },
    { code: 'config-conflict', event: null, index: 1 },
  ])
  for (const key of refusalKeys(tenant))
    expect(Buffer.from(store.records.get(key) ?? []).toString()).not.toContain('garbage')
})

test('what names no well-formed tenant is a dead letter alone: it could take the key of another tenant’s page', async () => {
  const garbage = { kind: entryKinds.event, bytes: Buffer.from('garbage') }
  const store = await foldLog([
    recordOfEntries(0, startMs as EpochMs, [
      { ...garbage, tenant: 'acme:0' },
      { ...garbage, tenant: '' },
    ]),
  ])
  expect(lettersOf(store)).toHaveLength(2)
  expect([...store.records.keys()].filter((key) => key.startsWith('refusals:'))).toEqual([])
})
