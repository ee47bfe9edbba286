import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alwaysInForce, businessBetween, historyOf } from '../config/business-time.ts'
import { type Clock, defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import { beginningOfTimeMs } from '../config/versions.ts'
import { binOf } from '../measures/histogram.ts'
import { backlogMembersKey } from '../state/keys.ts'
import { type EpochMs, hourMs, minuteMs } from '../time/time.ts'
import { type BacklogMember, encodeMember } from './backlog.ts'
import { type HeldOpen, heldOpen, type OpenQuestion } from './held-open.ts'

const startMs = Date.parse('2026-03-27T00:00:00Z')
const at = (ms: number): EpochMs => (startMs + ms) as EpochMs
const tenant = 'acme'

const opening = (fromMinute: number, toMinute: number) => ({
  hours: [{ days: [1, 2, 3, 4, 5], fromMinute, toMinute }],
  holidays: [],
  workdays: [],
})
const open: TenantConfig = { ...defaultTenantConfig, timeZone: 'Europe/Rome' }
const office: TenantConfig = {
  ...open,
  calendars: { office: opening(9 * 60, 17 * 60), night: opening(20 * 60, 4 * 60) },
  calendar: 'office',
  queueCalendars: { tech: 'night' },
}
const histories = [
  alwaysInForce(office),
  historyOf([
    { id: 'a', takenMs: beginningOfTimeMs, fromMs: beginningOfTimeMs, config: open },
    { id: 'b', takenMs: 0, fromMs: at(20 * hourMs), config: office },
    { id: 'c', takenMs: 0, fromMs: at(80 * hourMs), config: { ...office, calendar: null } },
  ]),
]
const clocks = ['calendar', 'business', 'class'] as const

const unlimited = { limitMs: null, dueAfterMs: null }
const limit = fc.oneof(
  fc.constant(unlimited),
  fc.constant({ limitMs: hourMs, dueAfterMs: null }),
  fc
    .tuple(fc.constantFrom(hourMs, 8 * hourMs + 1), fc.constantFrom(0, 30 * minuteMs))
    .map(([limitMs, pausedMs]) => ({ limitMs, dueAfterMs: limitMs + pausedMs })),
)
const member: fc.Arbitrary<BacklogMember> = fc
  .record({
    sinceMs: fc.integer({ min: 0, max: 90 * hourMs }).map(at),
    clock: fc.constantFrom<Clock>('calendar', 'business'),
    queue: fc.constantFrom(null, 'billing', 'tech'),
    slices: fc.subarray([0, 1, 2, 300], { minLength: 1 }),
    limit,
  })
  .map(({ limit: its, ...placed }) => ({ ...placed, ...its }))
const change = fc.record({
  id: fc.integer({ min: 0, max: 8 }).map((n) => `c-${n}`),
  member: fc.option(member),
})
const asked = fc.record({
  kind: fc.constantFrom('backlog.member' as const, 'backlog.overdue' as const),
  slice: fc.constantFrom(0, 1, 300, 7),
  clock: fc.constantFrom(...clocks),
  history: fc.constantFrom(...histories),
  laterMs: fc.integer({ min: 0, max: 9 * hourMs }),
})

/** Of all of them, one by one. */
function plainly(
  members: ReadonlyMap<string, BacklogMember>,
  { slice, kind, aging }: OpenQuestion,
  atMs: EpochMs,
) {
  const isOfOverdue = kind === 'backlog.overdue'
  let lateness = 0
  const ages = [...members].flatMap(([id, member]) => {
    const { sinceMs, slices, clock: own, queue, limitMs, dueAfterMs } = member
    const clock = aging!.clock === 'class' ? own : aging!.clock
    const ageMs =
      clock === 'calendar' ? atMs - sinceMs : businessBetween(aging!.history, queue, sinceMs, atMs)
    if (!slices.includes(slice)) return []
    if (isOfOverdue) {
      if (limitMs === null || dueAfterMs === null || ageMs < dueAfterMs) return []
      lateness += Math.round((1e6 * (ageMs - dueAfterMs)) / limitMs)
    }
    return [{ id, sinceMs, ageMs }]
  })
  const oldest = ages.sort((a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))
  const bins = ages.map(({ ageMs }) => binOf(ageMs)).sort((a, b) => a - b)
  const sum = ages.reduce((total, { ageMs }) => total + ageMs, 0)
  return { oldest, sum, bins, lateness: isOfOverdue ? lateness : undefined }
}

function told(held: HeldOpen, question: OpenQuestion, atMs: EpochMs) {
  const { count, oldest, ages, lateness } = held.answer(question, atMs)
  const { bins, sum } = ages!
  expect([count, bins.total]).toEqual([ages!.count, count])
  return {
    oldest: oldest.map(({ row, sinceMs, ageMs }) => ({
      id: 'contactId' in row ? row.contactId : '',
      sinceMs,
      ageMs,
    })),
    sum,
    lateness,
    bins: bins.bins.flatMap((bin, place) => Array<number>(bins.counts[place]!).fill(bin)),
  }
}

test('after any changes the ages are those of each contact, and how late those past their limit are, on any clock, whatever the hours were meanwhile', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(change, asked), { maxLength: 60 }), (steps) => {
      const held = heldOpen(backlogMembersKey(tenant))
      const members = new Map<string, BacklogMember>()
      let atMs = at(90 * hourMs)
      for (const step of steps) {
        if ('id' in step) {
          held.put(step.id, step.member === null ? null : encodeMember(step.member))
          if (step.member === null) members.delete(step.id)
          else members.set(step.id, step.member)
        } else {
          atMs = (atMs + step.laterMs) as EpochMs
          const { slice, kind, ...aging } = step
          const question = { tenant, slice, kind, members: Infinity, aging } as const
          expect(told(held, question, atMs)).toEqual(plainly(members, question, atMs))
        }
        expect(held.size).toBe(members.size)
      }
    }),
    { numRuns: 300 },
  )
})

test('as many are named as are asked for, the oldest first; without a clock ages are calendar time', () => {
  const held = heldOpen(backlogMembersKey(tenant))
  for (const n of [3, 1, 2])
    held.put(
      `c-${n}`,
      encodeMember({ sinceMs: at(n), slices: [0], clock: 'business', queue: null, ...unlimited }),
    )
  const question = { tenant, slice: 0, kind: 'backlog.member', members: 2 } as const
  const { count, oldest } = held.answer(question, at(minuteMs))
  expect(count).toBe(3)
  expect(oldest).toMatchObject([
    { sinceMs: at(1), ageMs: minuteMs - 1, row: { contactId: 'c-1' } },
    { sinceMs: at(2), ageMs: minuteMs - 2, row: { contactId: 'c-2' } },
  ])
  expect(held.answer({ ...question, members: 0 }, at(minuteMs)).oldest).toEqual([])
})

test('a sum past the safe integers is exact', () => {
  const held = heldOpen(backlogMembersKey(tenant))
  const sinceMs = -3_999_999_999_999 as EpochMs
  const place = { slices: [0], clock: 'calendar', queue: null, ...unlimited } as const
  for (let n = 0; n < 5_001; n += 1) held.put(`c-${n}`, encodeMember({ sinceMs, ...place }))
  const question = { tenant, slice: 0, kind: 'backlog.member', members: 0 } as const
  const { ages } = held.answer(question, 4_000_000_000_000 as EpochMs)
  expect(ages!.sum).toBe(5_001n * 7_999_999_999_999n)
})

test('at exactly its limit a contact is past it, and no cycle late; one whose limit stands still, or that has none, never is', () => {
  const held = heldOpen(backlogMembersKey(tenant))
  const place = { sinceMs: at(0), slices: [0], clock: 'calendar', queue: null } as const
  const limits = [
    { limitMs: minuteMs, dueAfterMs: minuteMs },
    { limitMs: minuteMs, dueAfterMs: 2 * minuteMs },
    { limitMs: minuteMs, dueAfterMs: null },
    unlimited,
  ]
  for (const [n, its] of limits.entries()) held.put(`c-${n}`, encodeMember({ ...place, ...its }))
  const overdue = (ms: number) => {
    const kind = 'backlog.overdue'
    const { count, lateness, oldest } = held.answer({ tenant, slice: 0, kind, members: 9 }, at(ms))
    return [count, lateness, oldest.map(({ row }) => 'contactId' in row && row.contactId)]
  }
  expect(overdue(minuteMs - 1)).toEqual([0, 0, []])
  expect(overdue(minuteMs)).toEqual([1, 0, ['c-0']])
  expect(overdue(2.5 * minuteMs)).toEqual([2, 2_000_000, ['c-0', 'c-1']])
})
