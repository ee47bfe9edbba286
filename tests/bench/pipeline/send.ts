import { setTimeout as pause } from 'node:timers/promises'
import { nowMs } from '../measuring/clock.ts'
import { dueAtMs, dueCount } from './lanes.ts'
import type { OpenTarget } from './target.ts'

/** Where the events of one tenant come from. */
export type Supply = {
  readonly tenant: string
  readonly count: number
  /** NDJSON of the events from `from` to before `to`. Asked for in order, each once. */
  lines(from: number, to: number): string
}

const batchMax = 1_000
const tickMs = 2

/**
 * Open loop: what is due is due whether or not the request before was answered, and then waits for it here, so that a tenant's events stay in order.
 * Whoever measures counts from when an event was due. Infinity per second: all are due at once.
 */
export async function sendWhenDue(
  targets: readonly OpenTarget[],
  supply: Supply,
  perSecond: number,
  startMs: number,
): Promise<void> {
  for (let sent = 0; sent < supply.count;) {
    const due = Math.min(dueCount(startMs, nowMs(), perSecond, supply.count), sent + batchMax)
    if (due === sent) {
      await pause(Math.max(tickMs, dueAtMs(startMs, sent, perSecond) - nowMs()))
      continue
    }
    const lines = supply.lines(sent, due)
    const count = due - sent
    await Promise.all(targets.map((target) => target.send(supply.tenant, lines, count)))
    sent = due
  }
}
