import type { DeliveryContext } from './context.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { sendEndpointAlert } from './endpoint-alert.ts'
import { enabledAgain, type Health } from './health.ts'

/** The endpoint's health is another; that it is disabled by this is told as an alert. */
export function changeHealth(
  draft: Draft,
  endpoint: Endpoint,
  health: Health,
  { telemetry }: DeliveryContext,
): void {
  const wasDisabled = endpoint.health.state === 'disabled'
  endpoint.health = health
  if (wasDisabled || health.disabled === null) return
  sendEndpointAlert(draft, endpoint.name, health, null)
  telemetry.disabled(endpoint.name, health.disabled.reason)
}

/** It is taken for healthy: what waits goes out, what failed is tried again at once, what fires is told again where that is done at all. If it was disabled, the alert about that ends. */
export function enable(
  draft: Draft,
  endpoint: Endpoint,
  end: 'over' | 'withdrawn',
  { telemetry }: DeliveryContext,
): void {
  const { health, name } = endpoint
  endpoint.health = enabledAgain(health)
  for (const message of endpoint.open.values()) message.dueMs = draft.nowMs
  endpoint.renewed.allDue()
  if (health.state !== 'disabled') return
  sendEndpointAlert(draft, name, health, { atMs: draft.nowMs, end })
  telemetry.enabled(name)
}
