import {
  configIdOf,
  decodeConfigEntry,
  encodeConfigVersions,
  entryKinds,
  parseConfig,
} from '@deskpulse/contract'
import { beginningOfTimeMs, type ConfigVersion, type TenantConfig } from '@deskpulse/core/config'
import { configKey } from '@deskpulse/core/state'
import { DeskpulseError } from '@deskpulse/stream'
import { afterEach, expect, test, vi } from 'vitest'
import { manualTimer } from '../testing/manual-timer.ts'
import { type Rig, rig } from '../testing/rig.ts'
import type { ProposalTelemetry, Replaced } from './telemetry.ts'

const rigs: Rig[] = []
afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

function configOf(settings: unknown): TenantConfig {
  const parsed = parseConfig({ tenants: { acme: settings } })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config.tenants['acme']!.config
}

async function proposed(settings: Record<string, unknown>, stored: Uint8Array | null) {
  const at = await rig({
    tenants: { acme: settings },
    stored: (key) => (key === configKey('acme') ? stored : null),
  })
  rigs.push(at)
  const tenants = await at.ingest.propose()
  const entries = (await at.entries()).filter((entry) => entry.kind === entryKinds.config)
  return {
    tenants,
    entries: entries.map((entry) => ({ tenant: entry.tenant, ...decodeConfigEntry(entry.bytes) })),
  }
}

const rome = { timeZone: 'Europe/Rome' }
const romeVersion = {
  id: configIdOf(configOf(rome)),
  takenMs: beginningOfTimeMs,
  fromMs: beginningOfTimeMs,
  config: configOf(rome),
}

test('a tenant without a version gets the configured one, without predecessor', async () => {
  const { tenants, entries } = await proposed(rome, null)
  expect(tenants).toEqual(['acme'])
  expect(entries).toEqual([
    { tenant: 'acme', id: romeVersion.id, predecessor: null, config: configOf(rome) },
  ])
})

test('the current version is not proposed again', async () => {
  expect(await proposed(rome, encodeConfigVersions([romeVersion]))).toEqual({
    tenants: [],
    entries: [],
  })
})

test('a changed configuration names the current version as its predecessor', async () => {
  const { entries } = await proposed(
    { timeZone: 'Asia/Shanghai' },
    encodeConfigVersions([romeVersion]),
  )
  expect(entries).toMatchObject([
    { predecessor: romeVersion.id, config: { timeZone: 'Asia/Shanghai' } },
  ])
})

const berlinVersion = {
  id: configIdOf(configOf({ timeZone: 'Europe/Berlin' })),
  takenMs: 1,
  fromMs: 1,
  config: configOf({ timeZone: 'Europe/Berlin' }),
}

/** Ingest over a store that shows what it is told to; each look is asked for. */
async function looking(settings: Record<string, unknown>, ...versions: readonly ConfigVersion[]) {
  let stored = versions
  const timer = manualTimer()
  const replaced: Replaced[] = []
  const against: number[] = []
  const proposals: ProposalTelemetry = {
    replaced: (one) => void replaced.push(one),
    standsAgainst: (what, tenants) => void (what === 'configuration' && against.push(tenants)),
    failed: (error) => expect(error).toBeUndefined(),
  }
  const at = await rig({
    tenants: { acme: settings },
    stored: (key) =>
      key === configKey('acme') && stored.length > 0 ? encodeConfigVersions(stored) : null,
    ...{ timer, proposals },
  })
  rigs.push(at)
  await at.ingest.propose()
  const predecessors = async () =>
    (await at.entries())
      .filter(({ kind }) => kind === entryKinds.config)
      .map(({ bytes }) => decodeConfigEntry(bytes).predecessor)
  return {
    predecessors,
    replaced,
    against,
    async shows(...now: readonly ConfigVersion[]) {
      stored = now
      const looks = against.length
      timer.ring()
      await vi.waitFor(() => expect(against.length).toBeGreaterThan(looks))
    },
  }
}

test('a proposal over nothing, made while the store is folded anew, is made again over the version that the fold finds', async () => {
  const { predecessors, shows, replaced } = await looking({ timeZone: 'Asia/Shanghai' })
  await shows(romeVersion)
  expect(await predecessors()).toEqual([null, romeVersion.id])
  await shows(romeVersion)
  expect(await predecessors()).toHaveLength(2)
  expect(replaced).toEqual([])
})

test('a version that another process puts over the file’s is said once, counted for as long as it stands, and not fought', async () => {
  const { predecessors, shows, replaced, against } = await looking(rome, romeVersion)
  await shows(romeVersion, berlinVersion)
  await shows(romeVersion, berlinVersion)
  expect(replaced).toEqual([
    { tenant: 'acme', what: 'configuration', current: berlinVersion.id, ours: romeVersion.id },
  ])
  expect(against).toEqual([0, 1, 1])
  expect(await predecessors()).toEqual([])
  await shows(romeVersion, berlinVersion, { ...romeVersion, fromMs: 2 })
  expect(against.at(-1)).toBe(0)
})

test('what is proposed is taken down in the audit, by the file, over what there was', async () => {
  const berlin = { timeZone: 'Europe/Berlin' }
  const at = await rig({
    tenants: { acme: berlin },
    stored: (key) => (key === configKey('acme') ? encodeConfigVersions([romeVersion]) : null),
  })
  rigs.push(at)
  await at.ingest.propose()
  await at.ingest.propose()
  const config = configOf(berlin)
  expect(at.audited).toMatchObject([
    {
      ...{ action: 'configuration.propose', object: 'configuration', tenant: 'acme' },
      ...{ who: { id: 'file', name: null }, from: { address: null, userAgent: null } },
      before: { version: romeVersion.id, content: { timeZone: 'Europe/Rome' } },
      after: { version: configIdOf(config), content: { timeZone: 'Europe/Berlin' } },
    },
  ])
})

test('a proposal that cannot be taken down fails, and is made again', async () => {
  const failures = [new DeskpulseError('LOG_UNAVAILABLE', 'the log is away')]
  const audited: string[] = []
  const at = await rig({
    tenants: { acme: rome },
    async audit({ action }) {
      const failure = failures.pop()
      if (failure !== undefined) throw failure
      audited.push(action)
    },
  })
  rigs.push(at)
  await expect(at.ingest.propose()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  expect(await at.ingest.propose()).toEqual(['acme'])
  expect(audited).toEqual(['configuration.propose'])
})
