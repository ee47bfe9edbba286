import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { families } from '@deskpulse/core/kpis'
import { cellsPerField } from '@deskpulse/core/measures'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { foldedInWays, type Step } from '../testing/folded-in-ways.ts'
import { measuresOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const tenant = 'acme'
const startMs = Date.UTC(2026, 2, 2)
const at = (day: number, hour = 0): EpochMs => (startMs + day * dayMs + hour * hourMs) as EpochMs
const iso = (atMs: number): string => new Date(atMs).toISOString()

let events = 0
const event = (
  timeMs: EpochMs,
  type: EventType,
  data: EventData,
  id = `e-${(events += 1)}`,
): CanonicalEvent => ({
  ...{ type, id, source: '/wfm', timeMs, sequence: '0', tenant },
  data: { agentId: 'a-1', ...data },
})
const state = (timeMs: EpochMs, name: string) =>
  event(timeMs, 'agent.state_changed', { state: name })
const scheduled = (timeMs: EpochMs, fromMs: EpochMs, hours: number, id?: string) =>
  event(
    timeMs,
    'agent.scheduled',
    { shiftId: 's', start: iso(fromMs), end: iso(fromMs + hours * hourMs) },
    id,
  )
const attended = (timeMs: EpochMs, date: string) =>
  event(timeMs, 'agent.attendance', { date, scheduled: true, attended: true, violations: 2 })

/** Hours and counts of the days. */
const foldedDays = async (...steps: readonly Step[]): Promise<Record<string, object>> =>
  daysOf(await foldedInWays(tenant, steps))

const { measures } = families.find(({ name }) => name === 'shifts')!
const names = new Map(Object.entries(measures).map(([name, { field }]) => [field, name]))

const daysOf = (store: MemoryStore): Record<string, object> =>
  Object.fromEntries(
    Object.entries(measuresOf(store, tenant)).flatMap(([name, cells]) => {
      const [slice, resolution, start, family] = name.split(' ')
      if (slice !== 'all' || resolution !== 'day' || family !== 'shifts') return []
      const counts = Object.entries(cells).map(([key, value]) => {
        const one = names.get(Number(key) / cellsPerField)!
        return [one, one.endsWith('Time') ? value / hourMs : value] as const
      })
      return [[String((Number(start) - startMs) / dayMs), Object.fromEntries(counts)] as const]
    }),
  )

const absence = { scheduledTime: 8, scheduledProductiveTime: 8, attendanceDue: 1 }

test('a shift that was told ahead counts on its day, also of an agent who never comes', async () => {
  const told = await foldedDays(
    [at(0, 8), state(at(0, 8), 'available'), scheduled(at(0, 8), at(9, 9), 8)],
    [at(0, 9), state(at(0, 9), 'offline')],
    [at(12)],
  )
  expect(told).toEqual({ 9: absence })
})

test('a shift that is moved in time, also after it was over, counts where it was moved to', async () => {
  const told = await foldedDays(
    [at(0, 8), state(at(0, 8), 'offline'), scheduled(at(0, 8), at(1, 9), 8)],
    [at(1, 20), scheduled(at(1, 20), at(2, 9), 8)],
    [at(2, 20), scheduled(at(2, 20), at(0, 9), 8)],
    [at(4)],
  )
  expect(told).toEqual({ 0: absence })
})

test('a shift over midnight has the time of both days', async () => {
  const told = await foldedDays(
    [at(0, 21), state(at(0, 21), 'available'), scheduled(at(0, 21), at(0, 22), 8)],
    [at(1, 3), state(at(1, 3), 'offline')],
    [at(2)],
  )
  expect(told).toEqual({
    0: { adheredTime: 2, productiveTime: 3, scheduledProductiveTime: 2, scheduledTime: 2 },
    1: {
      ...{ adheredTime: 3, productiveTime: 3, scheduledProductiveTime: 6, scheduledTime: 6 },
      ...{ attendanceDue: 1, attendanceKept: 1 },
    },
  })
})

test('a shift whose event another one of its identity displaces is taken back', async () => {
  const told = await foldedDays(
    [at(0, 8), state(at(0, 8), 'offline'), scheduled(at(0, 8), at(0, 9), 8, 'x')],
    [
      at(0, 20),
      event(
        at(0, 7),
        'agent.scheduled',
        { shiftId: 't', start: iso(at(0, 9)), end: iso(at(0, 10)) },
        'x',
      ),
    ],
    [at(2)],
  )
  expect(told).toEqual({
    0: { attendanceDue: 1, scheduledProductiveTime: 1, scheduledTime: 1 },
  })
})

test('what is told of a date by hand stands in the place of its shifts, whichever came first', async () => {
  const shift = scheduled(at(0, 8), at(1, 9), 8)
  const date = attended(at(0, 9), '2026-03-03')
  const present = state(at(0, 8), 'offline')
  const is = {
    1: {
      ...{ scheduledTime: 8, scheduledProductiveTime: 8 },
      ...{ attendanceDue: 1, attendanceKept: 1, attendanceViolated: 2 },
    },
  }
  expect(await foldedDays([at(0, 9), present, shift], [at(3), date], [at(3, 1)])).toEqual(is)
  expect(await foldedDays([at(0, 9), present, date], [at(0, 10), shift], [at(3)])).toEqual(is)
})

test('a shift of a day past its lifetime is told too late', async () => {
  const told = await foldedDays(
    [at(0, 8), state(at(0, 8), 'offline')],
    [at(60), scheduled(at(30), at(0, 9), 8)],
    [at(61)],
  )
  expect(told).toEqual({})
})
