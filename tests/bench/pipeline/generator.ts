// The load generator, a process of its own. `prepare` makes the events, `go` sends them and answers when every target has all of them.
import { setTimeout as pause } from 'node:timers/promises'
import { nowMs } from '../measuring/clock.ts'
import { dueAtMs, dueCount, historyAtMs, laneOf, linesOf, type Lane } from './lanes.ts'
import { openTarget, type OpenTarget, type Target } from './target.ts'

export type Load = {
  /** All of them get the same events, with the same times. */
  readonly to: readonly Target[]
  readonly tenants: readonly string[]
  readonly eventsPerTenant: number
  /** Of each tenant: events happen when they are due. `null`: all are due at once and happened before, when they were simulated. */
  readonly perSecond: number | null
}

export type Prepared = {
  readonly events: number
  readonly bytes: number
  /** By tenant: the places of the openings among its events. */
  readonly openings: Readonly<Record<string, readonly number[]>>
}
export type Sent = { readonly startMs: number; readonly endMs: number }
export type Order = { readonly kind: 'prepare'; readonly load: Load } | { readonly kind: 'go' }

const batchMax = 1_000
const tickMs = 2

let prepared: { readonly load: Load; readonly lanes: readonly Lane[] } | null = null

function prepare(load: Load): Prepared {
  const lanes = load.tenants.map((tenant, seed) => laneOf(tenant, seed + 1, load.eventsPerTenant))
  prepared = { load, lanes }
  return {
    events: lanes.reduce((sum, { events }) => sum + events.length, 0),
    bytes: lanes.reduce((sum, lane) => sum + Buffer.byteLength(linesOf(lane, 0, lane.events.length, () => 0)), 0),
    openings: Object.fromEntries(lanes.map(({ tenant, openings }) => [tenant, openings])),
  }
}

/**
 * Open loop: what is due is due whether or not the request before was answered, and then waits for it here, so that a tenant's events stay in order.
 * Whoever measures counts from when an event was due.
 */
async function send(targets: readonly OpenTarget[], perSecond: number | null, lane: Lane, startMs: number): Promise<void> {
  const rate = perSecond ?? Infinity
  for (let sent = 0; sent < lane.events.length;) {
    const due = Math.min(dueCount(startMs, nowMs(), rate, lane.events.length), sent + batchMax)
    if (due === sent) {
      await pause(Math.max(tickMs, dueAtMs(startMs, sent, rate) - nowMs()))
      continue
    }
    const lines = linesOf(lane, sent, due, (place) =>
      perSecond === null ? historyAtMs(lane, startMs, place) : dueAtMs(startMs, place, rate),
    )
    const count = due - sent
    await Promise.all(targets.map((target) => target.send(lane.tenant, lines, count)))
    sent = due
  }
}

async function go(): Promise<Sent> {
  if (prepared === null) throw new Error('nothing is prepared')
  const { load, lanes } = prepared
  const targets = await Promise.all(load.to.map(openTarget))
  const startMs = nowMs()
  await Promise.all(lanes.map((lane) => send(targets, load.perSecond, lane, startMs)))
  const endMs = nowMs()
  await Promise.all(targets.map((target) => target.close()))
  return { startMs, endMs }
}

process.on('message', (order: Order) => {
  if (order.kind === 'prepare') process.send?.(prepare(order.load))
  else void go().then((sent) => process.send?.(sent))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
