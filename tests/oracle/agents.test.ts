import { expect, test } from 'vitest'
import { defaultTenantConfig } from '@deskpulse/core/config'
import {
  agentStates,
  type CanonicalEvent,
  type EventData,
  type EventType,
} from '@deskpulse/core/events'
import type { KpiValue } from '@deskpulse/core/kpis'
import { allText, decodeSliceTable } from '@deskpulse/core/measures'
import { slicesKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, periodsIn } from '@deskpulse/core/time'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import type { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import { logOf, openAnswers, readerOf, tenant } from './support/folded.ts'

const nineMs = Date.UTC(2026, 2, 2, 9)
const minute = (minutes: number): EpochMs => (nineMs + minutes * 60_000) as EpochMs

let events = 0
const event = (timeMs: EpochMs, type: EventType, data: EventData): CanonicalEvent => {
  return { type, id: `e-${(events += 1)}`, source: '/acd', timeMs, sequence: '0', tenant, data }
}
const isIn = (timeMs: EpochMs, state: string, more: EventData = {}): CanonicalEvent =>
  event(timeMs, 'agent.state_changed', { agentId: 'a-1', state, ...more })
const opened = (timeMs: EpochMs, contactId: string): CanonicalEvent =>
  event(timeMs, 'contact.opened', { contactId, channel: 'voice' })
const assigned = (timeMs: EpochMs, contactId: string): CanonicalEvent =>
  event(timeMs, 'contact.assigned', { contactId, agentId: 'a-1' })
const released = (timeMs: EpochMs, contactId: string): CanonicalEvent =>
  event(timeMs, 'contact.released', { contactId, agentId: 'a-1' })

const folded = (told: readonly CanonicalEvent[], asOfMs: EpochMs): Promise<MemoryStore> =>
  foldLog(
    logOf(
      told.map((one) => ({ event: one, atMs: one.timeMs })),
      defaultTenantConfig,
      asOfMs,
    ),
    { batchSizes: [1] },
  )

/** As `GET …/agents` lists them. */
function agentsOf(store: MemoryStore) {
  const slice = decodeSliceTable(store.records.get(slicesKey(tenant))!).texts.indexOf(allText)
  const answer = openAnswers(store)
  return agentStates.flatMap((state) =>
    answer({ tenant, slice, kind: `agent.${state}`, members: 100 }).oldest.map(({ row }) => ({
      state,
      ...row,
    })),
  )
}

const live = (store: MemoryStore): Map<string, KpiValue> =>
  readerOf(store, defaultTenantConfig).live('all', 'today')

test('a quiet hour signs nobody out: an agent who was available two hours ago and has a call is signed in, engaged', async () => {
  const now = minute(120)
  const ago = (seconds: number): EpochMs => (now - seconds * 1_000) as EpochMs
  const store = await folded(
    [isIn(ago(7_200), 'available'), opened(ago(300), 'c-1'), assigned(ago(295), 'c-1')],
    now,
  )
  expect(agentsOf(store)).toEqual([
    { agentId: 'a-1', state: 'available', contacts: 1, capacity: null, queues: [] },
  ])
  expect(live(store).get('occupancy')).toMatchObject({ numerator: 295_000, denominator: 7_200_000 })
  expect(live(store).get('agents_by_state')).toMatchObject({
    value: 1,
    breakdown: { available: 1, offline: 0 },
  })
  expect(live(store).get('agents_available')).toMatchObject({ value: 0 })
})

test('available from 09:00 to 17:00 with three short calls is 28,800,000 ms signed in, whatever the gaps', async () => {
  const calls = [5, 170, 475].flatMap((start, index) => {
    const contactId = `c-${index}`
    return [
      opened(minute(start), contactId),
      assigned(minute(start), contactId),
      released(minute(start + 3), contactId),
    ]
  })
  const store = await folded(
    [isIn(minute(0), 'available'), ...calls, isIn(minute(480), 'offline')],
    minute(600),
  )
  const [day] = periodsIn('day', { startMs: nineMs as EpochMs, endMs: minute(600) }, 'UTC')
  expect(readerOf(store, defaultTenantConfig).period('all', day!).get('utilization')).toMatchObject(
    {
      numerator: 9 * 60_000,
      denominator: 28_800_000,
    },
  )
})

test('available for chat, then offline for voice: signed in', async () => {
  const store = await folded(
    [
      isIn(minute(0), 'available', { channel: 'chat' }),
      isIn(minute(1), 'offline', { channel: 'voice' }),
    ],
    minute(5),
  )
  expect(agentsOf(store)).toMatchObject([{ agentId: 'a-1', state: 'available' }])
  expect(live(store).get('agents_available')).toMatchObject({ value: 1 })
  expect(live(store).get('utilization')).toMatchObject({ denominator: 300_000 })
})

test('states by channel and the capacity go on over midnight, also where another worker takes over', async () => {
  const late = (minutes: number): EpochMs =>
    (Date.UTC(2026, 2, 2, 23, 50) + minutes * 60_000) as EpochMs
  const told = [
    isIn(late(0), 'available', { channel: 'chat', capacity: { chat: 3 } }),
    isIn(late(1), 'break', { channel: 'voice', capacity: { voice: 1 } }),
    isIn(late(30), 'offline', { channel: 'chat' }),
  ]
  const arrivals = told.map((one) => ({ event: one, atMs: one.timeMs }))
  const store = await foldLog(logOf(arrivals, defaultTenantConfig, late(40)), {
    batchSizes: [1],
    restartAt: new Set([2, 3]),
  })
  expect(agentsOf(store)).toMatchObject([{ agentId: 'a-1', state: 'break', capacity: 4 }])
})

test('who was signed out at the end of the longest shift is back with the first contact of the next day', async () => {
  const nextDay = (minutes: number): EpochMs => (minute(minutes) + dayMs) as EpochMs
  const store = await folded(
    [isIn(minute(0), 'available'), opened(nextDay(0), 'c-1'), assigned(nextDay(1), 'c-1')],
    nextDay(5),
  )
  expect(agentsOf(store)).toMatchObject([{ agentId: 'a-1', state: 'available', contacts: 1 }])
  expect(live(store).get('occupancy')).toMatchObject({
    numerator: 240_000,
    denominator: 3_600_000 + 240_000,
  })
})
