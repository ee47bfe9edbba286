import { decodeGapEntry, entryKinds } from '@deskpulse/contract'
import { installationTenant } from '@deskpulse/core/alerts'
import type { CanonicalEvent, FoundGap } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import {
  DeskpulseError,
  type EventLog,
  type LogBatch,
  type Offset,
  type PartitionId,
  unknownBacklogMs,
} from '@deskpulse/stream'
import { afterEach, expect, test, vi } from 'vitest'
import { garbage } from '../testing/garbage.ts'
import { message, nowMs, type Rig, rig, type RigOptions, topics } from '../testing/rig.ts'

const rigs: Rig[] = []
afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

async function world(options: RigOptions = {}): Promise<Rig> {
  const made = await rig(options)
  rigs.push(made)
  return made
}

type Raw = { readonly value: unknown; readonly headers?: Readonly<Record<string, string>> }

async function send(log: EventLog, ...records: readonly Raw[]): Promise<void> {
  const made = records.map(({ value, headers }) => ({
    key: null,
    value:
      value === null
        ? null
        : value instanceof Uint8Array
          ? value
          : Buffer.from(JSON.stringify(value)),
    headers,
  }))
  await log.append(topics.raw, 0 as PartitionId, made)
}

/** The events when there are `count` of them. */
async function arrived(at: Rig, count: number): Promise<readonly CanonicalEvent[]> {
  return vi.waitFor(async () => {
    const events = await at.events()
    expect(events).toHaveLength(count)
    return events
  })
}

test('a record is an event or an array of events, of any configured tenant', async () => {
  const at = await world({ tenants: { acme: {}, other: {} } })
  await send(
    at.log,
    { value: message({ id: '1' }) },
    { value: [message({ id: '2' }), message({ id: '3', tenant: 'other' })] },
  )
  await at.ingest.consume()
  const events = await arrived(at, 3)
  expect(events.map(({ tenant, id }) => `${tenant} ${id}`).sort()).toEqual([
    'acme 1',
    'acme 2',
    'other 3',
  ])
})

test('garbage becomes dead letters with its bytes, and what follows is forwarded', async () => {
  const at = await world()
  const kinds = garbage.filter((one) => one.overHttpOnly !== true)
  await send(at.log, ...kinds.map(({ bytes }) => ({ value: bytes })), { value: message() })
  await at.ingest.consume()
  await arrived(at, 1)
  const letters = await at.deadLetters()
  expect(letters.map((letter) => letter.code)).toEqual(kinds.map(({ code }) => code))
  letters.forEach((letter, n) =>
    expect(Buffer.from(letter.original.bytes).equals(kinds[n]!.bytes.subarray(0, 256 * 1024))).toBe(
      true,
    ),
  )
})

test.each([
  { rule: 'a tombstone', value: null, code: 'not-json' },
  {
    rule: 'an event of a tenant that is not configured',
    value: message({ tenant: 'stranger' }),
    code: 'unknown-tenant',
    of: 'stranger',
  },
  {
    rule: 'a vendor payload',
    value: { any: 'thing' },
    headers: { connector: 'chatwoot', tenant: 'acme' },
    code: 'unknown-connector',
  },
])(
  '$rule is a dead letter $code',
  async ({ value, headers, code, of = headers?.tenant ?? null }) => {
    const at = await world()
    await send(at.log, { value, headers })
    await at.ingest.consume()
    const letters = await vi.waitFor(async () => {
      const all = await at.deadLetters()
      expect(all).toHaveLength(1)
      return all
    })
    expect(letters).toMatchObject([{ code, tenant: of }])
  },
)

test('a record sent again keeps its pseudonyms, and is refused for another tenant than it was sent to', async () => {
  const at = await world({ tenants: { acme: {}, other: {} } })
  const customerId = 'AAAAAAAAAAAAAAAAAAAA-_'
  const value = message({ data: { contactId: 'c-17', customerId, from: 'customer' } })
  await send(at.log, {
    value,
    headers: { 'deskpulse-customers': 'pseudonyms', 'deskpulse-tenant': 'acme' },
  })
  await send(at.log, { value, headers: { 'deskpulse-tenant': 'other' } })
  await at.ingest.consume()
  expect((await arrived(at, 1))[0]!.data.customerId).toBe(customerId)
  await vi.waitFor(async () =>
    expect(await at.deadLetters()).toMatchObject([{ code: 'wrong-tenant', tenant: 'other' }]),
  )
})

test('a refusal is counted for the tenant that it names, should that be a known one', async () => {
  const at = await world()
  await send(
    at.log,
    { value: message({ type: 'no.type' }) },
    { value: message({ type: 'no.type', tenant: 'stranger' }) },
  )
  await at.ingest.consume()
  await vi.waitFor(() => expect(at.refused).toHaveLength(2))
  const [code, source] = ['unknown-type', '/chat/acme']
  expect(at.refused).toEqual(
    expect.arrayContaining([
      { tenant: 'acme', source, code },
      { tenant: undefined, source, code },
    ]),
  )
})

test('a time ahead of the clock is left to the fold', async () => {
  const at = await world()
  await send(at.log, { value: message({ time: '2030-01-01T00:00:00Z' }) })
  await at.ingest.consume()
  await arrived(at, 1)
})

test('while the log fails the batch is tried again, and its offset goes on only after the log has it', async () => {
  let failures = 2
  const returned: string[] = []
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    async append(topic, ...rest) {
      if (topic === topics.log && failures > 0) {
        failures -= 1
        throw new DeskpulseError('LOG_UNAVAILABLE', 'on purpose')
      }
      return log.append(topic, ...rest)
    },
    consume: (options) =>
      log.consume({
        ...options,
        async handle(batch) {
          const next = await options.handle(batch)
          returned.push(`${failures} failures left, next ${next}`)
          return next
        },
      }),
  })
  const at = await world({ wrap })
  await send(at.log, { value: message() })
  await at.ingest.consume()
  await arrived(at, 1)
  await vi.waitFor(() => expect(returned).toEqual(['0 failures left, next 1']))
})

test('what waits in the raw topic when it starts is never said to be nothing', async () => {
  const goOn = Promise.withResolvers<void>()
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    oldestUnconsumed: (...of) => goOn.promise.then(() => log.oldestUnconsumed(...of)),
  })
  const at = await world({ wrap, nowMs: Date.now })
  const began = Date.now()
  await send(at.log, { value: message() })
  const backlogs = async () => (await at.frames()).map(({ backlogMs }) => backlogMs)

  await vi.waitFor(async () => expect(await backlogs()).toContain(unknownBacklogMs))
  expect(new Set(await backlogs())).toEqual(new Set([unknownBacklogMs]))
  goOn.resolve()
  await vi.waitFor(async () =>
    expect(Math.min(...(await backlogs()))).toBeLessThanOrEqual(Date.now() - began),
  )
  expect(await backlogs()).not.toContain(0)

  await at.ingest.consume()
  await arrived(at, 1)
  await vi.waitFor(async () => expect(await backlogs()).toContain(0))
})

/** A rig whose group forms when it is told to. */
async function withFormingGroup() {
  const formed = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  const at = await world({
    wrap: (log) => ({
      ...log,
      async consume(request) {
        await formed.promise
        const consumption = await log.consume(request)
        return { ...consumption, stop: () => consumption.stop().then(stopped.resolve) }
      },
    }),
  })
  return { at, form: () => formed.resolve(), stopped: stopped.promise }
}

test('events are taken over HTTP while the group of the raw topic forms, and raw input follows', async () => {
  const { at, form } = await withFormingGroup()
  await send(at.log, { value: message({ id: 'raw' }) })
  const joining = at.ingest.consume()
  const answer = await at.http.inject({
    method: 'POST',
    url: '/v1/tenants/acme/events',
    payload: message({ id: 'http' }),
  })
  expect([answer.statusCode, at.ingest.forwards()]).toEqual([202, false])
  form()
  await joining
  expect(at.ingest.forwards()).toBe(true)
  expect((await arrived(at, 2)).map(({ id }) => id)).toEqual(['http', 'raw'])
})

test('a stop does not wait for the group to form, and leaves it when it has', async () => {
  const { at, form, stopped } = await withFormingGroup()
  const joining = at.ingest.consume()
  await at.ingest.stop()
  form()
  await joining
  await stopped
})

test('records that are gone from the raw topic are said to every partition of the log before what follows is forwarded', async () => {
  const lost: FoundGap[] = []
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    consumed: async () => [{ offset: 0 as Offset, consumedMs: 7 as EpochMs }, null],
    retained: async () => [3 as Offset, 0 as Offset],
  })
  const at = await world({ wrap, onRecordsLost: (gap) => void lost.push(gap) })
  await send(at.log, { value: message() })
  await at.ingest.consume()
  await arrived(at, 1)
  const gap = { topic: 'raw', partition: 0, from: 0, to: 3, sinceMs: 7, untilMs: nowMs }
  expect(lost).toEqual([gap])
  const gaps = (await at.entries()).filter(({ kind }) => kind === entryKinds.gap)
  expect(gaps.map(({ tenant, bytes }) => ({ tenant, ...decodeGapEntry(bytes) }))).toEqual(
    [0, 1, 2, 3].map(() => ({ tenant: installationTenant, ...gap })),
  )
})

test('a raw topic that was made again is forwarded from its first record, not from where the old one was left', async () => {
  const isForwarded = { offset: 2 as Offset, consumedMs: 7 as EpochMs } // Another record stands there now.
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    consumed: async () => [isForwarded, null],
    // As a group that stands there: it begins behind what it has forwarded.
    consume: ({ handle, ...options }) =>
      log.consume({
        ...options,
        handle: (batch) =>
          begun++ > 0 || batch.partition !== 0 ? handle(batch) : handle(beginningAt(2, batch)),
      }),
  })
  let begun = 0
  const beginningAt = (offset: number, batch: LogBatch): LogBatch => ({
    ...batch,
    records: batch.records.filter((record) => record.offset >= offset),
  })
  const at = await world({ wrap })
  await send(at.log, ...['1', '2', '3'].map((id) => ({ value: message({ id }) })))
  await at.ingest.consume()
  expect((await arrived(at, 3)).map(({ id }) => id)).toEqual(['1', '2', '3'])
})

test('while the log takes nothing its group is told that the member lives', async () => {
  const alive = Promise.withResolvers<void>()
  const keepAlive = (): Promise<boolean> => (alive.resolve(), Promise.resolve(true))
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    append: async (topic, ...rest) => {
      if (topic === topics.log) await alive.promise
      return log.append(topic, ...rest)
    },
    consume: ({ handle, ...options }) =>
      log.consume({ ...options, handle: (batch) => handle({ ...batch, keepAlive }) }),
  })
  const at = await world({ wrap })
  await send(at.log, { value: message() })
  await at.ingest.consume()
  await vi.waitFor(async () => expect(await at.events()).toHaveLength(1))
})

test('a log that is away while the group forms is waited for', async () => {
  let failures = 2
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    consume: (options) =>
      failures-- > 0
        ? Promise.reject(new DeskpulseError('LOG_UNAVAILABLE', 'away'))
        : log.consume(options),
  })
  const at = await world({ wrap })
  await send(at.log, { value: message() })
  await at.ingest.consume()
  await arrived(at, 1)
})
