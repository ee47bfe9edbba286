import type { AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { LedgerReads } from '../../partition/ledger.ts'
import { clockKey, windowsKey } from '../keys.ts'
import { adoptions } from './adopted.ts'
import { decodeClock, encodeClock, newClockState } from './clock.ts'
import { decodeWindows, encodeWindows, newWindows, type WindowsState } from './windows-state.ts'

const nowMs = Date.parse('2026-03-02T10:00:00Z') as EpochMs
const at = (second: number): EpochMs => (nowMs + 1_000 * second) as EpochMs

const told = (changes: Partial<AlertTransition>): AlertTransition => ({
  ...{
    tenant: 'acme',
    rule: 'slow',
    subject: 'slice/queue=a',
    number: 7,
    kind: 'windowed',
    severity: 'warning',
    slice: 'queue=a',
  },
  ...{
    kpi: 'response_time',
    value: 9,
    limit: 5,
    unit: 'ms',
    labels: {},
    status: 'firing',
    sinceMs: at(-9),
    startedMs: at(-8),
  },
  ...{ endedMs: null, end: null, detectedMs: at(-7), late: false },
  ...changes,
})
const over = { status: 'resolved', endedMs: at(-1), end: 'over', detectedMs: at(-1) } as const
const pipeline = {
  kind: 'deadline',
  subject: 'pipeline',
  slice: 'all',
  rule: 'pipeline-stalled',
} as const
const clock = { ...pipeline, tenant: '_installation', subject: 'clock', rule: 'log-clock' } as const

/** What is stored of the tenant after these were adopted into what was; `null`: nothing was written. */
async function adopted(
  before: WindowsState | null,
  ...transitions: readonly AlertTransition[]
): Promise<WindowsState | null> {
  const stored = new Map(before === null ? [] : [[windowsKey('acme'), encodeWindows(before)]])
  const { puts } = await adoptions(transitions, readsOf(stored))
  const put = puts.find(({ key }) => key === windowsKey('acme'))
  return put?.bytes ? decodeWindows(put.bytes) : null
}

const readsOf = (stored: ReadonlyMap<string, Uint8Array>): LedgerReads => ({
  nowMs,
  values: (keys) => Promise.resolve(keys.map((key) => stored.get(key) ?? null)),
  list: () => Promise.reject(new Error('no list is read')),
})

test('a lost state goes on with the alerts that the topic holds, under their numbers', async () => {
  const windows = (await adopted(null, told({}), told({ ...pipeline, number: 3 })))!
  expect(windows.entries['slow queue=a']).toMatchObject({
    ...{
      rule: 'slow',
      slice: 'queue=a',
      state: { phase: 'firing', number: 7, sinceMs: at(-9), startedMs: at(-8), value: 9 },
    },
    facts: { severity: 'warning', value: 9, limit: 5 },
  })
  expect(windows.pipeline).toMatchObject({
    number: 3,
    active: { rule: 'pipeline-stalled', sinceMs: at(-9), startedMs: at(-8) },
  })
  expect(windows.decidedMs).toBe(at(-7))
})

test('what has ended since is over, and nothing is decided again up to there', async () => {
  const windows = (await adopted(
    null,
    told({}),
    told(over),
    told({ ...pipeline }),
    told({ ...pipeline, ...over }),
  ))!
  expect(windows.entries['slow queue=a']).toMatchObject({
    state: { phase: 'ok', number: 7 },
    facts: null,
  })
  expect(windows.pipeline).toEqual({ number: 7, active: null })
  expect(windows.decidedMs).toBe(at(-1))
})

test.each<{ rule: string; news: Partial<AlertTransition> }>([
  { rule: 'it comes back to it', news: {} },
  { rule: 'an older one comes back', news: { number: 6 } },
  { rule: 'the end of another comes back', news: { ...over, number: 6 } },
])('what the state knows is as it knows it: $rule', async ({ news }) => {
  const known = (await adopted(null, told({}), told({ ...pipeline })))!
  expect(await adopted(known, told(news), told({ ...pipeline, ...news }))).toBeNull()
})

test('a newer one replaces it', async () => {
  const known = (await adopted(null, told({}), told({ ...pipeline })))!
  const windows = (await adopted(known, told({ number: 8 }), told({ ...pipeline, number: 8 })))!
  expect([windows.entries['slow queue=a']?.state.number, windows.pipeline.number]).toEqual([8, 8])
})

test('an end whose beginning nobody knows, and alerts of others, say nothing', async () => {
  expect(await adopted(null, told(over), told({ ...pipeline, ...over }))).toBeNull()
  expect(await adopted(null, told({ kind: 'deadline', subject: 'contact/1' }))).toBeNull()
  expect(await adopted(newWindows(nowMs), told({ tenant: 'other' }))).toBeNull()
})

test('a state of a tenant takes over what is the tenant’s alone', async () => {
  const { puts } = await adoptions(
    [told({}), told({ tenant: 'other', number: 2 })],
    readsOf(new Map()),
  )
  const numbers = puts.map(({ key, bytes }) => [
    key,
    decodeWindows(bytes!).entries['slow queue=a']?.state.number,
  ])
  expect(numbers).toEqual([
    [windowsKey('acme'), 7],
    [windowsKey('other'), 2],
  ])
})

test('so does what is known of the clocks', async () => {
  const after = async (before: Uint8Array | null, ...transitions: readonly AlertTransition[]) => {
    const { puts } = await adoptions(
      transitions,
      readsOf(new Map(before === null ? [] : [[clockKey, before]])),
    )
    return puts[0]?.bytes ?? null
  }
  const firing = (await after(null, told(clock)))!
  expect(decodeClock(firing)).toMatchObject({
    number: 7,
    seenMs: at(-9),
    active: { rule: 'log-clock', startedMs: at(-8) },
  })
  expect(decodeClock((await after(firing, told({ ...clock, ...over })))!)).toMatchObject({
    number: 7,
    active: null,
  })
  expect(decodeClock((await after(firing, told({ ...clock, number: 8 })))!)).toMatchObject({
    number: 8,
  })
  for (const news of [{}, { number: 6 }, { ...over, number: 6 }])
    expect(await after(firing, told({ ...clock, ...news }))).toBeNull()
  expect(
    await after(
      encodeClock(newClockState(nowMs)),
      told({ ...clock, ...over, number: newClockState(nowMs).number }),
    ),
  ).toBeNull()
  expect(await after(null, told({ ...clock, ...over }))).toBeNull()
})
