import type { EndpointConfig, EndpointListResponse, EndpointResponse } from '@deskpulse/contract'
import { formatTime } from '@deskpulse/contract'
import { refuse } from '@deskpulse/runtime'
import { partitionOf } from '@deskpulse/stream'
import { type EndpointView, readEndpoint } from '../../delivery/index.ts'
import type { AlerterHttpDeps } from '../deps.ts'

/** In the order of the configuration. */
export async function endpointList(deps: AlerterHttpDeps): Promise<EndpointListResponse> {
  return {
    rows: await Promise.all(
      deps.config.alerts.endpoints.map((endpoint) => oneEndpoint(deps, endpoint)),
    ),
  }
}

export async function oneEndpoint(
  { alertStore, partitions }: AlerterHttpDeps,
  endpoint: EndpointConfig,
): Promise<EndpointResponse> {
  return endpointView(
    endpoint,
    await readEndpoint(alertStore, partitionOf(endpoint.name, partitions), endpoint.name),
  )
}

const timeOrNull = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))

/** Without address and secrets. @param seen `null`: it was never sent anything */
function endpointView(
  {
    name,
    kind,
    url,
    language,
    tenants,
    severityMin,
    alerts,
    closedPeriods,
    appeals,
  }: EndpointConfig,
  seen: EndpointView | null,
): EndpointResponse {
  const disabled = seen?.disabled ?? null
  return {
    ...{
      name,
      kind,
      host: URL.parse(url)?.host ?? '',
      language,
      severity: severityMin,
      tenants: tenants === null ? null : [...tenants],
      alerts,
      closedPeriods: [...closedPeriods],
      appeals,
    },
    status: seen?.state ?? 'healthy',
    failingSince: timeOrNull(seen?.failingSinceMs ?? null),
    lastDeliveredAt: timeOrNull(seen?.lastSuccessMs ?? null),
    disabled:
      disabled === null
        ? null
        : { since: formatTime(disabled.sinceMs), reason: disabled.reason, detail: disabled.detail },
    waiting: seen?.waiting ?? 0,
  }
}

/** @throws Refused 404 */
export function endpointNamed({ config }: AlerterHttpDeps, name: string): EndpointConfig {
  return (
    config.alerts.endpoints.find((endpoint) => endpoint.name === name) ??
    refuse('unknown-endpoint', 'the configuration has no such endpoint')
  )
}
