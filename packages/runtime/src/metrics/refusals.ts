import type { FoldRefusalCode, RefusalCode } from '@deskpulse/contract'
import type { Counter } from 'prom-client'
import { boundedLabel } from './bounded-label.ts'

/** Series that refusals may make: tenants and sources are names that senders choose. */
export const refusalLabelLimits = { tenantsMax: 100, sourcesPerTenantMax: 20 } as const

/** What was refused, for counting; `undefined`: it names none that is well formed. */
export type RefusalLabels = {
  readonly tenant: string | undefined
  readonly source: string | undefined
  readonly code: RefusalCode | FoldRefusalCode
}

/** No tenant can have these names. */
const tenants = { other: '_other', none: '_none' } as const
const sources = { other: 'other', none: 'none' } as const

/** Counts refusals by tenant, source and code within `refusalLabelLimits`. */
export function refusalCounter(
  counter: Counter<'tenant' | 'source' | 'code'>,
): (refused: RefusalLabels) => void {
  const tenantLabel = boundedLabel(refusalLabelLimits.tenantsMax, tenants.other)
  const sourceLabels = new Map<string, (source: string) => string>()
  return ({ tenant: name, source, code }) => {
    const tenant = name === undefined ? tenants.none : tenantLabel(name)
    const sourceLabel =
      sourceLabels.get(tenant) ??
      boundedLabel(refusalLabelLimits.sourcesPerTenantMax, sources.other)
    sourceLabels.set(tenant, sourceLabel)
    counter.inc({ tenant, source: source === undefined ? sources.none : sourceLabel(source), code })
  }
}
