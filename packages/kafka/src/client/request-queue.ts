import { createRequire } from 'node:module'

/** The parts of KafkaJS 2.2.4's RequestQueue that are used here. */
type RequestQueue = {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
}

const checkIntervalMs = 10

/**
 * KafkaJS looks for pending requests with a timer that it sets again from its own callback, also when there are none, and then to a negative time:
 * Node runs it every millisecond, on every connection, and from version 24 warns of it (TimeoutNegativeWarning, tulios/kafkajs#1751).
 * Requests are sent on as responses come in, so that the timer is needed only while some wait; that is all that this changes.
 */
export function quietRequestQueue(): void {
  const { prototype } = createRequire(import.meta.url)(
    'kafkajs/src/network/requestQueue/index.js',
  ) as { prototype: RequestQueue }
  if (typeof prototype.scheduleCheckPendingRequests !== 'function')
    throw new Error('this KafkaJS has another RequestQueue: see whether it still needs quieting')
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return
    const throttledMs = this.throttledUntil - Date.now()
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null
        this.checkPendingRequests()
      },
      throttledMs > 0 ? throttledMs : checkIntervalMs,
    )
  }
}
