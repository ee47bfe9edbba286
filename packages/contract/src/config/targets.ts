import { catalogueOf, keepsSlice, type KpiTarget, parseSlice, type TenantConfig } from '@deskpulse/core'
import { nearest } from './nearest.ts'

type Fault = { readonly path: readonly PropertyKey[]; readonly expected: string; readonly code: 'bad-request' | 'unknown-kpi' }

/** Targets that nothing could ever be judged by: of a KPI that the tenant does not have, in a slice that it does not keep, or that no value meets. */
export function targetFaults(config: TenantConfig): readonly Fault[] {
  return config.targets.flatMap((target, at) =>
    [kpiFault(target, config), sliceFault(target, config), rangeFault(target)].flatMap((found) =>
      found === null ? [] : [{ ...found, path: [at, ...found.path] }],
    ),
  )
}

function kpiFault({ kpi }: KpiTarget, config: TenantConfig): Fault | null {
  const { kpis, byId } = catalogueOf(config)
  if (byId(kpi) !== undefined) return null
  const known = kpis.map(({ id }) => id)
  const near = nearest(kpi, known)
  return {
    path: ['kpi'],
    expected: `a KPI: ${near === null ? `one of ${known.join(', ')}` : `did you mean ${near}?`}`,
    code: 'unknown-kpi',
  }
}

function sliceFault({ slice = 'all' }: KpiTarget, config: TenantConfig): Fault | null {
  const parsed = parseSlice(slice)
  if (!parsed.ok) return { path: ['slice'], expected: parsed.expected, code: 'bad-request' }
  if (keepsSlice(parsed.slice, config)) return null
  return { path: ['slice'], expected: 'a slice of dimensions that are kept apart: see slices', code: 'bad-request' }
}

function rangeFault({ min, max }: KpiTarget): Fault | null {
  return min !== undefined && max !== undefined && min > max
    ? { path: ['min'], expected: `at most max, ${max}`, code: 'bad-request' }
    : null
}
