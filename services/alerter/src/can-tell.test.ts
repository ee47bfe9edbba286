import type { TenantConfig } from '@deskpulse/core/config'
import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError, partitionOf, topicNames } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { behindMaxMs, type CanTellOptions, unreadMaxMs, whyMute } from './can-tell.ts'

const nowMs = Date.parse('2026-03-02T01:00:00Z')
const partitions = 2

type State = { readonly behindMs?: number; readonly hasTenants?: boolean }

/** Partitions of the aggregator, and the ages of the oldest records of alerts that nobody took. */
function world(
  states: readonly State[],
  unreadMs: readonly (number | null)[] = [null, null],
  named: readonly string[] = [],
): CanTellOptions {
  const store = {
    read: (partition: number) => {
      const { behindMs = 0, hasTenants = true } = states[partition]!
      const at = (nowMs - behindMs) as EpochMs
      return Promise.resolve({
        values: [hasTenants ? Buffer.from('[]') : null],
        logTimeMs: at,
        watermarkMs: at,
      })
    },
  } as unknown as CanTellOptions['store']
  return {
    ...{
      store,
      topics: topicNames(),
      partitions,
      nowMs: () => nowMs,
      startedMs: nowMs - 2 * behindMaxMs,
    },
    config: {
      tenants: Object.fromEntries(named.map((tenant) => [tenant, { config: {} as TenantConfig }])),
    } as unknown as CanTellOptions['config'],
    log: {
      oldestUnconsumed: () =>
        Promise.resolve(
          unreadMs.map((ageMs) => (ageMs === null ? null : ((nowMs - ageMs) as EpochMs))),
        ),
    },
  }
}

/** Of a process that started so long ago. */
const startedAgo = (ms: number, options: CanTellOptions): CanTellOptions => ({
  ...options,
  startedMs: nowMs - ms,
})

/** Nothing was ever folded of it: its log time is 0. */
const unfolded = { behindMs: nowMs }

const away = (code: 'STORE_UNAVAILABLE' | 'LOG_UNAVAILABLE') => () =>
  Promise.reject(new DeskpulseError(code, 'away'))

test.each([
  { rule: 'all is read and up to date', is: null, options: world([{}, {}]) },
  {
    rule: 'values of one partition are too far behind',
    is: 'values-behind',
    options: world([{}, { behindMs: behindMaxMs + 1 }]),
  },
  {
    rule: 'values are as far behind as they may be',
    is: null,
    options: world([{}, { behindMs: behindMaxMs }]),
  },
  {
    rule: 'a partition without tenants is behind',
    is: null,
    options: world([{}, { hasTenants: false, behindMs: nowMs }]),
  },
  {
    rule: 'nothing was folded yet, at the start',
    is: null,
    options: startedAgo(0, world([unfolded, {}])),
  },
  {
    rule: 'nothing was folded yet, a minute later',
    is: null,
    options: startedAgo(behindMaxMs, world([unfolded, {}])),
  },
  {
    rule: 'nothing was folded for longer',
    is: 'values-behind',
    options: startedAgo(behindMaxMs + 1, world([unfolded, {}])),
  },
  {
    rule: 'the clock was put back since the start',
    is: 'values-behind',
    options: startedAgo(-1, world([unfolded, {}])),
  },
  {
    rule: 'values are behind at the start',
    is: 'values-behind',
    options: startedAgo(0, world([{}, { behindMs: behindMaxMs + 1 }])),
  },
  {
    rule: 'one has alerts that nobody takes',
    is: 'alerts-unread',
    options: world([{}, {}], [null, unreadMaxMs + 1]),
  },
  {
    rule: 'one has alerts that are about to be taken',
    is: null,
    options: world([{}, {}], [unreadMaxMs, null]),
  },
  {
    rule: 'the store is away',
    is: 'store-away',
    options: { ...world([{}, {}]), store: { read: away('STORE_UNAVAILABLE') } },
  },
  {
    rule: 'the log is away',
    is: 'log-away',
    options: { ...world([{}, {}]), log: { oldestUnconsumed: away('LOG_UNAVAILABLE') } },
  },
])('$rule: $is', async ({ options, is }) => {
  expect(await whyMute(options)).toBe(is)
})

test('a tenant of the file that nothing was ever folded of keeps it mute', async () => {
  const [tenant] = ['a', 'b', 'c', 'd'].filter((name) => partitionOf(name, partitions) === 1)
  const states = [{}, { hasTenants: false, behindMs: nowMs }]
  expect(await whyMute(world(states, [null, null], [tenant!]))).toBe('values-behind')
})

test('a bug is no reason', async () => {
  const log = { oldestUnconsumed: () => Promise.reject(new TypeError('a bug')) }
  await expect(whyMute({ ...world([{}, {}]), log })).rejects.toThrow('a bug')
})
