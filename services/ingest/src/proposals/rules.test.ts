import {
  type AlertRulesEntry,
  alertRulesEntry,
  decodeAlertRulesEntry,
  encodeRuleVersions,
  entryKinds,
} from '@deskpulse/contract'
import { type AlertRule, type RuleVersion, shippedRules } from '@deskpulse/core/alerts'
import { rulesKey, tenantsKey } from '@deskpulse/core/state'
import { DeskpulseError, partitionOf } from '@deskpulse/stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { manualTimer } from '../testing/manual-timer.ts'
import { message, type Rig, rig, type RigOptions } from '../testing/rig.ts'
import { noProposalTelemetry } from './telemetry.ts'

const rigs: Rig[] = []
afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

const louder = { rules: [{ name: 'customer-waiting', severity: 'critical' }] }
const isLouder = (rules: readonly AlertRule[]): boolean =>
  rules.find(({ name }) => name === 'customer-waiting')?.severity === 'critical'
const own: AlertRule = { ...shippedRules[0]!, name: 'own' }

/** The aggregator's store, as far as rules go: what it has taken. */
function storedRules() {
  const versions = new Map<string, RuleVersion[]>()
  const seen: string[] = []
  return {
    seen,
    take(tenant: string, entry: Omit<AlertRulesEntry, 'predecessor'>): void {
      versions.set(tenant, [...(versions.get(tenant) ?? []), { ...entry, fromMs: 1 }])
    },
    read(key: string, partition: number): Uint8Array | null {
      if (key === tenantsKey)
        return Buffer.from(
          JSON.stringify(seen.filter((tenant) => partitionOf(tenant, 4) === partition)),
        )
      const tenant = [...versions.keys()].find((name) => rulesKey(name) === key)
      return tenant === undefined ? null : encodeRuleVersions(versions.get(tenant)!)
    },
  }
}

async function world(options: RigOptions) {
  const stored = storedRules()
  const timer = manualTimer()
  const at = await rig({ timer, stored: stored.read, ...options })
  rigs.push(at)
  const entries = async () =>
    (await at.entries())
      .filter(({ kind }) => kind === entryKinds.alertRules)
      .map(({ tenant, bytes }) => ({ tenant, ...decodeAlertRulesEntry(bytes) }))
  const arrives = (tenant: string) =>
    at.http.inject({
      method: 'POST',
      url: `/v1/tenants/${tenant}/events`,
      payload: message({ tenant }),
    })
  return { ...at, stored, timer, rules: entries, arrives }
}

describe('at the start', () => {
  test('a file that says nothing of rules proposes none', async () => {
    const { ingest, rules } = await world({ tenants: {}, openTenants: true })
    await ingest.propose()
    expect(await rules()).toEqual([])
  })

  test('a tenant that the file names gets the changed rules, without predecessor', async () => {
    const { ingest, rules } = await world({ alerts: louder })
    expect(await ingest.propose()).toEqual(['acme'])
    const [entry, ...others] = await rules()
    expect(others).toEqual([])
    expect(entry).toMatchObject({
      tenant: 'acme',
      predecessor: null,
      origin: 'file',
      author: null,
      own: [],
    })
    expect(isLouder(entry!.base)).toBe(true)
    expect(entry!.base.map(({ name }) => name)).toEqual(shippedRules.map(({ name }) => name))
  })

  test('what users said stays', async () => {
    const { ingest, rules, stored } = await world({ alerts: louder })
    const theirs = alertRulesEntry({
      predecessor: null,
      origin: 'api',
      author: 'Li',
      base: shippedRules,
      own: [own],
    })
    stored.take('acme', theirs)
    await ingest.propose()
    expect(await rules()).toMatchObject([{ predecessor: theirs.id, own: [{ name: 'own' }] }])
  })

  test('what the tenant has already is not proposed again', async () => {
    const { ingest, rules, stored } = await world({ alerts: louder })
    await ingest.propose()
    stored.take('acme', (await rules())[0]!)
    await ingest.propose()
    expect(await rules()).toHaveLength(1)
  })

  test('a file that says nothing any more takes back what it said', async () => {
    const { ingest, rules, stored } = await world({})
    const before = alertRulesEntry({
      predecessor: null,
      origin: 'file',
      author: null,
      base: [own],
      own: [],
    })
    stored.take('acme', before)
    await ingest.propose()
    expect(await rules()).toMatchObject([{ predecessor: before.id, base: shippedRules }])
  })

  test('so do tenants that the store has seen, if they are still taken in', async () => {
    const { ingest, rules, stored } = await world({ alerts: louder, openTenants: true })
    stored.seen.push('seen', 'other')
    await ingest.propose()
    expect((await rules()).map(({ tenant }) => tenant).sort()).toEqual(['acme', 'other', 'seen'])

    const closed = await world({ alerts: louder })
    closed.stored.seen.push('gone')
    expect(await closed.ingest.propose()).toEqual(['acme'])
  })
})

describe('a tenant that was never seen', () => {
  test('gets the rules at its first event', async () => {
    const { rules, arrives } = await world({ tenants: {}, openTenants: true, alerts: louder })
    expect((await arrives('new')).statusCode).toBe(202)
    await vi.waitFor(async () =>
      expect(await rules()).toMatchObject([{ tenant: 'new', predecessor: null }]),
    )
    await arrives('new')
    await arrives('newer')
    await vi.waitFor(async () =>
      expect((await rules()).map(({ tenant }) => tenant).sort()).toEqual(['new', 'newer']),
    )
  })

  test('is looked at again later when the store does not answer, and its events go on', async () => {
    let isAway = true
    const failures: string[] = []
    const stored = (): null => {
      if (isAway) throw new DeskpulseError('STORE_UNAVAILABLE', 'on purpose')
      return null
    }
    const proposals = {
      ...noProposalTelemetry,
      failed: (_: unknown, tenants: readonly string[]) => void failures.push(...tenants),
    }
    const { rules, arrives, timer } = await world({
      tenants: {},
      openTenants: true,
      alerts: louder,
      stored,
      proposals,
    })
    expect((await arrives('new')).statusCode).toBe(202)
    await vi.waitFor(() => expect(failures).toEqual(['new']))
    expect((await arrives('new')).statusCode).toBe(202)
    isAway = false
    expect(await rules()).toEqual([])
    timer.ring()
    await vi.waitFor(async () => expect(await rules()).toMatchObject([{ tenant: 'new' }]))
    expect(failures).toEqual(['new'])
  })

  test('whose event is refused gets none', async () => {
    const { rules, http, ingest } = await world({ tenants: {}, openTenants: true, alerts: louder })
    await http.inject({
      method: 'POST',
      url: '/v1/tenants/new/events',
      payload: { ...message({ tenant: 'new' }), type: 'nonsense' },
    })
    await ingest.stop()
    expect(await rules()).toEqual([])
  })
})

describe('a proposal', () => {
  test('that is still on its way is not made again', async () => {
    const { ingest, rules, timer } = await world({ alerts: louder })
    await ingest.propose()
    timer.ring()
    await ingest.stop()
    expect(await rules()).toHaveLength(1)
  })

  test('that lost against a change of users is made again over theirs', async () => {
    const { ingest, rules, stored, timer } = await world({ alerts: louder })
    await ingest.propose()
    const theirs = alertRulesEntry({
      predecessor: null,
      origin: 'api',
      author: 'Li',
      base: shippedRules,
      own: [own],
    })
    stored.take('acme', theirs)
    timer.ring()
    await vi.waitFor(async () => expect(await rules()).toHaveLength(2))
    const [, again] = await rules()
    expect(again).toMatchObject({ predecessor: theirs.id, own: [{ name: 'own' }] })
    expect(isLouder(again!.base)).toBe(true)
  })

  test('that was taken is done with', async () => {
    const { ingest, rules, stored, timer } = await world({ alerts: louder })
    await ingest.propose()
    stored.take('acme', (await rules())[0]!)
    timer.ring()
    timer.ring()
    await ingest.stop()
    expect(await rules()).toHaveLength(1)
  })
})

test('rules that are proposed are taken down in the audit', async () => {
  const { ingest, audited } = await world({ alerts: louder })
  await ingest.propose()
  const [entry] = audited.filter(({ action }) => action === 'rules.propose')
  expect(entry).toMatchObject({
    ...{ who: { id: 'file', name: null }, object: 'alert-rules', tenant: 'acme', before: null },
    after: { version: expect.any(String) as string },
  })
})
