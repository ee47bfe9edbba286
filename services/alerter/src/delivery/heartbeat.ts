import type { Notice } from '@deskpulse/contract'
import { endpointSubject, installationTenant } from '@deskpulse/core'
import type { Timer } from '@deskpulse/stream'
import type { DeliveryContext } from './context.ts'
import { coalesced, endDelivery, beginDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { deliveryLimits } from './limits.ts'

/**
 * The next ping of an endpoint that is pinged, in the place of one that has not gone out: none is tried twice, and none that alerts could not be told
 * any more goes out later.
 * @param canTell else there is none
 */
export async function nextPing(
  draft: Draft,
  endpoint: Endpoint,
  canTell: boolean,
  { limits }: DeliveryContext,
): Promise<void> {
  for (const message of [...endpoint.open.values()]) {
    if (message.isRenewal && message.underWay) return
    if (message.isRenewal)
      await endDelivery(draft, endpoint, message, coalesced('newer-state', draft.nowMs))
  }
  if (!canTell || endpoint.health.state === 'disabled') return
  await beginDelivery(
    draft,
    endpoint,
    [pingOf(endpoint.name, draft)],
    { test: false, asked: false, isRenewal: true },
    limits,
  )
}

/** A channel that is pinged says nothing of it; the list of messages does. */
function pingOf(endpoint: string, { nowMs }: Draft): Notice {
  return {
    ...{
      alertId: 'heartbeat',
      tenant: installationTenant,
      rule: 'heartbeat',
      subject: endpointSubject(endpoint),
      kind: 'deadline',
    },
    ...{
      severity: 'info',
      slice: 'all',
      kpi: null,
      value: null,
      limit: 0,
      unit: 'ms',
      labels: {},
      status: 'firing',
      late: false,
    },
    ...{ sinceMs: nowMs, startedMs: nowMs, endedMs: null, end: null, detectedMs: nowMs },
    ...{
      repeat: 0,
      url: null,
      acknowledgedBy: null,
      timeZone: 'UTC',
      test: false,
      text: { en: 'heartbeat', zh: 'heartbeat' },
    },
  }
}

/** Looks, as soon as it begins and often, whether alerts can be told, and pings every so long. */
export type Pinging = { begin(): void; stop(): void }

export type PingingOptions = {
  readonly timer: Timer
  readonly nowMs: () => number
  /** Never rejects. */
  readonly canTell: () => Promise<boolean>
  readonly everyMs: number
  readonly ping: (canTell: boolean) => Promise<void>
  readonly failed: (error: unknown) => void
}

export function openPinging({
  timer,
  nowMs,
  canTell,
  everyMs,
  ping,
  failed,
}: PingingOptions): Pinging {
  let isStopping = false
  let callOff = (): void => {}
  /** `null`: the last look was in vain, and the next one that is not is a ping. */
  let pingedMs: number | null = null

  async function look(): Promise<void> {
    const can = await canTell()
    if (isStopping) return
    const sinceMs = pingedMs === null ? Infinity : nowMs() - pingedMs
    if (can && sinceMs >= 0 && sinceMs < everyMs) return
    if (can || pingedMs !== null) await ping(can)
    pingedMs = can ? nowMs() : null
  }

  function begin(): void {
    if (isStopping) return
    look().then(() => {
      if (!isStopping) callOff = timer.after(deliveryLimits.pingLookMs, begin)
    }, failed)
  }

  return {
    begin,
    stop() {
      isStopping = true
      callOff()
    },
  }
}
