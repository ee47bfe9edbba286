import type { Counter } from 'prom-client'

/** Series that refusals may make: tenants and sources are names that senders choose. */
export const refusalLabelLimits = { tenantsMax: 100, sourcesPerTenantMax: 20 } as const

/** What was refused, for counting; `undefined`: it names none that is well formed. */
export type RefusalLabels = { readonly tenant: string | undefined; readonly source: string | undefined; readonly code: string }

/** A label that senders choose: the first `most` values stand as they are, every later one is `other`; none at all is `none`. */
export function boundedLabel(most: number): (value: string | undefined) => string {
  const known = new Set<string>()
  return (value) => {
    if (value === undefined || value === '') return 'none'
    if (known.has(value)) return value
    if (known.size >= most) return 'other'
    known.add(value)
    return value
  }
}

/** Counts refusals by tenant, source and code within `refusalLabelLimits`. */
export function refusalCounter(counter: Counter<'tenant' | 'source' | 'code'>): (refused: RefusalLabels) => void {
  const tenants = boundedLabel(refusalLabelLimits.tenantsMax)
  const sources = new Map<string, ReturnType<typeof boundedLabel>>()
  return ({ tenant: name, source, code }) => {
    const tenant = tenants(name)
    const ofTenant = sources.get(tenant) ?? boundedLabel(refusalLabelLimits.sourcesPerTenantMax)
    sources.set(tenant, ofTenant)
    counter.inc({ tenant, source: ofTenant(source), code })
  }
}
