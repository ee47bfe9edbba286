import type { Timer } from '@deskpulse/stream'
import { beginDelivery, endDelivery, endedBy } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { deliveryLimits } from './limits.ts'
import { ownNotice } from './notice-ref.ts'

/** The channel of an endpoint that is pinged says nothing of this notice; the list of messages does. */
const name = 'heartbeat'
const heartbeat = { alertId: name, rule: name, test: false, text: { en: name, zh: name } }

/**
 * Begins the next ping of an endpoint that is pinged, in the place of one that has not gone out. No
 * ping is tried twice, and none goes out once alerts cannot be told any more.
 * @param canTell else there is none
 */
export async function nextPing(draft: Draft, endpoint: Endpoint, canTell: boolean): Promise<void> {
  const { open, health } = endpoint
  for (const message of [...open.values()].filter(({ isRenewal }) => isRenewal)) {
    if (message.underWay) return
    await endDelivery(draft, endpoint, message, endedBy('newer-state', draft.nowMs))
  }
  if (!canTell || health.state === 'disabled') return
  const notice = ownNotice(endpoint.name, draft.nowMs, heartbeat)
  const kind = { test: false, asked: false, isRenewal: true }
  await beginDelivery(draft, endpoint, [notice], kind)
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

export function openPinging(options: PingingOptions): Pinging {
  const { timer, nowMs, canTell, everyMs, ping, failed } = options
  let isStopping = false
  let callOff = (): void => {}
  /** `-Infinity`: the last look was in vain, and the next one that is not is a ping. */
  let pingedMs = Number.NEGATIVE_INFINITY

  async function look(): Promise<void> {
    const can = await canTell()
    if (isStopping) return
    const sinceMs = nowMs() - pingedMs
    if (can && sinceMs >= 0 && sinceMs < everyMs) return
    if (can || sinceMs < Infinity) await ping(can)
    pingedMs = can ? nowMs() : Number.NEGATIVE_INFINITY
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
