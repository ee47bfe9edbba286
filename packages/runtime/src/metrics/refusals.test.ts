import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'
import { refusalCounter, refusalLabelLimits } from './refusals.ts'

const { tenantsMax, sourcesPerTenantMax } = refusalLabelLimits

async function counted(): Promise<{
  count: ReturnType<typeof refusalCounter>
  series(): Promise<string[]>
}> {
  const metrics = createMetrics({ processMetrics: false })
  const series = async (): Promise<string[]> => {
    const text = await metrics.registry.metrics()
    return [...text.matchAll(/^deskpulse_entries_refused_total\{(.*)\} (\d+)$/gm)].map(
      ([, labels, value]) => `${labels} ${value}`,
    )
  }
  return { count: refusalCounter(metrics.entriesRefused), series }
}

test('refusals are counted by tenant, source and code; what names no source is none', async () => {
  const { count, series } = await counted()
  for (const code of ['id-conflict', 'id-conflict', 'expired'] as const)
    count({ tenant: 'acme', source: '/chat', code })
  count({ tenant: undefined, source: undefined, code: 'not-json' })
  expect(await series()).toEqual([
    'tenant="acme",source="/chat",code="id-conflict" 2',
    'tenant="acme",source="/chat",code="expired" 1',
    'tenant="_none",source="none",code="not-json" 1',
  ])
})

test('a tenant has so many sources, the rest are other; another tenant has its own', async () => {
  const { count, series } = await counted()
  for (let n = 0; n < sourcesPerTenantMax + 5; n += 1)
    count({ tenant: 'acme', source: `/${n}`, code: 'expired' })
  count({ tenant: 'acme', source: '/0', code: 'expired' })
  count({ tenant: 'other-tenant', source: '/new', code: 'expired' })
  const all = await series()
  expect(all).toHaveLength(sourcesPerTenantMax + 2)
  expect(all).toContain('tenant="acme",source="other",code="expired" 5')
  expect(all).toContain('tenant="acme",source="/0",code="expired" 2')
  expect(all).toContain('tenant="other-tenant",source="/new",code="expired" 1')
})

test('a flood of tenants and sources makes no more series than the limits', async () => {
  const { count, series } = await counted()
  for (let tenant = 0; tenant < tenantsMax + 50; tenant += 1) {
    for (let n = 0; n < sourcesPerTenantMax + 5; n += 1)
      count({ tenant: `t-${tenant}`, source: `/${n}`, code: 'expired' })
  }
  expect(await series()).toHaveLength((tenantsMax + 1) * (sourcesPerTenantMax + 1))
})

test('a tenant that is called other, or none, is itself', async () => {
  const { count, series } = await counted()
  for (const tenant of ['other', 'none', undefined])
    count({ tenant, source: '/a', code: 'expired' })
  for (let tenant = 0; tenant < tenantsMax; tenant += 1)
    count({ tenant: `t-${tenant}`, source: '/a', code: 'expired' })
  const all = await series()
  for (const tenant of ['other', 'none', '_none'])
    expect(all).toContain(`tenant="${tenant}",source="/a",code="expired" 1`)
  expect(all).toContain('tenant="_other",source="/a",code="expired" 2')
})
