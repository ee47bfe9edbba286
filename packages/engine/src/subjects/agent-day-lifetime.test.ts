import fc from 'fast-check'
import { defaultTenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { withConfigs } from '../testing/arbitrary-logs.ts'
import { foldLog, lettersOf, openOf, recordOf, type FoldOptions } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const tenant = 'acme'
const firstDayMs = Date.UTC(2026, 2, 2)
const hourMs = 3_600_000
const onDay = (day: number, hour = 0): EpochMs =>
  (firstDayMs + day * dayMs + hour * hourMs) as EpochMs

let events = 0
const event = (timeMs: EpochMs, type: EventType, data: EventData): CanonicalEvent => {
  return { type, id: `e-${(events += 1)}`, source: '/acd', timeMs, sequence: '0', tenant, data }
}
const isIn = (timeMs: EpochMs, state: string, more: EventData = {}): CanonicalEvent =>
  event(timeMs, 'agent.state_changed', { agentId: 'a-1', state, ...more })
const joined = (timeMs: EpochMs, queue: string): CanonicalEvent =>
  event(timeMs, 'agent.queue_joined', { agentId: 'a-1', queue })
const rings = (timeMs: EpochMs): CanonicalEvent =>
  event(timeMs, 'contact.presented', { contactId: 'c-1', agentId: 'a-1' })

const logOf = (
  ...records: readonly (readonly [logTimeMs: number, ...events: CanonicalEvent[]])[]
): LogRecord[] =>
  records.map(([logTimeMs, ...held], offset) => recordOf(offset, logTimeMs as EpochMs, held))

const refusalsOf = (store: MemoryStore) =>
  lettersOf(store).map(({ id, headers }) => [id, headers?.['code']] as const)

/** Cut, woken and taken over in several ways: all of them come to the same. */
async function folded(log: readonly LogRecord[]): Promise<MemoryStore> {
  const ways: FoldOptions[] = [
    { batchSizes: [1] },
    { batchSizes: [log.length] },
    { batchSizes: [1], restartAt: new Set(Array.from({ length: 400 }, (_, fold) => fold)) },
    { batchSizes: [log.length], wakesMax: 1 },
  ]
  const stores = await Promise.all(ways.map((way) => foldLog(log, way)))
  for (const store of stores) expect(resultOf(store)).toEqual(resultOf(stores[0]!))
  return stores[0]!
}

/** A source is looked at early at times. */
const wakesOf = ({ wakes }: MemoryStore) =>
  new Map([...wakes].filter(([subject]) => !subject.startsWith('s/')))

function resultOf(store: MemoryStore) {
  return {
    measures: measuresOf(store, tenant),
    open: openOf(store, tenant),
    refusals: refusalsOf(store),
    wakes: wakesOf(store),
  }
}

const began = (): CanonicalEvent => isIn(onDay(0, 9), 'available')
/** After three hours; without it the agent is available until midnight. */
const ended = (): CanonicalEvent => isIn(onDay(0, 12), 'offline')
/** Milliseconds of an agent by class on a day. */
const timeOn = (store: MemoryStore, day: number) =>
  measuresOf(store, tenant)[`agent=a-1 day ${onDay(day)} agent-time`]

describe('a day of an agent', () => {
  test.each([
    {
      rule: 'takes in what comes before the 39th midnight of log time after its last entry',
      lateMs: onDay(39) - 1,
      refused: false,
    },
    { rule: 'takes in nothing from then on', lateMs: onDay(39), refused: true },
  ])('$rule', async ({ lateMs, refused }) => {
    const direct = await folded(logOf([onDay(0, 18), began()], [lateMs, ended()]))
    const after = await folded(logOf([onDay(0, 18), began()], [lateMs - 1_000], [lateMs, ended()]))
    for (const store of [direct, after]) {
      expect(refusalsOf(store).map(([, code]) => code)).toEqual(refused ? ['expired'] : [])
      expect(Object.values(timeOn(store, 0)!)).toEqual([(refused ? 15 : 3) * hourMs])
    }
  })

  test('is kept longer by an event of a contact that names the agent on it', async () => {
    const store = await folded(
      logOf([onDay(0, 18), began()], [onDay(30), rings(onDay(0, 10))], [onDay(60), ended()]),
    )
    expect(refusalsOf(store)).toEqual([])
  })

  test('is there whether or not something was handled for a moment on the local day that begins on it', async () => {
    const config = { ...defaultTenantConfig, timeZone: 'Asia/Shanghai' }
    const contact = { contactId: 'c-1' }
    const log = withConfigs(
      logOf(
        [
          onDay(1, 2),
          event(onDay(1, 2), 'contact.opened', { ...contact, channel: 'chat' }),
          event(onDay(1, 2), 'contact.assigned', { ...contact, agentId: 'a-1' }),
        ],
        [
          onDay(1, 3),
          event(onDay(1, 3), 'message.sent', { ...contact, from: 'agent', agentId: 'a-1' }),
        ],
        [onDay(1, 4), event(onDay(1, 4), 'contact.discarded', contact)],
      ),
      [{ atMs: onDay(1, 1), config }],
    )
    const { wakes } = await folded(log)
    expect([...wakes.keys()].filter((subject) => subject.startsWith('a/'))).toHaveLength(2)
  })

  test('into which a call goes on is kept as long as the day before it, also where both are first heard of long after', async () => {
    const call = (type: EventType, atMs: EpochMs): CanonicalEvent =>
      event(atMs, type, { contactId: 'c-1', channel: 'voice', agentId: 'a-1' })
    const begun = [
      isIn(onDay(0, 19), 'available'),
      call('contact.opened', onDay(0, 20)),
      call('contact.assigned', onDay(0, 20)),
    ]
    const over = call('contact.released', onDay(1, 2))
    const told = (atMs: EpochMs) => folded(logOf([atMs, ...begun], [atMs + hourMs, over]))
    const [soon, late] = [await told(onDay(3)), await told(onDay(60))]
    expect(timeOn(soon, 1)).toBeDefined()
    for (const day of [0, 1]) expect(timeOn(late, day)).toEqual(timeOn(soon, day))
    expect(refusalsOf(late)).toEqual([])
  })

  test('leaves its measures and hands on what it knows, however long ago it was', async () => {
    const told = [
      joined(onDay(0, 9), 'billing'),
      isIn(onDay(0, 9), 'available', { capacity: { chat: 3 } }),
      isIn(onDay(0, 17), 'offline'),
    ]
    const store = await folded(
      logOf([onDay(0, 18), ...told], [onDay(100)], [onDay(100, 1), isIn(onDay(100), 'available')]),
    )
    expect(Object.values(timeOn(store, 0)!)).toEqual([8 * hourMs, 3 * 8 * hourMs]) // And of what fits.
    const [member] = Object.keys(openOf(store, tenant)['queue=billing agent.available']!)
    expect(JSON.parse(member!)).toMatchObject({ capacity: 3, queues: ['billing'] })
  })

  test('changes no later one by what comes too late for it', async () => {
    const night = [isIn(onDay(0, 20), 'available')]
    const log = (...late: CanonicalEvent[]) =>
      logOf(
        [onDay(0, 21), ...night],
        [onDay(1, 5), isIn(onDay(1, 4), 'offline')],
        [onDay(30), isIn(onDay(1, 12), 'meal')],
        [onDay(45), ...late],
      )
    const alone = await folded(log())
    const late = await folded(log(rings(onDay(0, 21))))
    expect(timeOn(late, 0)).toEqual(timeOn(alone, 0))
    expect(timeOn(late, 1)).toEqual(timeOn(alone, 1))
    expect(Object.values(timeOn(late, 1)!)[0]).toBeGreaterThanOrEqual(4 * hourMs)
  })

  test('takes over nothing from the one before it once it is past, also where that one is kept for longer', async () => {
    const store = await folded(
      logOf(
        [onDay(0, 21), isIn(onDay(0, 20), 'available')],
        [onDay(1, 5), isIn(onDay(1, 4), 'offline')],
        [onDay(30), isIn(onDay(0, 20.5), 'meal')],
        [onDay(45), joined(onDay(0, 9), 'billing')],
        [onDay(45, 1), isIn(onDay(45, 1), 'available')],
      ),
    )
    const [member] = Object.keys(openOf(store, tenant)['all agent.available']!)
    expect(JSON.parse(member!)).toMatchObject({ queues: [] })
  })

  test('which the agent only carried on into is kept as long as the one before it, and has its time', async () => {
    const log = (lateMs: number) =>
      logOf([onDay(0, 23), isIn(onDay(0, 22), 'available')], [lateMs, isIn(onDay(1, 1), 'offline')])
    const inTime = await folded(log(onDay(40) - 1))
    expect([refusalsOf(inTime), Object.values(timeOn(inTime, 1)!)]).toEqual([[], [hourMs]])
    const late = await folded(log(onDay(40)))
    expect([refusalsOf(late), Object.values(timeOn(late, 1)!)]).toEqual([
      [['0-1-0', 'expired']],
      [14 * hourMs],
    ])
  })
})

test('who is signed in at midnight has time on the next day, also where a later day was known before', async () => {
  const evening = isIn(onDay(0, 20), 'available')
  const inOrder = await folded(
    logOf([onDay(0, 21), evening], [onDay(3, 9), isIn(onDay(3, 9), 'available')]),
  )
  const late = await folded(
    logOf([onDay(3, 9), isIn(onDay(3, 9), 'available')], [onDay(3, 9), evening]),
  )
  expect(Object.values(timeOn(inOrder, 1)!)).toEqual([12 * hourMs])
  expect(timeOn(late, 1)).toEqual(timeOn(inOrder, 1))
})

/** More by hand: `LIFETIME_RUNS=1000`. A failure prints its seed. */
const runs = Number(process.env['LIFETIME_RUNS'] ?? 40)

test(
  'however the log is cut, woken and taken over, agents are the same at the edge of every lifetime',
  async () => {
    const step = fc.constantFrom(
      0,
      1,
      60_000,
      5 * hourMs,
      dayMs,
      35 * dayMs,
      37 * dayMs,
      38 * dayMs,
      39 * dayMs - 1,
      39 * dayMs,
      40 * dayMs,
    )
    const contact = fc
      .constantFrom('c-1', 'c-2')
      .map((contactId): EventData => ({ contactId, channel: 'voice' }))
    const kinds = fc.oneof(
      fc
        .record({
          state: fc.constantFrom('available', 'break', 'offline'),
          agentId: fc.constant('a-1'),
        })
        .map((data) => ['agent.state_changed', data] as const),
      fc.constant(['agent.queue_joined', { agentId: 'a-1', queue: 'billing' }] as const),
      fc.constant(['agent.heartbeat', { agentId: 'a-1' }] as const),
      contact.map((data) => ['contact.opened', data] as const),
      contact.map((data) => ['contact.assigned', { ...data, agentId: 'a-1' }] as const),
      contact.map((data) => ['contact.released', { ...data, agentId: 'a-1' }] as const),
      contact.map((data) => ['contact.ended', data] as const),
    )
    /** Now, or on one of the first days, as they may lie within a lifetime or beyond it. */
    const when = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 47 }))
    const records = fc.array(fc.tuple(step, fc.array(fc.tuple(kinds, when), { maxLength: 3 })), {
      minLength: 2,
      maxLength: 9,
    })
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        records,
        cuts,
        fc.uniqueArray(fc.integer({ min: 0, max: 30 })),
        fc.constantFrom(1, 2, 5, 1_000),
        async (steps, batchSizes, restarts, wakesMax) => {
          let logTimeMs = onDay(0, 20)
          const log = steps.map(([stepMs, held], offset) => {
            logTimeMs = (logTimeMs + stepMs) as EpochMs
            const told = held.map(([[type, data], hour]) =>
              event(hour === null ? logTimeMs : onDay(0, hour), type, data),
            )
            return recordOf(offset + 1, logTimeMs, told)
          })
          log.unshift(recordOf(0, onDay(0, 20), [isIn(onDay(0, 20), 'available')]))
          const one = await foldLog(log, { batchSizes: [1] })
          const other = await foldLog(log, { batchSizes, restartAt: new Set(restarts), wakesMax })
          expect(resultOf(other)).toEqual(resultOf(one))
        },
      ),
      { numRuns: runs },
    )
  },
  60_000 + 1_000 * runs,
)

test('of two events of an agent with one id the same counts, whichever came first, also for who takes over', async () => {
  const first = isIn(onDay(0, 1), 'available')
  const other: CanonicalEvent = { ...first, data: { agentId: 'a-1', state: 'break' } }
  const last = isIn(onDay(0, 3), 'offline')
  const [one, two] = await Promise.all(
    [
      [first, other],
      [other, first],
    ].map((both) => {
      const held = [...both, last]
      return folded(logOf(...held.map((told, nth) => [onDay(0, 4) + nth * hourMs, told] as const)))
    }),
  )
  expect(measuresOf(one!, tenant)).toEqual(measuresOf(two!, tenant))
  expect(openOf(one!, tenant)).toEqual(openOf(two!, tenant))
  expect(lettersOf(one!)).toHaveLength(1)
})
