import { configEntry, encodeConfigVersions, encodeRuleVersions } from '@deskpulse/contract'
import { type AlertRule, installationTenant } from '@deskpulse/core/alerts'
import { beginningOfTimeMs, defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { configKey, rulesKey } from '@deskpulse/core/state'
import { type EpochMs, secondMs } from '@deskpulse/core/time'
import { DeskpulseError, type PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { type ContextOptions, contextsOf, knownUpTo } from './context.ts'
import { pipelineRule, slowRule, waitingRule } from './testing/rules.ts'

const nowMs = Date.UTC(2026, 2, 2, 10) as EpochMs
const at = (second: number): EpochMs => (nowMs + second * secondMs) as EpochMs
const file: TenantConfig = { ...defaultTenantConfig, timeZone: 'Europe/Rome' }
const base: readonly AlertRule[] = [pipelineRule, waitingRule]

/** Contexts on a store that holds this, as of a position; `away`: it answers nothing. */
function opened(values: Readonly<Record<string, Uint8Array>> = {}) {
  const store = {
    values,
    logTimeMs: nowMs,
    watermarkMs: nowMs,
    away: null as Error | null,
    reads: 0,
  }
  const read: ContextOptions['store']['read'] = async (_, { keys }) => {
    store.reads += 1
    if (store.away !== null) throw store.away
    const { logTimeMs, watermarkMs } = store
    return { logTimeMs, watermarkMs, values: keys.map((key) => store.values[key] ?? null) } as never
  }
  const contexts = contextsOf({
    store: { read },
    partition: 0 as PartitionId,
    configOf: () => file,
    baseRules: base,
  })
  const one = async (ms = nowMs, tenant = 'acme') =>
    (await contexts.read([tenant], ms)).get(tenant)!
  return { store, contexts, one }
}

const logged = (zone: string, fromMs: number) => {
  const { id, config } = configEntry({ ...file, timeZone: zone }, null)
  return { id, config, takenMs: fromMs, fromMs }
}
const ruleVersion = (own: readonly AlertRule[]) =>
  encodeRuleVersions([
    { id: 'v', fromMs: 0, origin: 'api', author: null, base: [pipelineRule], own },
  ])

test('until the log says otherwise a tenant is as the file says', async () => {
  const { contexts, one } = opened()
  expect(await one()).toMatchObject({ rules: base, config: file, isBehind: false })
  expect(contexts.unread('acme')).toMatchObject({ rules: base, config: file, isBehind: false })
})

test('each tenant has its own rules, and its configuration of the log time that was read', async () => {
  const { contexts, store } = opened({
    [configKey('a')]: encodeConfigVersions([
      logged('UTC', beginningOfTimeMs),
      logged('Asia/Tokyo', at(1)),
      logged('Asia/Seoul', at(9)),
    ]),
    [rulesKey('b')]: ruleVersion([slowRule]),
  })
  store.logTimeMs = at(2)
  const all = await contexts.read(['a', 'b'], nowMs)
  expect(
    [...all].map(([tenant, { config, rules }]) => [
      tenant,
      config.timeZone,
      rules.map(({ name }) => name),
    ]),
  ).toEqual([
    ['a', 'Asia/Tokyo', ['pipeline-stalled', 'customer-waiting']],
    ['b', 'Europe/Rome', ['pipeline-stalled', 'response-time']],
  ])
  expect(store.reads).toBe(1)
})

test.each([
  { rule: 'as far behind as the rule allows they are not', logS: -30, watermarkS: 0, is: false },
  { rule: 'further they are', logS: -31, watermarkS: 0, is: true },
  { rule: 'whatever was held back makes them so, too', logS: 0, watermarkS: -31, is: true },
])(
  'whether values are behind is said before any alert says so: $rule',
  async ({ logS, watermarkS, is }) => {
    const { store, one } = opened()
    store.logTimeMs = at(logS)
    store.watermarkMs = at(watermarkS)
    expect(knownUpTo(store)).toBe(at(Math.min(logS, watermarkS)))
    expect((await one()).isBehind).toBe(is)
    expect((await one(nowMs, installationTenant)).isBehind).toBe(false)
  },
)

test('without an enabled rule about that, nothing is behind', async () => {
  const { store, one } = opened({
    [rulesKey('acme')]: ruleVersion([{ ...pipelineRule, enabled: false }]),
  })
  store.logTimeMs = at(-9_000)
  expect((await one()).isBehind).toBe(false)
})

const away = new DeskpulseError('STORE_UNAVAILABLE', 'away')

test('a store that is away is waited for, for ten seconds; then what was read last stands, and is behind', async () => {
  const { store, one } = opened({ [rulesKey('acme')]: ruleVersion([slowRule]) })
  await one()
  store.away = away
  for (const second of [0, 9.999]) await expect(one(at(second))).rejects.toBe(away)
  const remembered = await one(at(10))
  expect([remembered.rules.map(({ name }) => name), remembered.isBehind]).toEqual([
    ['pipeline-stalled', 'response-time'],
    true,
  ])
  expect(await one(at(10), 'never')).toMatchObject({ rules: base, config: file, isBehind: true })
  store.away = null
  expect((await one(at(11))).isBehind).toBe(false)
  store.away = away
  await expect(one(at(12))).rejects.toBe(away)
})

test('a clock that was put back meanwhile begins the wait anew', async () => {
  const { store, one } = opened()
  store.away = away
  for (const second of [0, -100, -91]) await expect(one(at(second))).rejects.toBe(away)
  expect((await one(at(-90))).isBehind).toBe(true)
})

test('what is no outage is a bug', async () => {
  const { store, one } = opened()
  store.away = new TypeError('a bug')
  await expect(one(at(0))).rejects.toThrow('a bug')
  await expect(one(at(60))).rejects.toThrow('a bug')
})
