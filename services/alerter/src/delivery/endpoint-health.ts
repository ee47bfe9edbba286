import {
  type AlertTransition,
  type EndpointRule,
  endpointSubject,
  installationTenant,
  shippedRules,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { enabledAgain, type Health } from './health.ts'

/** Changes the endpoint's health. An alert tells when that disables it. */
export function changeHealth(draft: Draft, endpoint: Endpoint, health: Health): void {
  const wasDisabled = endpoint.health.state === 'disabled'
  endpoint.health = health
  if (wasDisabled || health.disabled === null) return
  sendEndpointAlert(draft, endpoint.name, health, null)
  draft.telemetry.disabled(endpoint.name, health.disabled.reason)
}

/**
 * Takes the endpoint for healthy: what waits goes out, failed messages are tried again at once, and
 * what fires is renewed. If the endpoint was disabled, the alert about that ends.
 */
export function enable(draft: Draft, endpoint: Endpoint, end: 'over' | 'withdrawn'): void {
  const { health, name } = endpoint
  endpoint.health = enabledAgain(health)
  for (const message of endpoint.open.values()) message.dueMs = draft.nowMs
  endpoint.renewed.allDue()
  if (health.state !== 'disabled') return
  sendEndpointAlert(draft, name, health, { atMs: draft.nowMs, end })
  draft.telemetry.enabled(name)
}

const endpointRule = shippedRules.find(
  (rule): rule is EndpointRule => rule.kind === 'deadline' && rule.subject === 'endpoint',
)!

/**
 * Says that an endpoint was disabled, or is so no more, as an alert of the installation. Its
 * severity and labels are those of the shipped rule.
 * @param health while it is, or was, disabled
 * @param resolved `null`: it is disabled now
 */
export function sendEndpointAlert(
  draft: Draft,
  endpoint: string,
  health: Health,
  resolved: { readonly atMs: EpochMs; readonly end: 'over' | 'withdrawn' } | null,
): void {
  const { name: rule, severity, labels, limitMs } = endpointRule
  const { disabledCount: number, disabled, failingSinceMs } = health
  const startedMs = disabled!.sinceMs
  const sinceMs = failingSinceMs ?? startedMs
  const atMs = resolved?.atMs ?? startedMs
  const status = resolved === null ? 'firing' : 'resolved'
  const transition: AlertTransition = {
    ...{ tenant: installationTenant, rule, subject: endpointSubject(endpoint), number, severity },
    ...{ kind: 'deadline', slice: 'all', kpi: null, unit: 'ms', labels, late: false },
    ...{ status, sinceMs, startedMs, value: atMs - sinceMs, limit: limitMs, detectedMs: atMs },
    ...{ endedMs: resolved?.atMs ?? null, end: resolved?.end ?? null },
  }
  const id = `post/${endpoint}/${number}/${status}`
  draft.send(id, installationTenant, { kind: 'transition', transition })
}
