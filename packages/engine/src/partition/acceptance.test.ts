import { createHash } from 'node:crypto'
import {
  configEntry,
  decodeConfigVersions,
  encodeConfigEntry,
  entryKinds,
} from '@deskpulse/contract'
import { defaultTenantConfig, futureMaxMs } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { measures } from '@deskpulse/core/kpis'
import { countOf, decodeSliceTable, emptyMerged, mergeRecord } from '@deskpulse/core/measures'
import { configKey, foldVersionKey, sliceDaysKey, slicesKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { encodeFrame, type Entry, type LogRecord, type Offset } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { foldLog, lettersOf, openOf, recordOf } from '../testing/fold-log.ts'
import { dayRecordsOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const dayMs = 86_400_000
const startMs = Date.UTC(2026, 2, 2, 8)
const tenant = 'acme'

function event(
  type: EventType,
  atMs: number,
  data: EventData,
  id = `${type}/${atMs}`,
): CanonicalEvent {
  return {
    type,
    id,
    source: '/test',
    timeMs: (startMs + atMs) as EpochMs,
    sequence: '0',
    tenant,
    data,
  }
}

const opened = (contactId: string, atMs = 0): CanonicalEvent =>
  event('contact.opened', atMs, { contactId, channel: 'chat' }, `open/${contactId}`)

/** One record per list of events, appended at the given times. */
function logOf(
  ...records: readonly (readonly [appendedMs: number, events: readonly CanonicalEvent[]])[]
): LogRecord[] {
  return records.map(([appendedMs, events], index) =>
    recordOf(index, (startMs + appendedMs) as EpochMs, events),
  )
}

function rawRecord(offset: number, appendedMs: number, value: Uint8Array): LogRecord {
  return {
    offset: offset as Offset,
    appendedAtMs: (startMs + appendedMs) as EpochMs,
    key: null,
    value,
    headers: {},
  }
}

const frameOf = (entries: readonly Entry[]): Uint8Array =>
  encodeFrame({ sender: 'a', backlogMs: 0, entries })

const refusalsOf = (store: MemoryStore): (string | undefined)[] =>
  lettersOf(store).map(({ headers }) => headers?.['code'])

function openedIn(store: MemoryStore): number {
  const merged = emptyMerged()
  for (const { record } of dayRecordsOf(store, tenant, 'all')) mergeRecord(merged, record)
  return Number(countOf(merged, measures.contactOpened))
}

test('the same event again is dropped without a word', async () => {
  const store = await foldLog(logOf([0, [opened('c-1')]], [10, [opened('c-1'), opened('c-1')]]))
  expect(refusalsOf(store)).toEqual([])
  expect(openedIn(store)).toBe(1)
})

test('of one identity with two contents the earlier instant stays, whichever came first, and the other is listed', async () => {
  const early = event('contact.opened', 0, { contactId: 'c-1', channel: 'chat' }, 'same')
  const late = event('contact.opened', 60_000, { contactId: 'c-1', channel: 'voice' }, 'same')
  const one = await foldLog(logOf([100_000, [early, late]]))
  expect(refusalsOf(one)).toEqual(['id-conflict'])
  const other = await foldLog(logOf([100_000, [late, early]]))
  expect(refusalsOf(other)).toEqual(['id-conflict'])
  expect(dayRecordsOf(other, tenant, 'channel=chat')).toEqual(
    dayRecordsOf(one, tenant, 'channel=chat'),
  )
  expect(dayRecordsOf(other, tenant, 'channel=voice')).toEqual([])
})

test('one identity at two contacts is a conflict like any other: the earlier instant stays, whichever came first, and the other is listed', async () => {
  const early = event('contact.opened', 0, { contactId: 'c-1', channel: 'chat' }, 'same')
  const late = event('contact.opened', 60_000, { contactId: 'c-2', channel: 'voice' }, 'same')
  for (const log of [
    logOf([100_000, [early, late]]),
    logOf([100_000, [late, early]]),
    logOf([100_000, [late]], [200_000, [early]]),
    logOf([100_000, [late]], [200_000, [early]], [300_000, [late]]),
  ]) {
    for (const options of [{}, { batchSizes: [1], restartAt: new Set([1, 2]) }]) {
      const store = await foldLog(log, options)
      expect(new Set(refusalsOf(store))).toEqual(new Set(['id-conflict']))
      expect(openedIn(store)).toBe(1)
      expect(dayRecordsOf(store, tenant, 'channel=voice')).toEqual([])
      expect(openOf(store, tenant)['all backlog']).toEqual({ contacts: 1 })
    }
  }
})

test('a contact whose only event belongs elsewhere is none, and takes part again when it has one of its own', async () => {
  const late = event('contact.opened', 60_000, { contactId: 'c-2', channel: 'voice' }, 'same')
  const early = event('contact.opened', 0, { contactId: 'c-1', channel: 'chat' }, 'same')
  const gone = await foldLog(logOf([100_000, [late]], [200_000, [early]]), { batchSizes: [1] })
  expect([gone.records.get('s:c/acme/c-2'), gone.records.get('j:c/acme/c-2')]).toEqual([
    undefined,
    undefined,
  ])
  const own = event('contact.opened', 90_000, { contactId: 'c-2', channel: 'voice' }, 'own')
  const back = await foldLog(logOf([100_000, [late]], [200_000, [early]], [300_000, [own]]), {
    batchSizes: [1],
    restartAt: new Set([2]),
  })
  expect(openedIn(back)).toBe(2)
})

test('one identity on two days of an agent is a conflict, and the same event again is none', async () => {
  const state = (atMs: number): CanonicalEvent =>
    event('agent.state_changed', atMs, { agentId: 'a-1', state: 'available' }, 'same')
  const log = [
    logOf([2 * dayMs, [state(0), state(dayMs)]]),
    logOf([2 * dayMs, [state(dayMs), state(0)]]),
  ]
  for (const records of log) expect(refusalsOf(await foldLog(records))).toEqual(['id-conflict'])
  expect(
    refusalsOf(await foldLog(logOf([2 * dayMs, [state(0)]], [2 * dayMs + 1, [state(0)]]))),
  ).toEqual([])
})

test('an identity at another contact is forgotten once its event is beyond the reorder horizon', async () => {
  const first = event('contact.opened', 0, { contactId: 'c-1', channel: 'chat' }, 'same')
  const second = event('contact.opened', 60_000, { contactId: 'c-2', channel: 'chat' }, 'same')
  expect(openedIn(await foldLog(logOf([100_000, [first]], [100_000 + 3 * dayMs, [second]])))).toBe(
    1,
  )
  expect(openedIn(await foldLog(logOf([100_000, [first]], [100_001 + 3 * dayMs, [second]])))).toBe(
    2,
  )
})

test('slices that were only named, or whose facts were taken back, have no day with anything in it, however the log is cut', async () => {
  const message = event('message.sent', 0, { contactId: 'c-1', from: 'customer' })
  const opening = event('contact.opened', 1_000, {
    contactId: 'c-1',
    channel: 'email',
    queue: 'post',
  })
  const second = event('contact.opened', 2_000, {
    contactId: 'c-1',
    channel: 'voice',
    queue: 'void',
  })
  const refused: CanonicalEvent = {
    ...second,
    data: { ...second.data, queue: 'refused' },
    timeMs: (second.timeMs + 1) as EpochMs,
  }
  const log = logOf([10_000, [message]], [20_000, [opening, second, refused]], [4 * 3_600_000, []])
  for (const batchSizes of [[1], [3]]) {
    const store = await foldLog(log, { batchSizes })
    expect(refusalsOf(store)).toEqual(['id-conflict'])
    const { texts } = decodeSliceTable(store.records.get(slicesKey(tenant))!)
    const days = JSON.parse(
      Buffer.from(store.records.get(sliceDaysKey(tenant))!).toString(),
    ) as number[]
    const held = texts.filter((_, slice) => (days[slice] ?? 0) > 0)
    expect(held).toEqual(
      expect.arrayContaining(['all', 'queue=post', 'channel=email', 'class=deferred']),
    )
    for (const slice of [
      'queue=none',
      'channel=unknown',
      'channel=voice',
      'class=live',
      'queue=void',
      'queue=refused',
    ])
      expect(held).not.toContain(slice)
  }
})

test('an event more than five minutes ahead of its append is refused, one at exactly five minutes is not', async () => {
  const store = await foldLog(logOf([0, [opened('c-1', 300_000), opened('c-2', 300_001)]]))
  expect(refusalsOf(store)).toEqual(['future-time'])
  expect(openedIn(store)).toBe(1)
})

test('what sorts before events that are beyond the reorder horizon is refused, also when those are only in memory', async () => {
  const message = (atMs: number): CanonicalEvent =>
    event('message.sent', atMs, { contactId: 'c-1', from: 'customer' })
  const store = await foldLog(
    logOf(
      [0, [opened('c-1'), message(10_000)]],
      [3 * dayMs + 1, [message(9_999), message(20_000)]],
    ),
  )
  expect(refusalsOf(store)).toEqual(['before-base'])
  const within = await foldLog(
    logOf([0, [opened('c-1'), message(10_000)]], [3 * dayMs, [message(9_999)]]),
  )
  expect(refusalsOf(within)).toEqual([])
})

test('a contact past its lifetime is a mark: its late events are refused, its measures stay, whether or not it was woken meanwhile', async () => {
  const resolved = event('contact.resolved', 60_000, { contactId: 'c-1' })
  const late = event('contact.reopened', 120_000, { contactId: 'c-1' })
  const direct = await foldLog(
    logOf([100_000, [opened('c-1'), resolved]], [35 * dayMs + 100_000, [late]]),
    { batchSizes: [1] },
  )
  const woken = await foldLog(
    logOf([100_000, [opened('c-1'), resolved]], [36 * dayMs, []], [37 * dayMs, [late]]),
    { batchSizes: [1] },
  )
  for (const store of [direct, woken]) {
    expect(refusalsOf(store)).toEqual(['expired'])
    expect(openedIn(store)).toBe(1)
    expect(store.records.get('j:c/acme/c-1')).toBeUndefined()
    expect(store.records.get('s:c/acme/c-1')!.length).toBeLessThan(20)
  }
  const inTime = await foldLog(
    logOf([100_000, [opened('c-1'), resolved]], [35 * dayMs + 99_999, [late]]),
  )
  expect(refusalsOf(inTime)).toEqual([])
})

test('a record that is no frame, and an entry that is no event, are listed with their bytes and stop nothing', async () => {
  const garbage = Buffer.from('garbage')
  const records = [
    rawRecord(0, 0, garbage),
    rawRecord(1, 10, frameOf([{ tenant, kind: entryKinds.event, bytes: garbage }])),
    recordOf(2, (startMs + 20) as EpochMs, [opened('c-1')]),
  ]
  const store = await foldLog(records)
  expect(refusalsOf(store)).toEqual(['entry-unreadable', 'entry-unreadable'])
  expect(lettersOf(store).map(({ id, bytes }) => [id, Buffer.from(bytes).toString()])).toEqual([
    ['0-0-0', 'garbage'],
    ['0-1-0', 'garbage'],
  ])
  expect(openedIn(store)).toBe(1)
})

test('a tenant that only ever sent garbage is no tenant', async () => {
  const store = await foldLog([
    rawRecord(
      0,
      0,
      frameOf([{ tenant: 'ghost', kind: entryKinds.event, bytes: Buffer.from('garbage') }]),
    ),
  ])
  expect(store.records.get('tenants')).toBeUndefined()
})

function proposal(timeZone: string, predecessor: string | null): Entry & { readonly id: string } {
  const entry = configEntry({ ...defaultTenantConfig, timeZone }, predecessor)
  return { tenant, kind: entryKinds.config, bytes: encodeConfigEntry(entry), id: entry.id }
}

test('the first configuration is in force from the beginning, a later one once no event before its append can be that late', async () => {
  const quarterMs = 15 * 60_000
  const first = proposal('Asia/Shanghai', null)
  const records = [
    rawRecord(0, 0, frameOf([first])),
    rawRecord(1, quarterMs - futureMaxMs - 1, frameOf([proposal('UTC', first.id)])),
    recordOf(2, (startMs + quarterMs) as EpochMs, [
      opened('c-1', -dayMs),
      opened('c-2', quarterMs - 1),
      opened('c-3', quarterMs),
    ]),
  ]
  const store = await foldLog(records, { batchSizes: [1] })
  const days = dayRecordsOf(store, tenant, 'all').map(({ bucketStartMs }) =>
    new Date(bucketStartMs).toISOString(),
  )
  expect(days).toEqual([
    '2026-02-28T16:00:00.000Z',
    '2026-03-01T16:00:00.000Z',
    '2026-03-02T08:15:00.000Z', // The day that it cuts.
  ])
})

test('a configuration with a key that only a later version knows is refused, and the one before it stays in force', async () => {
  const first = proposal('Asia/Shanghai', null)
  const config = { ...defaultTenantConfig, businessHours: [] }
  const later = encodeConfigEntry(configEntry(config, first.id))
  const store = await foldLog([
    rawRecord(0, 0, frameOf([first])),
    rawRecord(1, 0, frameOf([{ tenant, kind: entryKinds.config, bytes: later }])),
  ])
  expect(lettersOf(store).map(({ headers }) => headers)).toMatchObject([
    { code: 'entry-unreadable', reason: expect.stringContaining('/config/businessHours') },
  ])
  const versions = decodeConfigVersions(store.records.get(configKey(tenant))!)
  expect(versions.map(({ id }) => id)).toEqual([first.id])
})

test('a proposal that names another predecessor is listed and changes nothing; the current one again is nothing', async () => {
  const first = proposal('Asia/Shanghai', null)
  const store = await foldLog([
    rawRecord(
      0,
      0,
      frameOf([first, first, proposal('UTC', 'another'), proposal('Europe/Rome', null)]),
    ),
  ])
  expect(refusalsOf(store)).toEqual(['config-conflict', 'config-conflict'])
})

test('state that another version of the folds made is not gone on with', async () => {
  const store = await foldLog(logOf([0, [opened('c-1')]]))
  store.records.set(foldVersionKey, Buffer.from('0'))
  await expect(foldLog(logOf([10, [opened('c-2')]]), { store })).rejects.toThrow(
    'version 0 of the folds',
  )
})

test('a customer is forgotten when its last contact is and the year is over in which it was answered; what was counted stays', async () => {
  const visit = (contactId: string, atMs: number): CanonicalEvent[] => [
    event('contact.opened', atMs, { contactId, channel: 'chat', customerId: 'u-1' }),
    event('contact.resolved', atMs + 1_000, { contactId }),
  ]
  const after = (days: number) =>
    foldLog(logOf([0, visit('c-1', -2 * dayMs)], [10, visit('c-2', -dayMs)], [days * dayMs, []]), {
      batchSizes: [1],
    })
  const customersIn = ({ records }: MemoryStore) =>
    [...records.keys()].filter((key) => key.startsWith('s:u/'))
  for (const days of [34, 36, 340]) expect(customersIn(await after(days))).toEqual(['s:u/acme/u-1'])
  const store = await after(345) // 2 March and 38 days after the end of the year.
  expect(customersIn(store)).toEqual([])
  const merged = emptyMerged()
  for (const { record } of dayRecordsOf(store, tenant, 'all')) mergeRecord(merged, record)
  expect([countOf(merged, measures.fcrDue), countOf(merged, measures.fcrSolved)]).toEqual([2, 1])
  expect(countOf(merged, measures.servedInYear)).toBe(1)
})

test.each(['__proto__', 'constructor', 'toString'])(
  'an agent, a queue, a channel or a contact may be called %s',
  async (name) => {
    const store = await foldLog(
      logOf(
        [
          0,
          [
            event('contact.opened', 0, {
              contactId: name,
              channel: name,
              queue: name,
              customerId: name,
            }),
          ],
        ],
        [
          2_000,
          [
            event('contact.assigned', 1_000, { contactId: name, agentId: name }),
            event('agent.state_changed', 1_000, { agentId: name, state: 'available' }),
          ],
        ],
        [4_000, [event('message.sent', 3_000, { contactId: name, agentId: name, from: 'agent' })]],
        [9_000, [event('contact.resolved', 8_000, { contactId: name, agentId: name })]],
      ),
      { batchSizes: [1], restartAt: new Set([2]) },
    )
    const handled = emptyMerged()
    for (const { record } of dayRecordsOf(store, tenant, `agent=${name}`))
      mergeRecord(handled, record)
    expect(Number(countOf(handled, measures.contactHandled))).toBe(1)
  },
)

test('a frame that cannot be read still tells the log time', async () => {
  const store = await foldLog([
    ...logOf([0, [opened('c-1')]]),
    rawRecord(1, 60_000, Buffer.from('no frame')),
  ])
  expect(store.logTimeMs).toBe(startMs + 60_000)
})

test('a day that an agent only carries on into leaves no wake that is over', async () => {
  const evening = Date.UTC(2026, 2, 2, 23, 30) - startMs
  const store = await foldLog(
    logOf(
      [evening, [event('agent.state_changed', evening, { agentId: 'a-1', state: 'available' })]],
      ...[1, 2, 3, 4].map((hour) => [evening + hour * 3_600_000, []] as const),
    ),
    { batchSizes: [1] },
  )
  expect([...store.wakes].filter(([, atMs]) => atMs <= store.logTimeMs)).toEqual([])
  const later = await foldLog(logOf([evening + 50 * dayMs, []]), { store })
  expect([...later.wakes]).toEqual([])
})

test('a huge record that is no frame is listed by its first 256 KB, its length and its hash, so that the topic takes it', async () => {
  const huge = Buffer.alloc(1_900_000, 7)
  const store = await foldLog([rawRecord(0, 0, huge)])
  expect(store.out).toHaveLength(1)
  expect(store.out[0]!.bytes.length).toBe(256 * 1024)
  expect(store.out[0]!.headers).toMatchObject({
    length: '1900000',
    sha256: createHash('sha256').update(huge).digest('hex'),
  })
})
