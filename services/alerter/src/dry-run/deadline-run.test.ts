import type { AgentRule, ContactRule, SourceRule } from '@deskpulse/core/alerts'
import { defaultVersion } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { recordOf } from '@deskpulse/engine/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deadlineRun } from './deadline-run.ts'
import type { DryRunAlert } from './result.ts'

const startMs = Date.parse('2026-03-02T10:00:00Z')
const at = (seconds: number): EpochMs => (startMs + 1_000 * seconds) as EpochMs

const base = {
  enabled: true,
  severity: 'warning',
  escalation: null,
  warnAt: null,
  labels: {},
  text: { en: '', zh: '' },
  hours: null,
  repeatMs: null,
  endpoints: null,
} as const
const waiting: ContactRule = {
  ...base,
  kind: 'deadline',
  subject: 'contact',
  name: 'waiting',
  limitMs: 30_000,
  waits: ['reply', 'queue'],
  classes: ['live', 'voice'],
  slice: 'all',
}
const onBreak: AgentRule = {
  ...base,
  kind: 'deadline',
  subject: 'agent',
  name: 'break',
  limitMs: 600_000,
  states: ['break'],
  slice: 'all',
}
const silent: SourceRule = {
  ...base,
  kind: 'deadline',
  subject: 'source',
  name: 'silent',
  limitMs: 60_000,
  sources: null,
}

let serial = 0
function event(seconds: number, type: EventType, data: EventData, source = '/s'): CanonicalEvent {
  serial += 1
  return {
    type,
    id: String(serial),
    source,
    timeMs: at(seconds),
    sequence: '0',
    tenant: 'acme',
    data,
  }
}
const opened = (seconds: number, contactId: string, data: EventData = {}) =>
  event(seconds, 'contact.opened', { contactId, channel: 'chat', queue: 'billing', ...data })
const asks = (seconds: number, contactId: string) =>
  event(seconds, 'message.sent', { contactId, from: 'customer' })
const answers = (seconds: number, contactId: string) =>
  event(seconds, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' })

type Record = { readonly seconds: number; readonly events: readonly CanonicalEvent[] }
const record = (seconds: number, ...events: readonly CanonicalEvent[]): Record => ({
  seconds,
  events,
})

async function ran(
  rule: ContactRule | AgentRule | SourceRule,
  records: readonly Record[],
  endSeconds: number,
) {
  const { own, replay, finish } = deadlineRun(rule, 'acme', [defaultVersion])
  const log = records.map(({ seconds, events }, offset) => recordOf(offset, at(seconds), events))
  await replay.fold(log.map((one) => own.next(one)))
  return finish(at(endSeconds))
}

const shown = ({ subject, sinceMs, startedMs, endedMs, end }: DryRunAlert) => [
  subject,
  ...[sinceMs, startedMs, endedMs].map((ms) => (ms === null ? null : (ms - startMs) / 1_000)),
  end,
]

describe('a rule about contacts', () => {
  test('fires when the limit has passed, and is over with the answer', async () => {
    const { alerts } = await ran(
      waiting,
      [record(0, opened(0, 'c'), asks(0, 'c')), record(45, answers(45, 'c'))],
      60,
    )
    expect(alerts.map(shown)).toEqual([['contact/c', 0, 30, 45, 'over']])
    expect(alerts[0]).toMatchObject({ slice: 'queue=billing', value: 45_000, late: false })
  })

  test('does not fire when the answer came in time', async () => {
    expect(
      (
        await ran(
          waiting,
          [record(0, opened(0, 'c'), asks(0, 'c')), record(29, answers(29, 'c'))],
          60,
        )
      ).alerts,
    ).toEqual([])
  })

  test('still fires at the end of what was read, with how long the wait is by then', async () => {
    const { alerts } = await ran(waiting, [record(0, opened(0, 'c'), asks(0, 'c'))], 50)
    expect(alerts.map(shown)).toEqual([['contact/c', 0, 30, null, null]])
    expect(alerts[0]?.value).toBe(50_000)
  })

  test('is retracted by an answer in time that came late', async () => {
    const { alerts } = await ran(
      waiting,
      [record(0, opened(0, 'c'), asks(0, 'c')), record(31), record(35, answers(20, 'c'))],
      60,
    )
    expect(alerts.map(shown)).toEqual([['contact/c', 0, 30, 30, 'retracted']])
  })

  test('counts nothing that began and was taken back in one step of the log: nobody is told of that', async () => {
    expect(
      (
        await ran(
          waiting,
          [record(0, opened(0, 'c'), asks(0, 'c')), record(35, answers(20, 'c'))],
          60,
        )
      ).alerts,
    ).toEqual([])
  })

  test('counts each wait of a contact', async () => {
    const records = [
      record(0, opened(0, 'c'), asks(0, 'c')),
      record(40, answers(40, 'c')),
      record(50, asks(50, 'c')),
      record(90, answers(90, 'c')),
    ]
    expect((await ran(waiting, records, 100)).alerts.map(shown)).toEqual([
      ['contact/c', 0, 30, 40, 'over'],
      ['contact/c', 50, 80, 90, 'over'],
    ])
  })

  test('marks what a back-fill brings as late', async () => {
    expect(
      (await ran(waiting, [record(3_600, opened(0, 'c'), asks(0, 'c'))], 3_600)).alerts,
    ).toMatchObject([{ late: true }])
  })

  test('does not ask whether the rule is enabled', async () => {
    expect(
      (await ran({ ...waiting, enabled: false }, [record(0, opened(0, 'c'), asks(0, 'c'))], 60))
        .alerts,
    ).toHaveLength(1)
  })

  test('leaves out contacts that began before, where the source sends openings', async () => {
    const run = await ran(
      waiting,
      [record(0, asks(0, 'old')), record(1, opened(1, 'new'), asks(1, 'new'))],
      60,
    )
    expect(run.alerts.map(({ subject }) => subject)).toEqual(['contact/new'])
    expect(run.leftOut).toBe(1)
  })

  test('takes every contact of a source that sends no openings', async () => {
    expect(await ran(waiting, [record(0, asks(0, 'c'))], 60)).toMatchObject({
      alerts: [{ subject: 'contact/c' }],
      leftOut: 0,
    })
  })

  test('takes no event that is far ahead of the log', async () => {
    expect((await ran(waiting, [record(0, opened(0, 'c'), asks(400, 'c'))], 3_600)).alerts).toEqual(
      [],
    )
  })

  test('finds the same however the log was cut into records', async () => {
    const waits = fc.array(fc.record({ ask: fc.nat(300), wait: fc.integer({ min: 1, max: 90 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(waits, fc.array(fc.nat(3), { minLength: 1 }), async (all, sizes) => {
        const events = all
          .flatMap(({ ask, wait }, n) => [
            opened(ask, `c${n}`),
            asks(ask, `c${n}`),
            answers(ask + wait, `c${n}`),
          ])
          .sort((a, b) => a.timeMs - b.timeMs)
        const one = events.map((single) => record((single.timeMs - startMs) / 1_000, single))
        const cut: Record[] = []
        for (let rest = events, n = 0; rest.length > 0; n += 1) {
          const second = rest[0]!.timeMs
          const size = Math.min(
            1 + sizes[n % sizes.length]!,
            rest.filter(({ timeMs }) => timeMs === second).length,
          )
          cut.push(record((second - startMs) / 1_000, ...rest.slice(0, size)))
          rest = rest.slice(size)
        }
        const expected = all.filter(({ wait }) => wait > 30).length
        expect((await ran(waiting, one, 1_000)).alerts).toHaveLength(expected)
        expect((await ran(waiting, cut, 1_000)).alerts.map(shown)).toEqual(
          (await ran(waiting, one, 1_000)).alerts.map(shown),
        )
      }),
    )
  })
})

describe('a rule about agents', () => {
  const state = (seconds: number, name: string) =>
    event(seconds, 'agent.state_changed', { agentId: 'a-1', state: name })

  test('fires when a state lasts too long, and is over with the state', async () => {
    const records = [
      record(0, state(0, 'available')),
      record(60, state(60, 'break')),
      record(900, state(900, 'available')),
    ]
    const { alerts } = await ran(onBreak, records, 1_000)
    expect(alerts.map(shown)).toEqual([['agent/a-1', 60, 660, 900, 'over']])
    expect(alerts[0]?.slice).toBe('agent=a-1')
  })

  test('goes on over midnight', async () => {
    const eve = 13 * 3_600 + 3_500
    const { alerts } = await ran(
      onBreak,
      [record(eve, state(eve, 'break')), record(eve + 1_200, state(eve + 1_200, 'available'))],
      eve + 1_300,
    )
    expect(alerts.map(shown)).toEqual([['agent/a-1', eve, eve + 600, eve + 1_200, 'over']])
  })

  test('is found from midnight on where the state began a little ahead of the log, on the day to come', async () => {
    const midnight = 14 * 3_600
    const { alerts } = await ran(
      onBreak,
      [record(midnight - 120, state(midnight + 60, 'break'))],
      midnight + 700,
    )
    expect(alerts.map(shown)).toEqual([['agent/a-1', midnight + 60, midnight + 660, null, null]])
  })

  test('is over when the agent is signed out at the end of the longest shift, not after a quiet hour', async () => {
    const { alerts } = await ran(onBreak, [record(0, state(0, 'break'))], 17 * 3_600)
    expect(alerts.map(shown)).toEqual([['agent/a-1', 0, 600, 16 * 3_600, 'over']])
  })
})

describe('a rule about sources', () => {
  test('fires when nothing comes any more, and is over when something does', async () => {
    const { alerts } = await ran(
      silent,
      [record(0, asks(0, 'c')), record(100, asks(100, 'c'))],
      110,
    )
    expect(alerts.map(shown)).toEqual([['source//s', 0, 60, 100, 'over']])
  })

  test('does not take a repeat for a sign of life', async () => {
    const once = asks(0, 'c')
    const { alerts } = await ran(silent, [record(0, once), record(50, once)], 110)
    expect(alerts.map(shown)).toEqual([['source//s', 0, 60, null, null]])
  })

  test('is over when the source is forgotten, after a week', async () => {
    const week = 7 * 86_400
    const { alerts } = await ran(silent, [record(0, asks(0, 'c'))], week + 60)
    expect(alerts.map(shown)).toEqual([['source//s', 0, 60, week, 'withdrawn']])
  })

  test('does not watch a source that only back-fills', async () => {
    expect((await ran(silent, [record(3_600, asks(0, 'c'))], 7_200)).alerts).toEqual([])
  })
})
