import { expect, test } from 'vitest'
import { minuteMs } from '../time/time.ts'
import { defaultTenantConfig } from './tenant-config.ts'
import { beginningOfTimeMs, configAt, propose, type Proposal } from './versions.ts'

const proposal = (id: string, predecessor: string | null): Proposal => ({
  id,
  predecessor,
  config: defaultTenantConfig,
})
const beginning = { takenMs: beginningOfTimeMs, fromMs: beginningOfTimeMs }
const first = { id: 'a', ...beginning, config: defaultTenantConfig }

test('the first version is in force from the beginning of time', () => {
  expect(propose([], proposal('a', null), 1_000)).toEqual({ kind: 'taken', versions: [first] })
})

test.each([
  { takenMs: 1_000, fromMs: 15 * minuteMs },
  { takenMs: 10 * minuteMs - 1, fromMs: 15 * minuteMs },
  { takenMs: 10 * minuteMs, fromMs: 30 * minuteMs }, // An event of this very quarter-hour may have been accepted.
  { takenMs: -10 * minuteMs - 1, fromMs: 0 },
])(
  'a later one, met at $takenMs, is in force from the first quarter-hour that no event accepted before it can have reached, 5 minutes ahead of its append',
  (times) => {
    const next = { id: 'b', ...times, config: defaultTenantConfig }
    expect(propose([first], proposal('b', 'a'), times.takenMs)).toEqual({
      kind: 'taken',
      versions: [first, next],
    })
  },
)

test('the current version again is known, whatever predecessor it names', () => {
  expect(propose([first], proposal('a', null), 1_000)).toEqual({ kind: 'known' })
})

test.each([
  { rule: 'another predecessor', versions: [first], predecessor: 'z', current: 'a' },
  { rule: 'none, where there is one', versions: [first], predecessor: null, current: 'a' },
  { rule: 'one, where there is none', versions: [], predecessor: 'a', current: null },
])('$rule is a conflict, which names the current version', ({ versions, predecessor, current }) => {
  expect(propose(versions, proposal('b', predecessor), 1_000)).toEqual({
    kind: 'conflict',
    current,
  })
})

test('in force is the last version that begins at or before an instant', () => {
  const named = (timeZone: string) => ({ ...defaultTenantConfig, timeZone })
  const versions = [
    { id: 'a', ...beginning, config: named('UTC') },
    { id: 'b', takenMs: 1, fromMs: 10, config: named('Asia/Tokyo') },
    { id: 'c', takenMs: 1, fromMs: 20, config: named('Europe/Rome') },
  ]
  expect([-1e15, 9, 10, 19, 20, 1e15].map((atMs) => configAt(versions, atMs).timeZone)).toEqual([
    ...['UTC', 'UTC', 'Asia/Tokyo', 'Asia/Tokyo', 'Europe/Rome', 'Europe/Rome'],
  ])
})
