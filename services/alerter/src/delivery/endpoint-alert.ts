import {
  type AlertTransition,
  type EndpointRule,
  endpointSubject,
  type EpochMs,
  installationTenant,
  shippedRules,
} from '@deskpulse/core'
import type { Draft } from './draft.ts'
import type { Health } from './health.ts'

const endpointRule = shippedRules.find(
  (rule): rule is EndpointRule => rule.kind === 'deadline' && rule.subject === 'endpoint',
)!
const { name: ruleName, severity, labels, limitMs } = endpointRule

/**
 * Says that an endpoint was disabled, or is so no more, as an alert of the installation. Its severity and labels are those of the shipped rule.
 * @param health while it is, or was, disabled
 * @param resolved `null`: it is disabled now
 */
export function sendEndpointAlert(
  draft: Draft,
  endpoint: string,
  health: Health,
  resolved: { readonly atMs: EpochMs; readonly end: 'over' | 'withdrawn' } | null,
): void {
  const startedMs = health.disabled!.sinceMs
  const sinceMs = health.failingSinceMs ?? startedMs
  const atMs = resolved?.atMs ?? startedMs
  const transition: AlertTransition = {
    ...{
      tenant: installationTenant,
      rule: ruleName,
      subject: endpointSubject(endpoint),
      number: health.disabledCount,
    },
    ...{
      kind: 'deadline',
      severity,
      slice: 'all',
      kpi: null,
      value: atMs - sinceMs,
      limit: limitMs,
      unit: 'ms',
      labels,
    },
    ...{ status: resolved === null ? 'firing' : 'resolved', sinceMs, startedMs, late: false },
    endedMs: resolved?.atMs ?? null,
    end: resolved?.end ?? null,
    detectedMs: atMs,
  }
  draft.send(`post/${endpoint}/${health.disabledCount}/${transition.status}`, installationTenant, {
    kind: 'transition',
    transition,
  })
}
