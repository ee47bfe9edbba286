import { problemOf } from '@deskpulse/contract'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { catalogueOf, describeKpi, type Kpi, type KpiDescription } from '@deskpulse/core/kpis'
import { granted, type Outcome, refused } from '../reading/tenant.ts'

/** The KPIs of these ids, each once, in their order; without ids all, but for those that compare agents and so read many more. 404 `unknown-kpi` names every id that is none. */
export function kpisOf(
  ids: readonly string[] | undefined,
  config: TenantConfig,
): Outcome<readonly Kpi[]> {
  const catalogue = catalogueOf(config)
  if (ids === undefined) return granted(catalogue.kpis.filter(({ isComparison }) => !isComparison))
  const kpis = new Set<Kpi>()
  const foreign: string[] = []
  for (const id of ids) {
    const kpi = catalogue.byId(id)
    if (kpi === undefined) foreign.push(id)
    else kpis.add(kpi)
  }
  if (foreign.length === 0) return granted([...kpis])
  const errors = foreign.map((id) => ({
    path: 'kpis',
    expected: 'an id that /v1/kpis lists',
    got: id,
  }))
  return refused(problemOf('unknown-kpi', `no KPI is called ${foreign.join(', ')}`, errors))
}

/** `GET /v1/kpis`: KPIs that any tenant has, those of every configured threshold among them. */
export function kpiList(
  configs: readonly TenantConfig[],
  language: 'en' | 'zh',
): { readonly kpis: readonly KpiDescription[] } {
  const thresholdsSeconds = [defaultTenantConfig, ...configs].flatMap(
    (config) => config.thresholdsSeconds,
  )
  return { kpis: catalogueOf({ thresholdsSeconds }).kpis.map((kpi) => describeKpi(kpi, language)) }
}
