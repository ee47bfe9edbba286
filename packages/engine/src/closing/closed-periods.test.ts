import { defaultTenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { type EpochMs, hourMs, minuteMs, secondMs } from '@deskpulse/core/time'
import { encodeFrame, type LogRecord, type Offset } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { closedMessages } from '../testing/closed.ts'
import { eventEntry, foldLog, recordOfEntries } from '../testing/fold-log.ts'

/** A Monday, 08:00 UTC. */
const eight = Date.UTC(2026, 2, 2, 8)
const at = (minutes: number, seconds = 0): EpochMs =>
  (eight + minutes * minuteMs + seconds * secondMs) as EpochMs

let ids = 0
const event = (atMs: EpochMs, type: EventType, data: EventData): CanonicalEvent => ({
  ...{ type, data, id: `e-${(ids += 1)}`, source: '/test', sequence: '0', tenant: 'acme' },
  timeMs: atMs,
})
const opened = (atMs: EpochMs, contactId: string, queue = 'billing'): CanonicalEvent =>
  event(atMs, 'contact.opened', { contactId, channel: 'chat', queue })

type Step = readonly [atMs: EpochMs, ...events: readonly CanonicalEvent[]]
const nothing = (...atMs: readonly EpochMs[]): Step[] => atMs.map((one): Step => [one])

/** What is told of one slice, `all` unless it is said: kind, revision and cause, with the minute from eight at which it was. */
async function told(steps: readonly Step[], kinds = ['hour'], slice = 'all'): Promise<string[]> {
  const log = steps.map(([atMs, ...events], offset) =>
    recordOfEntries(offset, atMs, events.map(eventEntry)),
  )
  const messages = closedMessages(await foldLog(log, { batchSizes: [1] }))
  return messages
    .filter((one) => kinds.includes(one.kind) && one.slice === slice)
    .map(({ kind, start, revision, cause, closedAt, measures }) => {
      const minute = (Date.parse(closedAt) - eight) / minuteMs
      const count = Number(measures['contactOpened'] ?? 0)
      return `${kind} ${start.slice(5, 16)} ${revision} ${cause} at ${minute}: ${count}`
    })
}

const first: Step = [at(1), opened(at(1), 'c-1')]

describe('a period is closed', () => {
  test('at the first whole minute at which the record before has its end, the grace and the disorder behind it', async () => {
    // 61 s: the watermark is at 59 s. 62 s: it is at the grace, and is known at the next minute.
    const steps = [first, ...nothing(at(61, 1.9), at(61, 59), at(62, 1))]
    expect(await told([...steps])).toEqual(['hour 03-02T08:00 1 closed at 62: 1'])
    expect(await told([first, ...nothing(at(61, 2), at(61, 59))])).toEqual([])
  })

  test('not before its input is complete: a sender that holds something back holds it open', async () => {
    const log = [at(1), at(62), at(63), at(64), at(65)].map((atMs, offset): LogRecord => {
      const entries = offset === 0 ? [eventEntry(opened(atMs, 'c-1'))] : []
      const backlogMs = offset === 1 || offset === 2 ? 5 * minuteMs : 0
      const value = encodeFrame({ sender: 'ingest-1', backlogMs, entries })
      return { offset: offset as Offset, appendedAtMs: atMs, key: null, value, headers: {} }
    })
    const messages = closedMessages(await foldLog(log))
    expect(messages.map(({ closedAt }) => Date.parse(closedAt))).toContain(at(65))
    expect(messages.every(({ closedAt }) => Date.parse(closedAt) === at(65))).toBe(true)
  })

  test('once, however many minutes pass without a record', async () => {
    expect(await told([first, ...nothing(at(200), at(300), at(400))])).toEqual([
      'hour 03-02T08:00 1 closed at 300: 1',
    ])
  })

  test('also days and what is longer', async () => {
    const day = 24 * 60
    const ends = nothing(at(day), at(7 * day), at(8 * day), at(31 * day), at(32 * day))
    expect(await told([first, ...ends], ['day', 'week', 'month'])).toEqual([
      `day 03-02T00:00 1 closed at ${7 * day}: 1`,
      `week 03-02T00:00 1 closed at ${8 * day}: 1`,
      `month 03-01T00:00 1 closed at ${32 * day}: 1`,
    ])
  })

  test('in the slices that hold something, and in no others', async () => {
    const steps = [first, ...nothing(at(62), at(63))]
    expect(await told(steps, ['hour'], 'queue=billing')).toHaveLength(1)
    expect(await told(steps, ['hour'], 'queue=sales')).toEqual([])
  })
})

describe('what changes in a closed period', () => {
  const closed = [first, ...nothing(at(62), at(63))]
  const isClosed = 'hour 03-02T08:00 1 closed at 63: 1'

  test('is issued again at the first minute at which nothing has changed since the one before', async () => {
    const late: Step = [at(65, 10), opened(at(2), 'c-2')]
    const later: Step = [at(66, 10), opened(at(3), 'c-3')]
    expect(await told([...closed, late, later, ...nothing(at(67), at(68))])).toEqual([
      isClosed,
      'hour 03-02T08:00 2 late at 68: 3',
    ])
  })

  test('is issued again ten minutes after the first change, where it goes on changing', async () => {
    const late = Array.from({ length: 14 }, (_, n): Step => {
      return [at(65 + n, 10), opened(at(2 + n), `late-${n}`)]
    })
    // Seen at 66 for the first time.
    expect((await told([...closed, ...late])).slice(1)).toEqual([
      'hour 03-02T08:00 2 late at 76: 12',
    ])
  })

  test('and comes back within a minute is no change', async () => {
    const discarded = event(at(4), 'contact.discarded', { contactId: 'c-2' })
    const steps: Step[] = [
      [at(65, 10), opened(at(2), 'c-2')],
      [at(65, 50), discarded],
    ]
    expect(await told([...closed, ...steps, ...nothing(at(66), at(67), at(90))])).toEqual([
      isClosed,
    ])
  })

  test('and comes back within a minute holds nothing up, in one record or in two', async () => {
    const late: Step = [at(65, 10), opened(at(2), 'c-2')]
    const fleeting = [opened(at(3), 'c-3'), event(at(4), 'contact.discarded', { contactId: 'c-3' })]
    const inTwo: Step[] = [
      [at(66, 10), fleeting[0]!],
      [at(66, 50), fleeting[1]!],
    ]
    for (const steps of [inTwo, [[at(66, 10), ...fleeting] as Step]])
      expect(await told([...closed, late, ...steps, ...nothing(at(67), at(68))])).toEqual([
        isClosed,
        'hour 03-02T08:00 2 late at 67: 2',
      ])
  })

  test('and comes back before it is issued is no revision', async () => {
    const discarded = event(at(4), 'contact.discarded', { contactId: 'c-2' })
    const steps: Step[] = [
      [at(65, 10), opened(at(2), 'c-2')],
      [at(66, 10), discarded],
    ]
    expect(await told([...closed, ...steps, ...nothing(at(67), at(68), at(90))])).toEqual([
      isClosed,
    ])
  })

  test('in a slice that held nothing begins with revision 2', async () => {
    const late: Step = [at(65, 10), opened(at(2), 'c-2', 'sales')]
    const steps = [...closed, late, ...nothing(at(66), at(67))]
    expect(await told(steps, ['hour'], 'queue=sales')).toEqual(['hour 03-02T08:00 2 late at 67: 1'])
  })

  test('is in every longer period that is closed, too', async () => {
    const day = 24 * 60
    const steps = [first, ...nothing(at(40 * day), at(40 * day + 1))]
    const late: Step = [at(40 * day + 2, 10), opened(at(2), 'c-2')]
    const kinds = ['hour', 'day', 'week', 'month', 'quarter']
    const seen = await told([...steps, late, ...nothing(at(40 * day + 3), at(40 * day + 4))], kinds)
    expect(seen.filter((one) => one.includes(' late '))).toEqual([
      `day 03-02T00:00 2 late at ${40 * day + 4}: 2`,
      `week 03-02T00:00 2 late at ${40 * day + 4}: 2`,
      `month 03-01T00:00 2 late at ${40 * day + 4}: 2`,
      `quarter 01-01T00:00 2 late at ${40 * day + 4}: 2`,
    ])
  })
})

describe('what ended before the tenant began', () => {
  const before = (days: number): EpochMs => (eight - days * 24 * hourMs) as EpochMs

  test('is issued where something falls into it, with revision 1; hours only while their quarters are kept', async () => {
    const steps: Step[] = [
      [at(1), opened(before(2), 'c-1'), opened(before(20), 'c-2')],
      ...nothing(at(2), at(3), at(4)),
    ]
    expect(await told(steps, ['hour', 'day'])).toEqual([
      'hour 02-28T08:00 1 late at 3: 1',
      'day 02-10T00:00 1 late at 3: 1',
      'day 02-28T00:00 1 late at 3: 1',
    ])
  })
})

test('what a bot has resolved is issued once more, when a week has passed for the whole period', async () => {
  const contactId = 'c-1'
  const resolved = [
    event(at(1), 'contact.opened', { contactId, channel: 'chat', handledBy: 'bot' }),
    event(at(3), 'message.sent', { contactId, from: 'bot' }),
    event(at(4), 'contact.resolved', { contactId }),
  ]
  const week = (7 * 24 * hourMs) / minuteMs
  const window = defaultTenantConfig.fcrWindowMs / minuteMs
  const around = [window, week].flatMap((minute) =>
    Array.from({ length: 24 }, (_, n) => at(minute + n * 5)),
  )
  const seen = await told([[at(4), ...resolved], ...nothing(at(62), at(63), ...around)], ['hour'])
  expect(seen).toEqual([
    'hour 03-02T08:00 1 closed at 63: 1',
    `hour 03-02T08:00 2 matured at ${week + 70}: 1`,
  ])
})

test('what matures with time is issued once, when its window has passed for the whole period', async () => {
  const resolved = [
    opened(at(1), 'c-1'),
    event(at(2), 'contact.assigned', { contactId: 'c-1', agentId: '7' }),
    event(at(3), 'message.sent', { contactId: 'c-1', from: 'agent', agentId: '7' }),
    event(at(4), 'contact.resolved', { contactId: 'c-1', agentId: '7' }),
  ]
  const window = defaultTenantConfig.fcrWindowMs / minuteMs
  const quarters = Array.from({ length: 24 }, (_, n) => at(window + n * 5))
  const seen = await told([[at(4), ...resolved], ...nothing(at(62), at(63), ...quarters)], ['hour'])
  expect(seen).toEqual([
    'hour 03-02T08:00 1 closed at 63: 1',
    `hour 03-02T08:00 2 matured at ${window + 70}: 1`,
  ])
})

test('what matures and is taken back within a minute is no change, in one record or in two', async () => {
  const contactId = 'c-1'
  const resolved = [
    opened(at(1), contactId),
    event(at(2), 'contact.assigned', { contactId, agentId: '7' }),
    event(at(3), 'message.sent', { contactId, from: 'agent', agentId: '7' }),
    event(at(4), 'contact.resolved', { contactId, agentId: '7' }),
  ]
  const window = defaultTenantConfig.fcrWindowMs / minuteMs
  const discarded: Step = [at(window + 62, 50), event(at(5), 'contact.discarded', { contactId })]
  for (const between of [nothing(at(window + 62, 10)), []]) {
    const steps = [[at(4), ...resolved] as Step, ...nothing(at(62), at(63), at(window)), ...between]
    const after = nothing(at(window + 63), at(window + 64), at(window + 65))
    expect(await told([...steps, discarded, ...after])).toEqual([
      'hour 03-02T08:00 1 closed at 63: 1',
      `hour 03-02T08:00 2 late at ${window + 64}: 0`,
    ])
  }
})

test('what came and went in a period while it ran holds nothing up later, in one record or in two', async () => {
  // 1,500 slices are what three ticks issue: the slices of queue z, behind all of them, would be left for the fourth.
  const many = Array.from({ length: 499 }, (_, n) => opened(at(1), `c-${n}`, `q-${1_000 + n}`))
  const inTwo: Step[] = [
    [at(2, 10), opened(at(2), 'gone', 'z')],
    [at(2, 50), event(at(2), 'contact.discarded', { contactId: 'gone' })],
  ]
  const inOne: Step = [at(2, 50), ...inTwo.flatMap(([, ...events]) => events)]
  const late: Step = [at(64, 20), opened(at(3), 'late', 'q-1000')]
  const around = (steps: readonly Step[]): readonly Step[] => [
    ...[[at(1), ...many] as Step, ...steps, ...nothing(at(62), at(63), at(64)), late],
    ...nothing(at(65), at(66), at(67)),
  ]
  for (const steps of [inTwo, [inOne]])
    expect(await told(around(steps))).toEqual([
      'hour 03-02T08:00 1 closed at 63: 499',
      'hour 03-02T08:00 2 late at 66: 500',
    ])
})

test('a tick issues a bounded number of slices, in order of their texts; the rest follows at the next ones', async () => {
  const count = 700
  const many = Array.from({ length: count }, (_, n) => opened(at(1), `c-${n}`, `q-${1_000 + n}`))
  const log = [
    recordOfEntries(0, at(1), many.map(eventEntry)),
    ...[62, 63, 64, 65, 66, 67, 68].map((minute, n) => recordOfEntries(n + 1, at(minute), [])),
  ]
  const messages = closedMessages(await foldLog(log, { batchSizes: [1] }))
  const perTick = [63, 64, 65, 66, 67, 68].map((minute) =>
    messages
      .filter(({ closedAt }) => Date.parse(closedAt) === at(minute))
      .map(({ slice }) => slice),
  )
  expect(perTick.map((slices) => slices.length).slice(0, 2)).toEqual([500, 500])
  const all = perTick.flat()
  expect(all).toEqual(all.toSorted())
  expect(new Set(all).size).toBe(all.length)
  expect(all.filter((slice) => /^queue=q-\d+$/.test(slice))).toHaveLength(count)
  expect(messages.every(({ cause, revision }) => cause === 'closed' && revision === 1)).toBe(true)
})
