import { configIdOf, decodeConfigEntry, encodeConfigVersions, entryKinds, parseConfig } from '@deskpulse/contract'
import { configKey, type TenantConfig } from '@deskpulse/core'
import { afterEach, expect, test } from 'vitest'
import { type Rig, rig } from '../testing/rig.ts'

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
  const at = await rig({ tenants: { acme: settings }, stored: (key) => (key === configKey('acme') ? stored : null) })
  rigs.push(at)
  const tenants = await at.ingest.propose()
  const entries = (await at.entries()).filter((entry) => entry.kind === entryKinds.config)
  return { tenants, entries: entries.map((entry) => ({ tenant: entry.tenant, ...decodeConfigEntry(entry.bytes) })) }
}

const rome = { timeZone: 'Europe/Rome' }
const romeVersion = { id: configIdOf(configOf(rome)), fromMs: -Infinity, config: configOf(rome) }

test('a tenant without a version gets the configured one, without predecessor', async () => {
  const { tenants, entries } = await proposed(rome, null)
  expect(tenants).toEqual(['acme'])
  expect(entries).toEqual([{ tenant: 'acme', id: romeVersion.id, predecessor: null, config: configOf(rome) }])
})

test('the current version is not proposed again', async () => {
  expect(await proposed(rome, encodeConfigVersions([romeVersion]))).toEqual({ tenants: [], entries: [] })
})

test('a changed configuration names the current version as its predecessor', async () => {
  const { entries } = await proposed({ timeZone: 'Asia/Shanghai' }, encodeConfigVersions([romeVersion]))
  expect(entries).toMatchObject([{ predecessor: romeVersion.id, config: { timeZone: 'Asia/Shanghai' } }])
})
