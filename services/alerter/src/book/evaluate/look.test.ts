import { encodeClockProblem } from '@deskpulse/contract'
import { lateAfterMs, shippedRules } from '@deskpulse/core/alerts'
import { alwaysInForce, defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf } from '@deskpulse/core/kpis'
import { logClockKey, tenantsKey } from '@deskpulse/core/state'
import { type ClockProblem, type EpochMs, hourMs } from '@deskpulse/core/time'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import type { Contexts, TenantContext } from '../context.ts'
import { looking, unseenLook } from './look.ts'

const nowMs = Date.UTC(2026, 2, 2, 10) as EpochMs
const at = (ms: number): EpochMs => (nowMs + ms) as EpochMs

const context = (of: string): TenantContext => ({
  rules: of === '_installation' ? shippedRules : [],
  ...{ config: defaultTenantConfig, history: alwaysInForce(defaultTenantConfig) },
  ...{ catalogue: catalogueOf(), isBehind: false },
})
const contexts: Contexts = {
  read: (tenants) => Promise.resolve(new Map(tenants.map((tenant) => [tenant, context(tenant)]))),
  unread: context,
}

type Stored = {
  readonly logAtMs?: number
  readonly watermarkAtMs?: number
  readonly tenants?: readonly string[]
}

/** A look at partition 0, where several may have something wrong with their clocks. */
async function looked(
  stored: Stored,
  lastAtMs: number | null,
  problems: readonly (ClockProblem | null)[] = [],
  watched: readonly number[] = [],
) {
  const { logAtMs = 0, watermarkAtMs = logAtMs, tenants = [] } = stored
  const read: StateStore['read'] = async (partition, { keys }) => {
    const problem = problems[partition] ?? null
    const value = (key: string): Uint8Array | null => {
      if (key === tenantsKey) return Buffer.from(JSON.stringify(tenants))
      return key === logClockKey && problem !== null ? encodeClockProblem(problem) : null
    }
    return {
      logTimeMs: at(logAtMs),
      watermarkMs: at(watermarkAtMs),
      values: keys.map(value),
      hashes: [],
      changedFields: new Map(),
    } as never
  }
  const look = looking({
    store: { read },
    partition: 0 as PartitionId,
    contexts,
    named: ['b', 'file'],
    watchedPartitions: watched as PartitionId[],
  })
  return look(lastAtMs === null ? null : at(lastAtMs), nowMs)
}

test('the tenants are those that the file or the log names, each once, in order', async () => {
  const { tenants } = await looked({ tenants: ['c', 'b', 'a'] }, null)
  expect(tenants.map(({ tenant }) => tenant)).toEqual(['a', 'b', 'c', 'file'])
  expect(unseenLook(['b', 'file'], contexts)).toMatchObject({
    tenants: [{ tenant: 'b' }, { tenant: 'file' }],
    logTimeMs: null,
    clock: null,
  })
})

test.each([
  { rule: 'a first look is', logAtMs: -1, lastAtMs: null, is: true },
  { rule: 'log time that went on is', logAtMs: -1, lastAtMs: -2, is: true },
  { rule: 'log time that stands is not', logAtMs: -1, lastAtMs: -1, is: false },
  { rule: 'what is five minutes behind is', logAtMs: -lateAfterMs, lastAtMs: null, is: true },
  {
    rule: 'what is further behind is history',
    logAtMs: -lateAfterMs - 1,
    lastAtMs: null,
    is: false,
  },
])('$rule evaluated: $is', async ({ logAtMs, lastAtMs, is }) => {
  expect((await looked({ logAtMs }, lastAtMs)).logTimeMs).toBe(is ? at(logAtMs) : null)
})

test('values are known up to the watermark; of what nothing was ever folded nothing is', async () => {
  expect((await looked({ logAtMs: -1, watermarkAtMs: -5 }, null)).knownUpToMs).toBe(at(-5))
  expect((await looked({ logAtMs: 0 - nowMs }, null)).knownUpToMs).toBeNull()
})

const problem = (kind: ClockProblem['kind'], byMs: number): ClockProblem => ({
  kind,
  byMs,
  sinceMs: nowMs,
})

test('of all partitions the gravest problem is told: by its kind, then by how far', async () => {
  const all = [null, problem('sender', hourMs), problem('append', 9), problem('append', -10), null]
  const { clock, installation } = await looked({}, null, all, [0, 1, 2, 3, 4])
  expect([clock, installation?.problem, installation?.rule?.name]).toEqual([
    null,
    all[3],
    'log-clock',
  ])
  const own = await looked({}, null, [problem('jump', 5), ...all], [0, 1])
  expect([own.clock, own.installation?.problem?.kind]).toEqual([problem('jump', 5), 'jump'])
  expect((await looked({}, null, [], [0, 1])).installation).toMatchObject({ problem: null })
})

test('where the alerts of the installation are not kept, nobody looks for them', async () => {
  const { clock, installation } = await looked({}, null, [problem('jump', 5)])
  expect([clock?.kind, installation]).toEqual(['jump', null])
})
