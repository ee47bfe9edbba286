import { expect, test } from 'vitest'
import type { CanonicalEvent } from '../../events/event.ts'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import { dayMs, type EpochMs, minuteMs } from '../../time/time.ts'
import { decodeAgentCarry, encodeAgentCarry } from './agent-carry.ts'
import type { Engagement } from './engagement.ts'
import { foldAgentDay } from './fold-agent-day.ts'

const dayStartMs = (20_000 * dayMs) as EpochMs
const at = (minute: number): EpochMs => (dayStartMs + minute * minuteMs) as EpochMs

/** Offers of a contact, by the minutes at which they ended. */
const offered = (missed: readonly number[], accepted: readonly number[] = []): Engagement => ({
  ...{ contactId: 'c-1', spans: [] },
  mentionsMs: [...missed, ...accepted].sort((a, b) => a - b).map(at),
  missedMs: missed.map(at),
  acceptedMs: accepted.map(at),
})

function foldedTo(
  minute: number,
  engagements: readonly Engagement[],
  events: readonly CanonicalEvent[] = [],
) {
  const untilMs = at(minute)
  const given = { agentId: 'a-1', dayStartMs, carryIn: null, largestHeartbeatMs: null }
  return foldAgentDay({ ...given, events, engagements, config: defaultTenantConfig, untilMs })
}

test.each<[rule: string, told: readonly Engagement[], missed: number, sinceMinute: number | null]>([
  ['nothing was offered', [], 0, null],
  ['of one contact and another they follow each other', [offered([1, 7]), offered([3])], 3, 1],
  ['two at one instant are two', [offered([4, 4])], 2, 4],
  ['an accepted one ends the row', [offered([1, 2], [3]), offered([5])], 1, 5],
  [
    'one that is missed when another is accepted is not after it',
    [offered([3]), offered([], [3])],
    0,
    null,
  ],
])('missed in a row: %s', (_, told, missed, sinceMinute) => {
  const { carryOut, open } = foldedTo(60, told)
  expect(carryOut.missed?.count ?? 0).toBe(missed)
  const stands = sinceMinute === null ? [] : [{ kind: 'agent-missed', sinceMs: at(sinceMinute) }]
  expect(open).toEqual(stands)
})

test('what is ahead of log time is not missed yet', () => {
  expect(foldedTo(2, [offered([1, 5])]).carryOut.missed).toEqual({ count: 1, sinceMs: at(1) })
})

test('signing out leaves it, and it is handed on to the next day', () => {
  const state = (minute: number, name: string): CanonicalEvent => ({
    ...{ type: 'agent.state_changed', id: `e-${minute}`, source: '/acd', sequence: '0' },
    ...{ tenant: 'acme', timeMs: at(minute), data: { agentId: 'a-1', state: name } },
  })
  const events = [state(0, 'available'), state(10, 'offline')]
  const { carryOut, open } = foldedTo(1_440, [offered([1, 5])], events)
  expect(open.map(({ kind }) => kind)).toEqual(['agent.offline', 'agent-missed'])
  expect(decodeAgentCarry(encodeAgentCarry(carryOut))).toEqual(carryOut)
  const next = foldAgentDay({
    ...{ agentId: 'a-1', dayStartMs: at(1_440), carryIn: carryOut, largestHeartbeatMs: null },
    ...{ events: [], engagements: [offered([1_441])], config: defaultTenantConfig },
    untilMs: at(1_500),
  })
  expect(next.carryOut.missed).toEqual({ count: 3, sinceMs: at(1) })
})
